"""Who are the customers? Names, e-mails and habits, the same for the whole history."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from demo import catalogue, names
from demo.plan import HISTORY_DAYS, Plan
from demo.technology import AGENTS, NEWSLETTER, WAYS

VETERANS = 820  # customers before the history begins
JOIN_A_DAY = 4
JOIN_DAYS_AHEAD = 120  # the running shop wins new customers for this long after the anchor
MAIL_DOMAINS = ("example.com", "example.org", "example.net")  # reserved: no letter can reach a real person

COUNTRIES = tuple(names.COUNTRIES)
COUNTRY_SHARES = np.array([names.COUNTRIES[country][0] for country in COUNTRIES])
AGENT_SHARES = np.array([agent.share for agent in AGENTS])
WAY_SHARES = np.array([way.share for way in WAYS])
# By agent: a phone's owner has a desktop as the second browser, and the other way round.
SECOND_AGENT = np.array([4, 4, 5, 4, 0, 1, 1, 0])


@dataclass(frozen=True)
class People:
    """Columns, one entry a customer. Days are offsets from the plan's anchor."""

    user_id: np.ndarray
    name: np.ndarray
    email: np.ndarray
    country: np.ndarray  # index into COUNTRIES
    agent: np.ndarray  # index into AGENTS: the usual browser
    way: np.ndarray  # index into WAYS: how they usually come
    favourite: np.ndarray  # index into the catalogue's categories
    cadence: np.ndarray  # days between two visits
    zeal: np.ndarray  # how much readier to buy than the mean
    hour: np.ndarray  # the shop's hour they like best
    remembered: np.ndarray  # stays signed in
    joined: np.ndarray  # the day of the first order
    left: np.ndarray  # the day they were last interested


@lru_cache(maxsize=4)
def load(plan: Plan) -> People:
    """The customers of this plan, those who join later included."""
    rng = plan.rng("people")
    newcomers = np.repeat(np.arange(1 - HISTORY_DAYS, JOIN_DAYS_AHEAD), JOIN_A_DAY)
    joined = np.concatenate([rng.integers(-900, -HISTORY_DAYS, VETERANS), newcomers])
    count = len(joined)
    country = rng.choice(len(COUNTRIES), count, p=COUNTRY_SHARES)
    full_names = _full_names(rng, country)
    cadence = np.clip(rng.lognormal(np.log(13), 0.8, count), 2.5, 90)
    return People(
        user_id=np.array([f"c{10_001 + n}" for n in range(count)]),
        name=np.array(full_names),
        email=np.array(_emails(rng, full_names)),
        country=country,
        agent=rng.choice(len(AGENTS), count, p=AGENT_SHARES),
        way=np.where(rng.random(count) < 0.3, NEWSLETTER, rng.choice(len(WAYS), count, p=WAY_SHARES)),
        favourite=rng.choice(len(catalogue.load().categories), count, p=_FAVOURITES),
        cadence=cadence,
        zeal=np.clip(rng.lognormal(0, 0.55, count), 0.3, 3.5),
        hour=rng.choice([8, 12, 17, 20, 21], count, p=[0.12, 0.18, 0.15, 0.30, 0.25]),
        remembered=rng.random(count) < 0.7,
        joined=joined,
        left=_left(rng, joined, cadence),
    )


_FAVOURITES = np.array([0.17, 0.09, 0.16, 0.15, 0.16, 0.11, 0.09, 0.07])


def _left(rng: np.random.Generator, joined: np.ndarray, cadence: np.ndarray) -> np.ndarray:
    """Every customer loses interest some day; a few veterans did so within the history, which is what churn looks like."""
    lifetime = rng.exponential(260, len(joined)) + 2 * cadence
    first_day = 1 - HISTORY_DAYS
    return np.maximum(joined, first_day) + lifetime.astype(int)


def _full_names(rng: np.random.Generator, country: np.ndarray) -> list[str]:
    pools = [(names.split(entry[3]), names.split(entry[4])) for entry in names.COUNTRIES.values()]
    luck = rng.random((len(country), 2)).tolist()
    return [" ".join(_pick(pools[place], lucky)) for place, lucky in zip(country, luck, strict=True)]


def _pick(pools: tuple[list[str], ...], luck: list[float]) -> list[str]:
    return [pool[int(share * len(pool))] for pool, share in zip(pools, luck, strict=True)]


def _emails(rng: np.random.Generator, full_names: list[str]) -> list[str]:
    """One address each: namesakes get a number, as mail providers do it."""
    taken: dict[str, int] = {}
    emails = []
    for full_name, domain in zip(full_names, rng.integers(0, len(MAIL_DOMAINS), len(full_names)), strict=True):
        address = _ascii(full_name).lower().replace(" ", ".")
        taken[address] = taken.get(address, 0) + 1
        number = taken[address] if taken[address] > 1 else ""
        emails.append(f"{address}{number}@{MAIL_DOMAINS[domain]}")
    return emails


def _ascii(text: str) -> str:
    for letter, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe"), ("ß", "ss")):
        text = text.replace(letter, plain)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
