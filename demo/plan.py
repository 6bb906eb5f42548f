"""Which history is simulated: a seed, the day its stories lead up to, and how busy each day is."""

import math
import zlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

TENANT = "demo_tenant"
ZONE = "Europe/Berlin"
HISTORY_DAYS = 90
SESSIONS_A_DAY = 243  # what makes about 250,000 events in 90 days

# Monday to Sunday: people furnish on Sunday evening.
WEEKDAYS = (1.00, 0.97, 0.95, 0.95, 0.90, 0.99, 1.24)
# The shop's hours, midnight first: a bump over lunch, the peak between 19 and 22.
HOURS = (1.2, 0.7, 0.4, 0.3, 0.3, 0.5, 1.3, 2.6, 3.8, 4.5, 5.0, 5.3, 6.0, 5.4, 4.8, 4.7, 4.9, 5.3, 6.1, 7.6, 8.9, 9.2, 7.0, 3.4)


@dataclass(frozen=True)
class Plan:
    """The same plan always gives the same events. `anchor` is the shop's last day of the history it was first loaded with."""

    anchor: date
    seed: int = 20

    @property
    def first_day(self) -> date:
        return self.anchor - timedelta(days=HISTORY_DAYS - 1)

    def offset(self, day: date) -> int:
        """Days from the anchor to `day`: 0 is the anchor, -89 the first day of the history, 1 the day after."""
        return (day - self.anchor).days

    def rng(self, name: str, *numbers: int) -> np.random.Generator:
        """The source of chance for one purpose. Each purpose has its own, so a change to one leaves the others as they were."""
        return np.random.default_rng([self.seed, self.anchor.toordinal(), zlib.crc32(name.encode()), *numbers])


def traffic(plan: Plan, day: date) -> float:
    """How busy `day` is; 1.0 is the mean of the history, whatever time of the year it ends in."""
    return _season(day) / _mean_season(plan)


def midnight_s(day: date) -> float:
    """The second since 1970 at which `day` begins in the shop's zone."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE)).timestamp()


def shop_day(moment: datetime) -> date:
    """The shop's day that `moment` falls on."""
    return moment.astimezone(ZoneInfo(ZONE)).date()


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)


def _season(day: date) -> float:
    """Home and living sells in the dark months: most in early December, least in June."""
    yearly = 1 + 0.22 * math.cos(2 * math.pi * (day.timetuple().tm_yday - 338) / 365)
    sale = 1.7 if 0 <= (day - black_friday(day.year)).days <= 3 else 1.0
    return WEEKDAYS[day.weekday()] * yearly * sale


def _mean_season(plan: Plan) -> float:
    days = [plan.first_day + timedelta(days=n) for n in range(HISTORY_DAYS)]
    return sum(map(_season, days)) / HISTORY_DAYS
