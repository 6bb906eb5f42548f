"""A funnel that somebody saved, answered from what was worked out when its sessions were recomputed."""

from dataclasses import dataclass

from analytics import funnel, funnel_units
from analytics.calendar import Granularity
from analytics.funnel import Definition, Funnel, Rate
from analytics.funnel_units import Units
from analytics.scope import Scope
from errors import Invalid
from stores.clickhouse import Sql, paste

# What funnel_sessions keeps of a session; other breakdowns are counted from the sessions themselves.
BREAKDOWNS = ("device", "channel", "country")


@dataclass(frozen=True)
class Saved:
    """A saved funnel as ClickHouse knows it: `number` is the funnel_id of its rows, which are complete once it `is_filled`."""

    number: int
    definition: Definition
    is_filled: bool


def run(scope: Scope, saved: Saved, *, breakdown: str | None = None, details: bool = True) -> Funnel:
    """The same Funnel as funnel.run gives. Visitors and persons are always counted from their sessions: their way depends on the period."""
    if not _is_kept(saved, breakdown):
        return funnel.run(scope, saved.definition, breakdown=breakdown, details=details)
    return funnel.roll_up(_units(scope, saved, breakdown), saved.definition, by_group=breakdown is not None, details=details)


def over_time(scope: Scope, saved: Saved, granularity: Granularity, breakdown: str | None = None) -> list[Rate]:
    """The same Rates as funnel.over_time gives."""
    if not _is_kept(saved, breakdown):
        return funnel.over_time(scope, saved.definition, granularity, breakdown)
    return funnel.rates(scope, _units(scope, saved, breakdown), saved.definition, granularity, by_group=breakdown is not None)


def _is_kept(saved: Saved, breakdown: str | None) -> bool:
    if breakdown is not None and breakdown not in funnel_units.BREAKDOWNS:
        raise Invalid(f"{breakdown!r} is no breakdown.", fields={"breakdown": [f"is one of {', '.join(funnel_units.BREAKDOWNS)}"]})
    return saved.is_filled and saved.definition.unit == "session" and (breakdown is None or breakdown in BREAKDOWNS)


KEPT_SQL = """
SELECT sh AS unit, started_at AS entered_at, $grp AS grp, cart_value, revenue, orders, reached, waits
FROM funnel_sessions FINAL
WHERE $scope AND funnel_id = {funnel:UInt64}"""


def _units(scope: Scope, saved: Saved, breakdown: str | None) -> Units:
    group = Sql(funnel_units.BREAKDOWNS[breakdown] if breakdown else "''")
    return Units(Sql(paste(KEPT_SQL, {"grp": group, "scope": scope.sessions})), scope.params | {"funnel": saved.number})
