"""Who comes to the shop because of one day? Its visits, and the later visits of those who came for the first time."""

from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from demo import catalogue, people, stories
from demo.plan import HOURS, SESSIONS_A_DAY, Plan, midnight_s, traffic
from demo.technology import AGENTS, ALL_WAYS, BOTS, WAYS

ANONYMOUS_SHARE = 0.52  # of the day's visits are first visits of browsers we do not know
RETURNING_SHARE = 0.24  # of them come back
BOTS_A_DAY = 7
KNOWN, ANONYMOUS, BOT = 0, 1, 2

HOUR_CHANCE = np.array(HOURS) / sum(HOURS)
DEVICE_ZEAL = {"desktop": 1.25, "mobile": 0.80, "tablet": 1.00}
AGENT_ZEAL = np.array([DEVICE_ZEAL[agent.device] for agent in AGENTS])
LIGHT_EVENINGS, CLIP_CAMPAIGN = len(WAYS), len(WAYS) + 1


@dataclass(frozen=True)
class Visits:
    """Columns, one entry a visit."""

    start_s: np.ndarray  # seconds since 1970
    kind: np.ndarray  # KNOWN, ANONYMOUS, BOT
    person: np.ndarray  # index into People, -1 for somebody we do not know
    visitor: np.ndarray  # the browser's id
    session: np.ndarray
    agent: np.ndarray  # index into AGENTS; into BOTS for a bot
    country: np.ndarray
    way: np.ndarray  # index into ALL_WAYS
    favourite: np.ndarray
    zeal: np.ndarray
    joins: np.ndarray  # registers at the checkout

    def __len__(self) -> int:
        return len(self.start_s)

    def take(self, chosen: np.ndarray) -> "Visits":
        """The visits at `chosen`."""
        return Visits(**{f.name: getattr(self, f.name)[chosen] for f in fields(self)})


def of_day(plan: Plan, day: date) -> Visits:
    """Everybody who comes because of `day`, unordered; some visits of newcomers start up to three weeks later."""
    rng = plan.rng("visits", plan.offset(day) + 10_000)
    # A newspaper wrote about the shop just before the weekend on which iPhones could not pay.
    busy = traffic(plan, day) * (1.4 if day in stories.error_weekend(plan) else 1.0)
    parts = [
        _customers(plan, day, busy, rng),
        _strangers(rng, day, int(rng.poisson(SESSIONS_A_DAY * ANONYMOUS_SHARE * busy)), rng.choice(len(WAYS), 4000, p=people.WAY_SHARES)),
        _bots(rng, day, int(rng.poisson(BOTS_A_DAY))),
        *_campaigns(plan, day, busy, rng),
    ]
    return _join(parts)


def guests(plan: Plan, day: date, start_s: float, count: int, rng: np.random.Generator) -> Visits:
    """`count` further visits that begin about `start_s`: a third by customers, the others by strangers. Nobody returns or registers."""
    customers = _of_people(plan, _active(plan, day, rng, count // 3), day, rng)
    strangers = _strangers(rng, day, count - count // 3, rng.choice(len(WAYS), count, p=people.WAY_SHARES), returning=0.0)
    visits = _join([customers, strangers])
    visits.start_s[:] = start_s + rng.random(len(visits)) * 10
    return visits


def _customers(plan: Plan, day: date, busy: float, rng: np.random.Generator) -> Visits:
    """Those for whom it is time to look in again, and those who become customers today."""
    everybody = people.load(plan)
    offset = plan.offset(day)
    is_active = (everybody.joined < offset) & (offset <= everybody.left)
    comes = is_active & (rng.random(len(is_active)) < np.minimum(0.9, busy / everybody.cadence))
    again = comes & (rng.random(len(comes)) < 0.12)
    joining = np.flatnonzero(everybody.joined == offset)
    visits = _of_people(plan, np.concatenate([np.flatnonzero(comes), np.flatnonzero(again), joining]), day, rng)
    if len(joining):
        visits.joins[-len(joining) :] = True
        visits.zeal[-len(joining) :] *= 5
    return visits


def _of_people(plan: Plan, chosen: np.ndarray, day: date, rng: np.random.Generator) -> Visits:
    everybody = people.load(plan)
    count = len(chosen)
    is_second = rng.random(count) < 0.2
    usual = everybody.agent[chosen]
    agent = np.where(is_second, people.SECOND_AGENT[usual], usual)
    own_hour = everybody.hour[chosen] + rng.integers(-1, 2, count)
    hour = np.where(rng.random(count) < 0.55, own_hour, rng.choice(24, count, p=HOUR_CHANCE))
    return Visits(
        start_s=midnight_s(day) + (hour + rng.random(count)) * 3600,
        kind=np.full(count, KNOWN),
        person=chosen,
        visitor=np.char.add(everybody.user_id[chosen], np.where(is_second, "-b", "-a")).astype(object),
        session=_names(rng, count),
        agent=agent,
        country=everybody.country[chosen],
        way=np.where(rng.random(count) < 0.6, everybody.way[chosen], rng.choice(len(WAYS), count, p=people.WAY_SHARES)),
        favourite=everybody.favourite[chosen],
        zeal=everybody.zeal[chosen] * AGENT_ZEAL[agent] * 1.55,
        joins=np.zeros(count, dtype=bool),
    )


def _strangers(rng: np.random.Generator, day: date, count: int, ways: np.ndarray, *, returning: float = RETURNING_SHARE) -> Visits:
    """First visits of `count` browsers, and up to three later ones of those who return; they come back directly or by a search."""
    agent = rng.choice(len(AGENTS), count, p=people.AGENT_SHARES)
    hour = rng.choice(24, count, p=HOUR_CHANCE)
    first = Visits(
        start_s=midnight_s(day) + (hour + rng.random(count)) * 3600,
        kind=np.full(count, ANONYMOUS),
        person=np.full(count, -1),
        visitor=_names(rng, count),
        session=_names(rng, count),
        agent=agent,
        country=rng.choice(len(people.COUNTRIES), count, p=people.COUNTRY_SHARES),
        way=ways[:count],
        favourite=rng.integers(0, len(catalogue.load().categories), count),
        zeal=np.clip(rng.lognormal(-1.05, 0.55, count), 0.05, 2.0) * AGENT_ZEAL[agent],
        joins=np.zeros(count, dtype=bool),
    )
    times = np.where(rng.random(count) < returning, rng.integers(1, 4, count), 0)
    later = first.take(np.repeat(np.arange(count), times))
    later.start_s[:] += np.clip(rng.lognormal(np.log(2.5), 0.9, len(later)), 0.1, 20) * 86_400
    later.session[:] = _names(rng, len(later))
    later.way[:] = np.where(rng.random(len(later)) < 0.6, 0, 1)
    later.zeal[:] *= 1.7
    return _join([first, later])


def _bots(rng: np.random.Generator, day: date, count: int) -> Visits:
    visits = _strangers(rng, day, count, np.zeros(count, dtype=int), returning=0.0)
    visits.kind[:] = BOT
    visits.agent[:] = rng.integers(0, len(BOTS), count)
    return visits


def _campaigns(plan: Plan, day: date, busy: float, rng: np.random.Generator) -> list[Visits]:
    offset = plan.offset(day)
    found = []
    if offset in stories.LIGHT_EVENINGS:
        fresh = 1.6 - 0.12 * (offset - stories.LIGHT_EVENINGS.start)  # a letter is read on its first days
        visits = _of_people(plan, _active(plan, day, rng, int(34 * fresh)), day, rng)
        visits.way[:] = LIGHT_EVENINGS
        visits.favourite[:] = 0
        visits.zeal[:] *= 1.9
        found.append(visits)
    if offset in stories.CLIP_CAMPAIGN:
        visits = _strangers(rng, day, int(90 * busy), np.full(int(90 * busy), CLIP_CAMPAIGN), returning=0.03)
        visits.zeal[:] *= 0.18
        found.append(visits)
    return found


def _active(plan: Plan, day: date, rng: np.random.Generator, count: int) -> np.ndarray:
    everybody = people.load(plan)
    offset = plan.offset(day)
    active = np.flatnonzero((everybody.joined < offset) & (offset <= everybody.left))
    return rng.choice(active, min(count, len(active)), replace=False)


def _names(rng: np.random.Generator, count: int) -> np.ndarray:
    raw = rng.bytes(8 * count).hex()
    return np.array([raw[16 * n : 16 * n + 16] for n in range(count)], dtype=object)


def _join(parts: list[Visits]) -> Visits:
    return Visits(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Visits)})


assert len(ALL_WAYS) == len(WAYS) + 2
