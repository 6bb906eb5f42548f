"""Where do visitors leave, how long do they take, and what does it cost? analytics/funnel_chain.py states the rule."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from analytics import calendar, funnel_chain, funnel_money, funnel_units, numbers
from analytics.calendar import Granularity
from analytics.funnel_definition import CHECKOUT, PAGES, Definition, Exclusion, Step
from analytics.funnel_units import BREAKDOWNS, Units
from analytics.scope import Scope
from stores import clickhouse
from stores.clickhouse import Sql


@dataclass(frozen=True)
class Reached:
    """One step: how many reached it, and what became of them."""

    label: str
    count: int
    share: float | None  # of those who took the first step
    step_share: float | None  # of those who reached the step before that is not optional; of the first step 1
    left: int  # for whom it was the last step; 0 of the last one
    left_share: float | None  # of those who reached it
    median_ms: int | None  # to the next step they reached, of those who reached one
    revenue_lost: Decimal | None  # by those who left, docs/metrics.md; None where no money can be named


@dataclass(frozen=True)
class Group:
    """The steps of those with one value of the breakdown; '' is those without one."""

    value: str
    steps: list[Reached]


@dataclass(frozen=True)
class Funnel:
    """`total` took the first step; with a breakdown, `groups` in the order of their size."""

    steps: list[Reached]
    groups: list[Group]
    unit: str
    total: int
    average_order: Decimal | None  # of those who reached the last step
    revenue: Decimal  # of those


@dataclass(frozen=True)
class Rate:
    """Of those who took the first step in one bucket, how many reached the last one."""

    start: datetime
    complete: bool
    group: str | None  # None without a breakdown
    entered: int
    converted: int
    share: float | None


def run(scope: Scope, definition: Definition, *, breakdown: str | None = None, details: bool = True) -> Funnel:
    """The steps of the funnel in order, for all and, with `breakdown` (one of BREAKDOWNS), for each of its values.

    Sessions belong to the period in which they start; a visitor's and a person's steps are those of their sessions in it.
    Without `details` median_ms and revenue_lost are None, which is quicker. Raises Invalid for an unknown breakdown.
    """
    units = funnel_units.of(scope, definition, breakdown=breakdown)
    return roll_up(units, definition, by_group=breakdown is not None, details=details)


STEPS_SQL = """
SELECT $grouped AS is_total, grp, step.1 AS number, count() AS reached_here, countIf(number = level) AS left_here $details
FROM (
    SELECT grp, cart_value, revenue, orders, reached[-1] AS level,
        arrayJoin(arrayZip(reached, arrayPushBack(arrayMap(wait -> toInt64(wait), waits), -1))) AS step
    FROM ($units)
)
GROUP BY $grouping"""

DETAILS = Sql(""",
    quantileExactInclusiveIf(0.5)(step.2, step.2 >= 0) AS median_ms,
    sumIf(cart_value, number = level) AS carts, countIf(number = level AND cart_value = 0) AS cartless,
    sumIf(revenue, number = {last:UInt8}) AS revenue, sumIf(orders, number = {last:UInt8}) AS orders""")

ALL = {"grouped": Sql("1"), "grouping": Sql("grp, number")}
BY_GROUP = {"grouped": Sql("grouping(grp)"), "grouping": Sql("GROUPING SETS ((number), (number, grp))")}


def roll_up(units: Units, definition: Definition, *, by_group: bool, details: bool) -> Funnel:
    """The Funnel of the rows of `units`."""
    grouping = BY_GROUP if by_group else ALL
    params = units.params | {"last": len(definition.steps)}
    rows = clickhouse.query(
        STEPS_SQL, params, settings=funnel_chain.SETTINGS, units=units.rows, details=DETAILS if details else Sql(""), **grouping
    )
    steps, average_order, revenue = _steps(definition, [row for row in rows if row["is_total"]], details)
    groups = defaultdict(list)
    for row in rows:
        if by_group and not row["is_total"]:
            groups[row["grp"]].append(row)
    listed = [Group(value, _steps(definition, some, details)[0]) for value, some in groups.items()]
    listed.sort(key=lambda group: (-group.steps[0].count, group.value))
    return Funnel(steps, listed, definition.unit, steps[0].count, average_order, revenue)


def _steps(definition: Definition, rows: Iterable[dict], details: bool) -> tuple[list[Reached], Decimal | None, Decimal]:
    by_number = {row["number"]: row for row in rows}
    last = by_number.get(len(definition.steps), {})
    average_order = numbers.money_ratio(last.get("revenue", Decimal(0)), last.get("orders", 0))
    steps = [_reached(definition, number, by_number, average_order, details) for number in range(1, len(definition.steps) + 1)]
    return steps, average_order, last.get("revenue", Decimal(0))


def _reached(definition: Definition, number: int, rows: dict[int, dict], average_order: Decimal | None, details: bool) -> Reached:
    row, final = rows.get(number, {}), number == len(definition.steps)
    count, left = row.get("reached_here", 0), 0 if final else row.get("left_here", 0)
    median, lost = row.get("median_ms"), None
    if details and not final:
        who = funnel_money.Left(left, row.get("cartless", 0), row.get("carts", Decimal(0)))
        lost = funnel_money.lost(who, count, rows.get(len(definition.steps), {}).get("reached_here", 0), average_order)
    return Reached(
        label=definition.steps[number - 1].label,
        count=count,
        share=numbers.ratio(count, rows.get(1, {}).get("reached_here", 0)),
        step_share=numbers.ratio(count, rows.get(_required_before(definition, number), {}).get("reached_here", 0)),
        left=left,
        left_share=numbers.ratio(left, count),
        median_ms=None if median is None or median != median else round(median),
        revenue_lost=lost,
    )


def _required_before(definition: Definition, number: int) -> int:
    return max((n for n in range(1, number) if not definition.steps[n - 1].optional), default=1)


def over_time(scope: Scope, definition: Definition, granularity: Granularity, breakdown: str | None = None) -> list[Rate]:
    """The share that reached the last step by the hour, day, week or month of the first one, per value of `breakdown`; no gaps.

    Groups in the order of their size, within them the buckets in order. Raises Invalid for an unknown breakdown or granularity.
    """
    return rates(scope, funnel_units.of(scope, definition, breakdown=breakdown), definition, granularity, by_group=breakdown is not None)


RATES_SQL = """
SELECT $bucket AS bucket, grp, count() AS entered, countIf(reached[-1] = {last:UInt8}) AS converted
FROM ($units)
GROUP BY bucket, grp"""


def rates(scope: Scope, units: Units, definition: Definition, granularity: Granularity, *, by_group: bool) -> list[Rate]:
    """The Rates of the rows of `units`."""
    buckets = calendar.buckets(scope, granularity)
    params = units.params | {"last": len(definition.steps)}
    bucket = calendar.key(granularity, "entered_at")
    rows = clickhouse.query(RATES_SQL, params, settings=funnel_chain.SETTINGS, units=units.rows, bucket=bucket)
    counted = {(row["grp"], row["bucket"]): row for row in rows}
    sizes = defaultdict(int)
    for row in rows:
        sizes[row["grp"]] += row["entered"]
    groups = sorted(sizes, key=lambda value: (-sizes[value], value)) or ([] if by_group else [""])
    return [_rate(b, group if by_group else None, counted.get((group, b.key), {})) for group in groups for b in buckets]


def _rate(bucket: calendar.Bucket, group: str | None, row: dict) -> Rate:
    entered, converted = row.get("entered", 0), row.get("converted", 0)
    return Rate(bucket.start, bucket.complete, group, entered, converted, numbers.ratio(converted, entered))


__all__ = ["BREAKDOWNS", "CHECKOUT", "PAGES", "Definition", "Exclusion", "Funnel", "Group", "Rate", "Reached", "Step", "over_time", "run"]
