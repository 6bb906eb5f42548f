"""Which way does a visit take through the shop? A walk over its pages, drawn for all visits at once, step by step."""

from dataclasses import dataclass

import numpy as np

from demo import catalogue
from demo.technology import ALL_WAYS
from demo.visiting import BOT, Visits

MAX_STEPS = 48

# state -> (median seconds spent, {next state: chance}); what is missing to 1 leaves.
WAYS_ON = {
    "home": (18, {"category": 0.40, "search": 0.25, "product": 0.17, "account": 0.03, "info": 0.03, "wishlist_page": 0.01}),
    "category": (24, {"product": 0.66, "category": 0.09, "search": 0.09, "home": 0.05}),
    "search": (20, {"product": 0.64, "search": 0.08, "no_result": 0.07, "category": 0.08}),
    "no_result": (14, {"search": 0.36, "category": 0.18, "home": 0.10, "feedback": 0.02}),
    "product": (34, {"product": 0.33, "add": 0.125, "category": 0.20, "search": 0.08, "wishlist": 0.025, "info": 0.02, "home": 0.03}),
    "sold_out": (20, {"product": 0.30, "category": 0.22, "search": 0.10, "feedback": 0.03}),
    "wishlist": (6, {"product": 0.50, "category": 0.30}),
    "wishlist_page": (20, {"product": 0.70, "home": 0.10}),
    "add": (6, {"cart": 0.52, "product": 0.30, "category": 0.12}),
    "cart": (26, {"checkout": 0.50, "remove": 0.08, "coupon": 0.03, "product": 0.12, "category": 0.09}),
    "coupon": (12, {"checkout": 0.75, "cart": 0.10}),
    "remove": (6, {"cart": 0.55, "product": 0.15, "category": 0.10}),
    "checkout": (42, {"shipping": 0.76, "cart": 0.06}),
    "shipping": (28, {"payment": 0.87, "cart": 0.02, "feedback": 0.01}),
    "payment": (40, {"pay": 0.91, "shipping": 0.02}),
    "pay": (9, {"purchase": 0.945, "error": 0.045}),
    "error": (24, {"pay": 0.34, "shipping": 0.10, "feedback": 0.18}),
    "purchase": (40, {"feedback": 0.16, "account": 0.12, "home": 0.08}),
    "feedback": (20, {"home": 0.12}),
    "account": (30, {"orders": 0.40, "home": 0.15, "category": 0.12, "wishlist_page": 0.12}),
    "orders": (35, {"home": 0.10, "info": 0.15, "category": 0.10}),
    "info": (45, {"product": 0.15, "category": 0.15, "home": 0.12, "cart": 0.03}),
}
STATES = tuple(WAYS_ON)
STATE = {name: number for number, name in enumerate(STATES)}
LEAVE = len(STATES)
LANDINGS = np.array([STATE["home"], STATE["category"], STATE["product"]])
# The steps at which a visit's own zeal counts.
EAGER = [(STATE["product"], STATE["add"]), (STATE["cart"], STATE["checkout"]), (STATE["cart"], STATE["coupon"])]

BOUNCE = np.array([0.34, 0.36, 0.36, 0.44, 0.46, 0.44, 0.24, 0.40, 0.18, 0.78])  # by way, of those we do not know


@dataclass(frozen=True)
class Steps:
    """Columns, one entry a step, ordered by visit and time."""

    visit: np.ndarray  # index into the visits
    state: np.ndarray
    before: np.ndarray  # the state of the visit's step before, -1 at the first
    category: np.ndarray
    product: np.ndarray
    at_s: np.ndarray
    alone: np.ndarray  # the visit's only step: it left before the page told more

    def __len__(self) -> int:
        return len(self.visit)


def walk(visits: Visits, rng: np.random.Generator, *, failing: np.ndarray, sold_out: int | None = None) -> Steps:
    """The steps of all visits. `failing` is each visit's extra chance that a payment fails; `sold_out` a product nobody can buy now."""
    state, category, product, active = _walk_all(visits, rng, failing, sold_out)
    seconds = _dwell(visits, rng, state)
    at = np.concatenate([np.zeros((len(visits), 1)), np.cumsum(seconds, axis=1)[:, :-1]], axis=1)
    before = np.concatenate([np.full((len(visits), 1), -1), state[:, :-1]], axis=1)
    visit, step = np.nonzero(active)
    alone = active.sum(axis=1) == 1
    columns = (grid[visit, step] for grid in (state, before, category, product, visits.start_s[:, None] + at))
    return Steps(visit, *columns, alone[visit])


def _walk_all(visits: Visits, rng: np.random.Generator, failing: np.ndarray, sold_out: int | None):
    """State, category and product of each visit at each step, and where it still walks: arrays (n_visits, MAX_STEPS)."""
    count = len(visits)
    bounces = rng.random(count) < np.where(visits.person >= 0, 0.18, BOUNCE[visits.way])
    bounces[visits.joins | (visits.kind == BOT)] = False
    state, category = _land(visits, rng)
    product = _product(rng, category)
    in_cart = np.zeros(count, dtype=int)
    walking = np.ones(count, dtype=bool)
    columns = []
    for _ in range(MAX_STEPS):
        category = _next_category(visits, rng, state, category)
        # Only a product's page shows another product; what follows (cart, wishlist, an answer) is about the one shown last.
        product = np.where(state == STATE["product"], _product(rng, category), product)
        state = np.where((state == STATE["product"]) & (product == sold_out), STATE["sold_out"], state) if sold_out is not None else state
        columns.append((state, category, product, walking))
        in_cart += np.where(state == STATE["add"], 1, 0) - np.where(state == STATE["remove"], 1, 0)
        following = _next(visits, rng, state, failing)
        needs_cart = np.isin(following, [STATE["checkout"], STATE["cart"], STATE["remove"], STATE["coupon"]])
        following = np.where(needs_cart & (in_cart <= 0), STATE["category"], following)
        following = np.where((state == STATE["add"]) & (following == LEAVE) & visits.joins, STATE["cart"], following)
        in_cart = np.where(state == STATE["purchase"], 0, in_cart)
        walking = walking & (following != LEAVE) & ~bounces
        state = np.where(walking, following, 0)
    return tuple(np.stack(column, axis=1) for column in zip(*columns, strict=True))


def _land(visits: Visits, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    chances = np.array([way.landing for way in ALL_WAYS]).cumsum(axis=1)[visits.way]
    landing = LANDINGS[np.minimum((rng.random(len(visits))[:, None] > chances).sum(axis=1), 2)]
    return landing, visits.favourite.copy()


def _next_category(visits: Visits, rng: np.random.Generator, state: np.ndarray, category: np.ndarray) -> np.ndarray:
    """Listings and searches choose what to look at: mostly the favourite, else anything."""
    chooses = np.isin(state, [STATE["category"], STATE["search"], STATE["home"]])
    anything = rng.integers(0, len(catalogue.load().categories), len(visits))
    fresh = np.where(rng.random(len(visits)) < 0.6, visits.favourite, anything)
    return np.where(chooses, fresh, category)


_last_products = catalogue.load().chance.cumsum(axis=1)


def _product(rng: np.random.Generator, category: np.ndarray) -> np.ndarray:
    return np.minimum((rng.random(len(category))[:, None] > _last_products[category]).sum(axis=1), _last_products.shape[1] - 1)


def _matrix() -> np.ndarray:
    matrix = np.zeros((len(STATES), len(STATES) + 1))
    for name, (_, following) in WAYS_ON.items():
        for other, chance in following.items():
            matrix[STATE[name], STATE[other]] = chance
    matrix[:, LEAVE] = 1 - matrix.sum(axis=1)
    return matrix


_CHANCES = _matrix()
_BOT_CHANCES = np.array([0.03 if s == "home" else 0.22 if s == "category" else 0.70 if s == "product" else 0.0 for s in STATES] + [0.05])


def _next(visits: Visits, rng: np.random.Generator, state: np.ndarray, failing: np.ndarray) -> np.ndarray:
    chances = _CHANCES[state]
    for here, there in EAGER:
        chances[:, there] *= np.where(state == here, visits.zeal, 1.0)
    is_paying = (state == STATE["pay"]) & (rng.random(len(state)) < failing)
    chances[is_paying] = 0
    chances[is_paying, STATE["error"]] = 1
    chances[visits.kind == BOT] = _BOT_CHANCES
    cumulated = (chances / chances.sum(axis=1, keepdims=True)).cumsum(axis=1)
    return np.minimum((rng.random(len(state))[:, None] > cumulated).sum(axis=1), LEAVE)


_SECONDS = np.array([seconds for seconds, _ in WAYS_ON.values()], dtype=float)


def _dwell(visits: Visits, rng: np.random.Generator, state: np.ndarray) -> np.ndarray:
    seconds = np.clip(_SECONDS[state] * rng.lognormal(0, 0.75, state.shape), 2, 1500)
    return np.where((visits.kind == BOT)[:, None], rng.uniform(0.8, 2.5, state.shape), seconds)
