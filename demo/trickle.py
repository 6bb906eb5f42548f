"""Live events for as long as the server runs: the plan's own, each at its time, and guests who make the first hour lively.

The plan alone is a small shop: an event or two a minute, fewer at night. So that somebody who just started the server sees live pages
live, guests come beside it: an event every two or three seconds at first, fewer and fewer as the day's allowance is used up. A server
that runs for days shows a shop whose today looks like its history, only a little busier.
"""

import heapq
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import structlog

from actions import tenants
from actions.event_schema import Event
from demo import load, marks, simulate
from demo.plan import HOURS, TENANT, ZONE, shop_day
from errors import Unavailable

TICK_S = 1.0
IN_THE_SHOP = timedelta(minutes=10)  # whoever came within it may still be there when the stream begins
AHEAD = timedelta(hours=6)  # how far the plan is worked out in advance
GUEST_EVENTS_A_DAY = 1_200
FADE_S = 45 * 60  # what is left of the allowance would last this long at the present rate
EVENTS_A_GUEST = 9.0

log = structlog.get_logger("demo")


def run(*, rate: float | None = None) -> None:
    """Load what is missing, then send live events until stopped; with `rate`, that many events a second all the time, for a showing."""
    tenants.demo()
    while True:
        try:
            if marks.read(TENANT).removed:
                time.sleep(5 * TICK_S)  # until somebody asks for the demo shop again
                continue
            load.bring_up_to_now()
            Stream(TENANT, rate=rate).run()
        except Unavailable as problem:
            log.warning("waiting for the stores", reason=problem.message)
            time.sleep(5 * TICK_S)


class Stream:
    """What is to be sent, in the order of time. Guests who are in the shop when it ends have left without a word."""

    def __init__(self, tenant: str, *, rate: float | None = None):
        noted = marks.read(tenant)
        self.tenant, self.rate, self.plan = tenant, rate, noted.plan
        self.until: datetime = noted.until  # planned events before it were sent
        self.worked_out = self.until  # and those before this stand in `waiting`
        self.guests, self.day = noted.guests_of(shop_day(datetime.now(UTC))), shop_day(datetime.now(UTC))
        self.waiting: list[tuple[int, int, bytes, Event]] = []
        self.chance = np.random.default_rng()  # how many guests come is left to chance; what they do follows from the plan
        self._open(datetime.now(UTC))

    def run(self) -> None:
        """Send what is due, every second, until somebody removes the shop."""
        while not marks.read(self.tenant).removed:
            started = time.monotonic()
            self.tick(datetime.now(UTC), TICK_S)
            time.sleep(max(0.0, TICK_S - (time.monotonic() - started)))

    def tick(self, now: datetime, passed_s: float) -> int:
        """Send what is due at `now`, `passed_s` after the tick before; how many events that were."""
        self._plan_ahead(now)
        self._invite(now, passed_s)
        due = self._due(now)
        if due:
            load.record(self.tenant, due)
            marks.set_until(self.tenant, now)
        self.until = now
        return len(due)

    def _open(self, now: datetime) -> None:
        """A shop is not empty when its doors are first seen: let those in who came a few minutes ago."""
        for ago in range(int(IN_THE_SHOP.total_seconds()), 0, -15):
            self._invite(now - timedelta(seconds=ago), 15)

    def _plan_ahead(self, now: datetime) -> None:
        if self.worked_out > now:
            return
        end = now + AHEAD
        for day in simulate.events(self.plan, self.worked_out, end):
            self._wait(day)
        self.worked_out = end

    def _invite(self, now: datetime, passed_s: float) -> None:
        """Let guests in, as many as the hour and what is left of the day's allowance suggest."""
        if (today := shop_day(now)) != self.day:
            self.day, self.guests = today, 0
        rate = self.rate or guest_rate(self.guests, now)
        count = int(self.chance.poisson(rate * passed_s / EVENTS_A_GUEST))
        if count:
            events = simulate.guests(self.plan, now, count)
            self._wait(events)
            self.guests += len(events)
            marks.set_guests(self.tenant, self.day, self.guests)

    def _wait(self, events: list[Event]) -> None:
        for event in events:
            heapq.heappush(self.waiting, (event.timestamp, event.seq, event.event_id, event))

    def _due(self, now: datetime) -> list[Event]:
        now_ms = now.timestamp() * 1000
        due = []
        while self.waiting and self.waiting[0][0] < now_ms:
            due.append(heapq.heappop(self.waiting)[-1])
        return due


def guest_rate(sent: int, now: datetime) -> float:
    """Guests' events a second when `sent` of the day's allowance came already; more in the evening than at night."""
    return max(0, GUEST_EVENTS_A_DAY - sent) / FADE_S * (0.6 + 0.4 * _liveliness(now))


def _liveliness(now: datetime) -> float:
    """How busy this hour is; 1.0 is the mean of the day."""
    hour = now.astimezone(ZoneInfo(ZONE)).hour
    return HOURS[hour] * 24 / sum(HOURS)
