"""Where did those go who left, and what happened before?"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from analytics import funnel, funnel_chain, funnel_units, insights, numbers
from analytics.funnel import Definition, Reached
from analytics.scope import Scope
from stores import clickhouse
from stores.clickhouse import Sql, paste

PAGES_SHOWN = 5
LEFT_THE_SITE = "left the site"

# The first that holds is a unit's one reason, so the reasons of a drop-off add up to those who left.
REASONS = {
    "error": "Met an error",
    "low_rating": "Gave a rating of 2 or less",
    "out_of_stock": "Found it out of stock",
}


@dataclass(frozen=True)
class Reason:
    reason: str
    count: int
    share: float  # of those who left here


@dataclass(frozen=True)
class DropOff:
    """Those for whom one step was the last. Lists are (label, count, share of those who left here), largest first."""

    from_label: str
    to_label: str  # the next step that is not optional
    left: int
    left_share: float | None  # of those who reached the step
    revenue_lost: Decimal | None
    went_to: list[tuple[str, int, float]]  # the next other page type of the session, or LEFT_THE_SITE
    last_pages: list[tuple[str, int, float]]  # where that session ended
    reasons: list[Reason]  # one each, so they add up to `left`
    insight: str


def run(scope: Scope, definition: Definition) -> list[DropOff]:
    """One DropOff for each step but the last, in the order of the steps.

    What is told of visitors and persons is of the session in which they took their last step.
    """
    found = funnel.run(scope, definition)
    causes, pages = _counted(scope, definition)
    return [_drop_off(scope, definition, found.steps, number, causes, pages) for number in range(1, len(definition.steps))]


def bottleneck(dropoffs: list[DropOff]) -> DropOff:
    """The drop-off that costs most; where no money can be named, the one at which most left."""
    return max(dropoffs, key=lambda dropoff: (dropoff.revenue_lost or Decimal(0), dropoff.left))


# `place` is where the last reached step stands in the session's arrays.
# TRICKY: `own_type` comes from a select of its own, for a lambda copies the arrays that it mentions once for each element.
# TRICKY: those who reached the last step are counted along and left out in Python. A condition on `level` would be pushed down
# into the chain, where the planner unfolds it without end.
LEAVERS_SQL = """
SELECT level, grouping(page) = 0 AS by_page, went_to, reason, page, count() AS left_here
FROM (
    SELECT level, page, arrayFirst(type -> type != '' AND type != own_type, types_after) AS went_to,
        multiIf(has(events_after, 'error'), 'error', low_rating, 'low_rating',
            has(events_after, 'out_of_stock'), 'out_of_stock', '') AS reason
    FROM (
        SELECT reached[-1] AS level, exit_page AS page, low_rating, page_types[place] AS own_type,
            arraySlice(events, place + 1) AS events_after, arraySlice(page_types, place + 1) AS types_after
        FROM ($leavers)
    )
)
GROUP BY GROUPING SETS ((level, went_to, reason), (level, page))
ORDER BY left_here DESC, page
LIMIT 200 BY level, by_page"""

SESSION_COLUMNS = ("events", "page_types", "exit_page", "low_rating")

# A visitor's last step is found again in the session of that time with an event at that place.
LAST_SESSIONS_SQL = """
SELECT reached, place, exit_page, low_rating, events, page_types
FROM ($units) AS units
INNER JOIN (
    SELECT $key AS unit, toUnixTimestamp64Milli(started_at) AS session_ms, ms, exit_page, low_rating, events, page_types
    FROM sessions FINAL WHERE $scope
) AS last_sessions USING (unit)
WHERE place <= length(ms) AND ended_ms - session_ms = ms[place]"""


def _counted(scope: Scope, definition: Definition) -> tuple[dict[int, list[dict]], dict[int, list[dict]]]:
    """Rows of those who left by the number of their last step: by cause, and by the page on which the session ended."""
    by_session = definition.unit == "session"
    units = funnel_units.of(scope, definition, more=SESSION_COLUMNS if by_session else ())
    leavers = units.rows if by_session else _last_sessions(scope, definition, units.rows)
    causes, pages = defaultdict(list), defaultdict(list)
    for row in clickhouse.query(LEAVERS_SQL, units.params, settings=funnel_chain.SETTINGS, leavers=leavers):
        (pages if row["by_page"] else causes)[row["level"]].append(row)
    return causes, pages


def _last_sessions(scope: Scope, definition: Definition, units: Sql) -> Sql:
    return Sql(paste(LAST_SESSIONS_SQL, {"units": units, "key": Sql(funnel_units.UNIT_KEYS[definition.unit]), "scope": scope.sessions}))


def _drop_off(scope: Scope, definition: Definition, steps: list[Reached], number: int, causes: dict, pages: dict) -> DropOff:
    step = steps[number - 1]
    following = next(n for n in range(number, len(steps)) if not definition.steps[n].optional)
    went, reasons = Counter(), Counter()
    for row in causes[number]:
        went[row["went_to"] or LEFT_THE_SITE] += row["left_here"]
        reasons[_reason(row)] += row["left_here"]
    last_pages = Counter({row["page"] or "unknown": row["left_here"] for row in pages[number]})
    ranked = _shares(reasons, step.left)
    insight = insights.drop_off(step, steps[following].label, definition.unit, ranked[0] if ranked else None, scope.currency)
    return DropOff(
        from_label=step.label,
        to_label=steps[following].label,
        left=step.left,
        left_share=step.left_share,
        revenue_lost=step.revenue_lost,
        went_to=_shares(went, step.left),
        last_pages=_shares(last_pages, step.left)[:PAGES_SHOWN],
        reasons=[Reason(*reason) for reason in ranked],
        insight=insight,
    )


def _reason(row: dict) -> str:
    if row["reason"]:
        return REASONS[row["reason"]]
    return f"Went to {row['went_to']}" if row["went_to"] else LEFT_THE_SITE.capitalize()


def _shares(counted: Counter, whole: int) -> list[tuple[str, int, float]]:
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [(label, count, numbers.ratio(count, whole)) for label, count in ranked]
