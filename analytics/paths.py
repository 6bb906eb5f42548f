"""Which way do they go? From a page onwards, or back from where they came to.

The same thing again in a row counts once: a path says where somebody went, not how often a page was reloaded.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from analytics import numbers
from analytics.scope import Scope
from errors import Invalid
from stores import clickhouse
from stores.clickhouse import Sql

ARRAYS = {"page_type": Sql("page_types"), "event": Sql("events"), "page": Sql("paths")}
STEPS = range(2, 6)  # columns of the picture
NODES = 5  # of one column; the rest is "other"
WHOLE_STEPS = 10  # a listed path is not followed further than this
WHOLE_PATHS = 50
CHOICES = 50
LEFT = "\x01left"  # control characters keep these apart from anything a shop sends; the page puts words in their place
CAME_IN = "\x01came in"
OTHER = "\x01other"
KINDS = {LEFT: "left", CAME_IN: "came in", OTHER: "other"}


@dataclass(frozen=True)
class Node:
    column: int  # from 0, left to right
    name: str | None  # None for "left", "came in" and "other"
    kind: str  # node, left, came in, other
    sessions: int


@dataclass(frozen=True)
class Link:
    source: int  # index in `nodes`
    target: int
    sessions: int


@dataclass(frozen=True)
class WholePath:
    steps: list[str]
    ended: bool  # the session began (with `end`) or ended (with `start`) there; else it went on beyond what is listed
    sessions: int
    share: float | None  # of all sessions with the chosen node
    before: int  # sessions in the comparison period
    paid_share: float | None  # of these sessions, those with a purchase; from a start, one after it
    revenue_per_session: Decimal | None  # net revenue of the orders placed in those, refunded later or not


@dataclass(frozen=True)
class Paths:
    nodes: list[Node]
    links: list[Link]
    whole: list[WholePath]  # most sessions first
    total: int  # sessions that have the chosen node
    revenue_per_session: Decimal | None  # of all of them


def run(scope: Scope, *, start: str | None = None, end: str | None = None, by: str = "page_type", steps: int = 4) -> Paths:
    """The ways of the sessions in scope from their first `start`, or to their first `end`; from where they came in without either.

    The picture has `steps` columns with at most five nodes each, and what left or came in.
    Raises Invalid for an unknown `by`, other than 2 to 5 steps, or both a start and an end.
    """
    _check(start, end, by, steps)
    way = Way(by, end if end is not None else start, end is not None)
    params = scope.params | {"node": way.node or "", "steps": steps, "whole": WHOLE_STEPS}
    fragments = {"sessions": scope.sessions, "way": way.sql}
    shown = _shown(params, fragments, steps)
    columns = _columns(params | {"shown": shown}, fragments)
    money = fragments | {"counts": way.counts}
    whole = _whole(params, money)
    before = _before(scope.previous(), params, way, [list(row["path"]) for row in whole])
    total = sum(columns.values())
    nodes, links = _picture(columns, backwards=way.backwards)
    per_session = _revenue(params, money)
    return Paths(nodes, links, [_whole_path(row, way, total, before) for row in whole], total, numbers.money_ratio(per_session, total))


@dataclass(frozen=True)
class Way:
    """How a session's array becomes its path: which array, from which node, in which direction."""

    by: str
    node: str | None
    backwards: bool

    @property
    def sql(self) -> Sql:
        """The path as an expression over a row of `sessions`: from the node outwards, whole, closed by "left" or "came in"."""
        visited = Sql("arrayCompact(arrayFilter(x -> x != '', ") + ARRAYS[self.by] + Sql("))")
        if self.node is None:
            return Sql("arrayPushBack(") + visited + Sql(", '\x01left')")
        place = Sql("indexOf(") + visited + Sql(", {node:String})")
        if self.backwards:
            return Sql("arrayPushBack(arrayReverse(arraySlice(") + visited + Sql(", 1, ") + place + Sql(")), '\x01came in')")
        return Sql("arrayPushBack(arraySlice(") + visited + Sql(", ") + place + Sql("), '\x01left')")

    @property
    def counts(self) -> Sql:
        """Whether the session's orders belong to the path: from a start on, those that were placed before it do not."""
        if self.node is None or self.backwards:
            return Sql("1")
        return Sql("(order_count = 0 OR has(arraySlice(events, indexOf(") + ARRAYS[self.by] + Sql(", {node:String})), 'purchase'))")

    @property
    def closing(self) -> str:
        return CAME_IN if self.backwards else LEFT


# A session without the node has an index of 0, and both arraySlice(…, 0) and arraySlice(…, 1, 0) are empty: its path is the mark alone.
SHOWN_SQL = """
SELECT position, name FROM (
    SELECT arraySlice($way, 1, {steps:UInt8}) AS path FROM sessions FINAL WHERE $sessions AND length($way) > 1
)
ARRAY JOIN path AS name, arrayEnumerate(path) AS position
WHERE NOT startsWith(name, '\x01')
GROUP BY position, name ORDER BY position, count() DESC, name LIMIT {most:UInt8} BY position"""


def _shown(params: dict, fragments: dict, steps: int) -> list[list[str]]:
    """The nodes of each column that are drawn by name."""
    shown = [[] for _ in range(steps)]
    for row in clickhouse.query(SHOWN_SQL, params | {"most": NODES}, **fragments):
        shown[row["position"] - 1].append(row["name"])
    return shown


COLUMNS_SQL = """
SELECT arrayMap((name, i) -> if(startsWith(name, '\x01') OR has({shown:Array(Array(String))}[i], name), name, '\x01other'),
                path, arrayEnumerate(path)) AS folded, count() AS sessions
FROM (SELECT arraySlice($way, 1, {steps:UInt8}) AS path FROM sessions FINAL WHERE $sessions AND length($way) > 1)
GROUP BY folded ORDER BY folded"""


def _columns(params: dict, fragments: dict) -> Counter:
    """Sessions by the path as it is drawn."""
    return Counter({tuple(row["folded"]): row["sessions"] for row in clickhouse.query(COLUMNS_SQL, params, **fragments)})


# An order's refunds come later and without a session: they belong to the session of the sale.
EARNED_SQL = """
SELECT session AS sh, sum(net) AS net FROM (
    SELECT order_id, maxIf(sh, kind = 'sale') AS session,
           sumIf(gross - discount, kind = 'sale') - sumIf(gross - discount, kind != 'sale') AS net
    FROM order_lines FINAL
    WHERE customer_id = {tenant:String} AND day >= toDate({start:DateTime64(3, 'UTC')}) - 1 AND kind != 'adjustment' AND status != 'held'
    GROUP BY order_id HAVING session != 0
) GROUP BY sh"""

WHOLE_SQL = """
SELECT path, count() AS sessions, countIf(order_count > 0 AND counts) AS paid, sumIf(earned.net, counts) AS revenue
FROM (SELECT sh, order_count, $counts AS counts, arraySlice($way, 1, {whole:UInt8}) AS path FROM sessions FINAL
      WHERE $sessions AND length($way) > 1) AS way
LEFT JOIN ($earned) AS earned ON earned.sh = way.sh
GROUP BY path ORDER BY sessions DESC, path LIMIT {most:UInt32}"""


def _whole(params: dict, fragments: dict) -> list[dict]:
    return clickhouse.query(WHOLE_SQL, params | {"most": WHOLE_PATHS}, earned=Sql(EARNED_SQL), **fragments)


REVENUE_SQL = """
SELECT sum(net) AS revenue FROM ($earned)
WHERE sh IN (SELECT sh FROM sessions FINAL WHERE $sessions AND length($way) > 1 AND $counts)"""


def _revenue(params: dict, fragments: dict) -> Decimal:
    return clickhouse.query(REVENUE_SQL, params, earned=Sql(EARNED_SQL), **fragments)[0]["revenue"]


BEFORE_SQL = """
SELECT arraySlice($way, 1, {whole:UInt8}) AS path, count() AS sessions FROM sessions FINAL
WHERE $sessions AND path IN {paths:Array(Array(String))} GROUP BY path"""


def _before(previous: Scope, params: dict, way: Way, paths: list[list[str]]) -> dict[tuple, int]:
    """How many sessions went the same ways in the comparison period."""
    if not paths:
        return {}
    asked = params | previous.params | {"paths": paths}
    rows = clickhouse.query(BEFORE_SQL, asked, sessions=previous.sessions, way=way.sql)
    return {tuple(row["path"]): row["sessions"] for row in rows}


CHOICES_SQL = """
SELECT name, count() AS sessions FROM (SELECT arrayDistinct(arrayFilter(x -> x != '', $array)) AS names FROM sessions FINAL WHERE $sessions)
ARRAY JOIN names AS name GROUP BY name ORDER BY sessions DESC, name LIMIT {most:UInt32}"""


def choices(scope: Scope, by: str = "page_type") -> list[tuple[str, int]]:
    """What a way can start or end at, with the sessions that have it, most first; at most 50."""
    _check(None, None, by, STEPS[0])
    rows = clickhouse.query(CHOICES_SQL, scope.params | {"most": CHOICES}, sessions=scope.sessions, array=ARRAYS[by])
    return [(row["name"], row["sessions"]) for row in rows]


def _check(start: str | None, end: str | None, by: str, steps: int) -> None:
    if by not in ARRAYS:
        raise Invalid("Paths go by page_type, event or page.", fields={"by": [f"{by} is none of page_type, event, page"]})
    if steps not in STEPS:
        raise Invalid("A picture of paths has 2 to 5 steps.", fields={"steps": ["Enter a number from 2 to 5"]})
    if start is not None and end is not None:
        raise Invalid("Choose a start or an end, not both.", fields={"end": ["There is a start already"]})


def _picture(columns: Counter, *, backwards: bool) -> tuple[list[Node], list[Link]]:
    """Nodes and links, one column a step; backwards the last column is the chosen node."""
    last = max((len(path) for path in columns), default=1) - 1
    sizes, flows = Counter(), Counter()
    for path, sessions in columns.items():
        places = [((last - i) if backwards else i, name) for i, name in enumerate(path)]
        sizes.update(dict.fromkeys(places, sessions))
        pairs = zip(places[1:], places, strict=False) if backwards else zip(places, places[1:], strict=False)
        for pair in pairs:
            flows[pair] += sessions
    order = sorted(sizes, key=lambda place: (place[0], place[1] in KINDS, -sizes[place], place[1]))
    index = {place: number for number, place in enumerate(order)}
    nodes = [Node(column, None if name in KINDS else name, KINDS.get(name, "node"), sizes[column, name]) for column, name in order]
    links = [Link(index[source], index[target], sessions) for (source, target), sessions in flows.items()]
    return nodes, sorted(links, key=lambda link: (link.source, link.target))


def _whole_path(row: dict, way: Way, total: int, before: dict[tuple, int]) -> WholePath:
    path = list(row["path"])
    ended = path[-1] == way.closing
    steps = path[:-1] if ended else path
    return WholePath(
        steps=steps[::-1] if way.backwards else steps,
        ended=ended,
        sessions=row["sessions"],
        share=numbers.ratio(row["sessions"], total),
        before=before.get(tuple(path), 0),
        paid_share=numbers.ratio(row["paid"], row["sessions"]),
        revenue_per_session=numbers.money_ratio(row["revenue"], row["sessions"]),
    )
