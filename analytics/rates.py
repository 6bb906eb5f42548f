"""What share goes on from each step, how has that changed, and how does the whole move from day to day?"""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from analytics import funnel, numbers
from analytics.funnel import Definition, Reached
from analytics.scope import Scope


@dataclass(frozen=True)
class StepRate:
    """The share of those at `from_label` who reached `to_label`; `change` is relative to the comparison period: 0.1 is a tenth more."""

    from_label: str
    to_label: str
    share: float | None
    before: float | None
    change: float | None


@dataclass(frozen=True)
class Rates:
    """`history`: for each day of the shop the share of those who took the first step on it that reached the last; None where nobody did."""

    steps: list[StepRate]
    history: list[tuple[date, float | None]]


def run(scope: Scope, definition: Definition) -> Rates:
    """The rates of the period and of the one it is compared with, in the order of the steps, and those of each day."""
    now = funnel.run(scope, definition, details=False).steps
    before = funnel.run(scope.previous(), definition, details=False).steps
    zone = ZoneInfo(scope.tz)
    history = [(rate.start.astimezone(zone).date(), rate.share) for rate in funnel.over_time(scope, definition, "day")]
    return Rates([_rate(definition, now, before, number) for number in range(1, len(now))], history)


def _rate(definition: Definition, now: list[Reached], before: list[Reached], number: int) -> StepRate:
    origin = max(n for n in range(number) if not definition.steps[n].optional)
    share, earlier = now[number].step_share, before[number].step_share
    return StepRate(now[origin].label, now[number].label, share, earlier, numbers.change(share, earlier))
