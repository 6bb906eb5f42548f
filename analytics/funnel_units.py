"""Who went through a funnel: one row a session, visitor or person, as a query that other questions build on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from analytics import funnel_chain, funnel_marks, funnel_properties
from analytics.funnel_definition import Definition
from analytics.scope import Scope
from errors import Invalid
from stores import clickhouse
from stores.clickhouse import Sql, paste

BREAKDOWNS = {
    "device": "device_type",
    "channel": "channel",
    "country": "country",
    "browser": "browser",
    "os": "os",
    "region": "region",
    "source": "source",
    "medium": "medium",
    "campaign": "campaign",
}
MS = timedelta(milliseconds=1)
NO_WINDOW_MS = 2**62

# Packed times of visitors have 38 bits: see PACKED.
LONGEST_PERIOD = timedelta(days=365 * 8)
UNIT_KEYS = {"visitor": "vh", "person": "ph"}


@dataclass(frozen=True)
class Selection:
    """Which sessions: a condition on `sessions` with what it binds, and the period that holds their starts."""

    where: Sql
    params: dict
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Units:
    """A query for rows of `unit, entered_at, grp, cart_value, revenue, orders, reached, waits, place` and the columns asked for.

    Rows of visitors and persons have `ended_ms`, the Unix time of the last reached step.
    """

    rows: Sql
    params: dict


def of(scope: Scope, definition: Definition, *, breakdown: str | None = None, more: tuple[str, ...] = ()) -> Units:
    """The units of the scope that took the first step.

    reached: the numbers of their steps, from 1; waits: the ms from each to the next; grp: the value of `breakdown`, '' without one.
    `more` are further columns of `sessions`, for funnels by session. Raises Invalid for an unknown breakdown.
    """
    return of_selection(Selection(scope.sessions, scope.params, scope.start, scope.end), definition, breakdown=breakdown, more=more)


def of_selection(chosen: Selection, definition: Definition, *, breakdown: str | None = None, more: tuple[str, ...] = ()) -> Units:
    """The same for any sessions."""
    if breakdown is not None and breakdown not in BREAKDOWNS:
        raise Invalid(f"{breakdown!r} is no breakdown.", fields={"breakdown": [f"is one of {', '.join(BREAKDOWNS)}"]})
    marks = funnel_marks.of(definition)
    window = NO_WINDOW_MS if definition.window is None else definition.window // MS
    params = chosen.params | marks.params | {"window_ms": window, "origin_ms": int(chosen.start.timestamp() * 1000)}
    group = Sql(BREAKDOWNS[breakdown] if breakdown else "''")
    if definition.unit == "session":
        return Units(_sessions(chosen, definition, marks, group, more), params)
    return Units(_visitors(chosen, definition, marks, group), params)


SESSIONS_SQL = """
SELECT sh AS unit, started_at AS entered_at, $grp AS grp, cart_value, revenue, order_count AS orders, $more
    ms AS ts, $hits AS hits, arrayEnumerate(ms) AS places
FROM $sessions
WHERE $scope AND $length"""

ALL = Sql("1")
SHORT = Sql("ended_at <= started_at + toIntervalMillisecond({window_ms:UInt64})")
LONG = Sql("ended_at > started_at + toIntervalMillisecond({window_ms:UInt64})")


def _sessions(chosen: Selection, definition: Definition, marks: funnel_marks.Marks, group: Sql, more: tuple[str, ...]) -> Sql:
    """Only sessions longer than the window need more than their first chain, and there are seldom any."""
    carried = ("unit", "entered_at", "grp", "cart_value", "revenue", "orders", *more)
    fragments = {"grp": group, "more": Sql("".join(name + ", " for name in more)), "hits": _hits(marks), "scope": chosen.where}

    def first(length: Sql) -> Sql:
        rows = Sql(paste(SESSIONS_SQL, fragments | {"sessions": _table(chosen, marks), "length": length}))
        return _plain(funnel_chain.first_chain(definition, rows, carried), carried)

    def furthest(length: Sql) -> Sql:
        rows = Sql(paste(SESSIONS_SQL, fragments | {"sessions": _table(chosen, marks), "length": length}))
        return _plain(funnel_chain.furthest_chain(definition, _matching(rows, carried), carried), carried)

    if definition.exclusions:
        return furthest(ALL)
    if definition.window is None or not _any_longer(chosen, definition.window):
        return first(ALL)
    return Sql.join(" UNION ALL ", [first(SHORT), furthest(LONG)])


LONGER_SQL = "SELECT 1 FROM sessions WHERE $scope AND deleted = 0 AND $longer LIMIT 1"


def _any_longer(chosen: Selection, window: timedelta) -> bool:
    return bool(clickhouse.query(LONGER_SQL, chosen.params | {"window_ms": window // MS}, scope=chosen.where, longer=LONG))


MATCHING_SQL = """
SELECT $carried, arrayFilter((time, hit) -> hit > 0, times, marks) AS ts, arrayFilter(hit -> hit > 0, marks) AS hits,
    arrayFilter((place, hit) -> hit > 0, all_places, marks) AS places
FROM (SELECT $carried, ts AS times, hits AS marks, places AS all_places FROM ($rows))"""


def _matching(rows: Sql, carried: tuple[str, ...]) -> Sql:
    return Sql(paste(MATCHING_SQL, {"rows": rows, "carried": Sql(", ".join(carried))}))


def _plain(chain: Sql, carried: tuple[str, ...]) -> Sql:
    return Sql(paste("SELECT $carried, reached, waits, place FROM ($chain)", {"chain": chain, "carried": Sql(", ".join(carried))}))


# A matching event as one number that sorts as (time, place in its session, mark): 38 bits of ms since the period's start, 10, 16.
PACKED = Sql("""
arrayFilter(event -> bitAnd(event, 65535) > 0, arrayMap((mark, after, place) -> bitShiftLeft(toUInt64(session_ms + after), 26)
    + bitShiftLeft(toUInt64(place), 16) + mark, hits, ms, arrayEnumerate(ms)))""")

VISITORS_SQL = """
SELECT unit, grp, cart_value, revenue, orders,
    arrayMap(event -> bitShiftRight(event, 26), packed) AS ts, arrayMap(event -> toUInt32(bitAnd(event, 65535)), packed) AS hits,
    arrayMap(event -> toUInt32(bitAnd(bitShiftRight(event, 16), 1023)), packed) AS places
FROM (
    SELECT $key AS unit, arraySort(groupArrayArray(matches)) AS packed,
        argMinIf(grp, (start, session), began) AS grp, argMax(cart, (start, session)) AS cart_value,
        sum(paid) AS revenue, sum(bought) AS orders
    FROM (
        SELECT $key, sh AS session, started_at AS start, $grp AS grp,
            cart_value AS cart, revenue AS paid, order_count AS bought,
            toUnixTimestamp64Milli(started_at) - {origin_ms:Int64} AS session_ms, $hits AS hits, $packed AS matches,
            arrayExists(event -> bitTest(event, 0), matches) AS began
        FROM $sessions
        WHERE $scope
    )
    GROUP BY $key
)"""

ENTERED_SQL = """
SELECT unit, fromUnixTimestamp64Milli({origin_ms:Int64} + toInt64(began), 'UTC') AS entered_at, grp, cart_value, revenue, orders,
    reached, waits, place, {origin_ms:Int64} + toInt64(ended) AS ended_ms
FROM ($chain)"""


def _visitors(chosen: Selection, definition: Definition, marks: funnel_marks.Marks, group: Sql) -> Sql:
    """The events of all sessions of a visitor or person in the period, as one row. `grp` is of the session in which they began."""
    if chosen.end - chosen.start > LONGEST_PERIOD:
        message = "A funnel by visitor or person covers at most eight years."
        raise Invalid(message, fields={"start_date": ["lies more than eight years before the end"]})
    fragments = {"key": Sql(UNIT_KEYS[definition.unit]), "grp": group, "hits": _hits(marks), "packed": PACKED}
    units = Sql(paste(VISITORS_SQL, fragments | {"sessions": _table(chosen, marks), "scope": chosen.where}))
    carried = ("unit", "grp", "cart_value", "revenue", "orders")
    build = funnel_chain.first_chain if definition.window is None and not definition.exclusions else funnel_chain.furthest_chain
    return Sql(paste(ENTERED_SQL, {"chain": build(definition, units, carried)}))


def _table(chosen: Selection, marks: funnel_marks.Marks) -> Sql:
    if marks.event is None:
        return Sql("sessions FINAL")
    return funnel_properties.sessions_with_marks(chosen.where, marks)


def _hits(marks: funnel_marks.Marks) -> Sql:
    return marks.session if marks.event is None else funnel_properties.hits(marks)
