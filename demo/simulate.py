"""The events of the demo shop in any period: the same plan and period always give the same events."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np

from actions.event_schema import Event
from demo import aftermath, baskets, catalogue, people, stories, tracking, visiting, walk
from demo.plan import Plan, midnight_s, shop_day
from demo.visiting import Visits

# What a day sets going ends within this many days: the last return visit starts within 20, the last refund follows an order within 27.
LONGEST_DAYS = 50


def events(plan: Plan, start: datetime, end: datetime) -> Iterator[list[Event]]:
    """The events with `start` <= time < `end`, a list for each of the shop's days, each in the order of time."""
    first = shop_day(start)
    waiting = [event for day in _days(first - timedelta(days=LONGEST_DAYS), first - timedelta(days=1)) for event in _later(plan, day)]
    for day in _days(first, shop_day(end)):
        waiting += of_day(plan, day)
        due_ms = min(_ms(end), int(midnight_s(day + timedelta(days=1)) * 1000))
        due = [event for event in waiting if event.timestamp < due_ms]
        waiting = [event for event in waiting if event.timestamp >= due_ms]
        if found := [event for event in due if event.timestamp >= _ms(start)]:
            yield sorted(found, key=_in_time)


def of_day(plan: Plan, day: date) -> list[Event]:
    """Everything that `day` sets going, some of it weeks later, unordered: the unit from which all periods are put together."""
    offset = plan.offset(day)
    rng = plan.rng("events", offset + 10_000)
    # Nothing follows from the orders before the history: a refund of an order that nobody recorded would explain nothing.
    return _play(plan, day, visiting.of_day(plan, day), rng, prefix=f"LO{day:%y%m%d}", follows=day >= plan.first_day)


@lru_cache(maxsize=2 * LONGEST_DAYS)
def _later(plan: Plan, day: date) -> tuple[Event, ...]:
    """What `day` sets going after its end: a few hundred events. Kept, because the trickle asks again every few hours."""
    end_ms = midnight_s(day + timedelta(days=1)) * 1000
    return tuple(event for event in of_day(plan, day) if event.timestamp >= end_ms)


def guests(plan: Plan, moment: datetime, count: int) -> list[Event]:
    """The events of `count` further visits that begin at `moment`, in the order of time; nothing follows from them later."""
    day, start_ms = shop_day(moment), _ms(moment)
    rng = plan.rng("guests", start_ms)
    visits = visiting.guests(plan, day, start_ms / 1000, count, rng)
    # No two calls share a millisecond, so no two orders share a number.
    found = _play(plan, day, visits, rng, prefix=f"LX{np.base_repr(start_ms, 36)}-", follows=False)
    return sorted(found, key=_in_time)


def _play(plan: Plan, day: date, visits: Visits, rng: np.random.Generator, *, prefix: str, follows: bool) -> list[Event]:
    offset = plan.offset(day)
    sold_out = catalogue.load().index(stories.SOLD_OUT_PRODUCT) if offset in stories.SOLD_OUT else None
    failing = np.where(visits.kind == visiting.BOT, 0, stories.payment_fails(plan, day, visits.agent))
    steps = walk.walk(visits, rng, failing=failing, sold_out=sold_out)
    countries = [people.COUNTRIES[country] for country in visits.country]
    coupons = [baskets.offered_coupon(day, way, joins=joins) for way, joins in zip(visits.way.tolist(), visits.joins.tolist(), strict=True)]
    carts = baskets.replay(steps, visits, rng.random(len(steps)).tolist(), countries=countries, coupons=coupons, prefix=prefix)
    who = tracking.senders(plan, visits)
    found = tracking.events(plan, offset, visits, steps, carts, who, rng)
    return found + aftermath.follow(tracking.orders(carts), who, offset, rng) if follows else found


def _in_time(event: Event) -> tuple[int, int, bytes]:
    return event.timestamp, event.seq, event.event_id


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
