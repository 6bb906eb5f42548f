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
    way = Way(by, end if end is not None else start, backwards=end is not None)
    params = scope.params | {"node": way.node or "", "steps": steps, "whole": WHOLE_STEPS}
    walked = way.walked(scope)
    columns = _columns(params, walked, steps)
    nodes, links = _picture(columns, backwards=way.backwards)
    whole, total = _whole(params, walked), sum(columns.values())
    listed = [row["listed"] for row in whole]
    revenue = _revenue(params, way.walked(scope, paying=True), listed)
    before = _before(params | scope.previous().params, way.walked(scope.previous()), listed)
    paths = [_whole_path(row, way, total, before, revenue) for row in whole]
    return Paths(nodes, links, paths, total, numbers.money_ratio(sum(revenue.values(), Decimal(0)), total))


WALKED_SQL = """
SELECT sh, $counts AS counts, order_count > 0 AND counts AS paid, $path AS path FROM sessions FINAL WHERE $sessions AND $reached$paying"""

PAYING = Sql(
    " AND sh IN (SELECT sh FROM order_lines WHERE customer_id = {tenant:String}"
    " AND day >= toDate({start:DateTime64(3, 'UTC')}) - 1 AND sh != 0)"
)


@dataclass(frozen=True)
class Way:
    """How a session's array becomes its path: which array, from which node, in which direction."""

    by: str
    node: str | None
    backwards: bool

    def walked(self, scope: Scope, *, paying: bool = False) -> Sql:
        """The sessions in scope that reached the node, with their paths and whether their orders count; paying: those with orders."""
        parts = {"counts": self._counts, "path": self._path, "reached": self._reached, "paying": PAYING if paying else Sql("")}
        return Sql(clickhouse.paste(WALKED_SQL, parts | {"sessions": scope.sessions}))

    @property
    def closing(self) -> str:
        """What ends a path that is told whole."""
        return CAME_IN if self.backwards else LEFT

    @property
    def _path(self) -> Sql:
        """From the node outwards, whole, closed by "left" or "came in"."""
        visited = Sql("arrayCompact(arrayFilter(x -> x != '', ") + ARRAYS[self.by] + Sql("))")
        if self.node is None:
            return Sql("arrayPushBack(") + visited + Sql(", '\x01left')")
        place = Sql("indexOf(") + visited + Sql(", {node:String})")
        if self.backwards:
            return Sql("arrayPushBack(arrayReverse(arraySlice(") + visited + Sql(", 1, ") + place + Sql(")), '\x01came in')")
        return Sql("arrayPushBack(arraySlice(") + visited + Sql(", ") + place + Sql("), '\x01left')")

    @property
    def _reached(self) -> Sql:
        if self.node is None:
            return Sql("arrayExists(x -> x != '', ") + ARRAYS[self.by] + Sql(")")
        return Sql("has(") + ARRAYS[self.by] + Sql(", {node:String})")

    @property
    def _counts(self) -> Sql:
        """Whether the session's orders belong to the path: from a start on, those that were placed before it do not."""
        if self.node is None or self.backwards:
            return Sql("true")
        return Sql("(order_count = 0 OR has(arraySlice(events, indexOf(") + ARRAYS[self.by] + Sql(", {node:String})), 'purchase'))")


SHOWN_SQL = """
SELECT position, name FROM (SELECT arraySlice(path, 1, {steps:UInt8}) AS shown, count() AS n FROM ($walked) GROUP BY shown)
ARRAY JOIN shown AS name, arrayEnumerate(shown) AS position
WHERE NOT startsWith(name, '\x01')
GROUP BY position, name ORDER BY position, sum(n) DESC, name LIMIT {most:UInt8} BY position"""

# Grouped before it is folded: there are far fewer ways than sessions.
COLUMNS_SQL = """
SELECT arrayMap((name, i) -> if(startsWith(name, '\x01') OR has({names:Array(Array(String))}[i], name), name, '\x01other'),
                shown, arrayEnumerate(shown)) AS folded, sum(n) AS sessions
FROM (SELECT arraySlice(path, 1, {steps:UInt8}) AS shown, count() AS n FROM ($walked) GROUP BY shown)
GROUP BY folded ORDER BY folded"""


def _columns(params: dict, walked: Sql, steps: int) -> Counter:
    """Sessions by the path as it is drawn: the five most frequent nodes of each column by name."""
    names = [[] for _ in range(steps)]
    for row in clickhouse.query(SHOWN_SQL, params | {"most": NODES}, walked=walked):
        names[row["position"] - 1].append(row["name"])
    rows = clickhouse.query(COLUMNS_SQL, params | {"names": names}, walked=walked)
    return Counter({tuple(row["folded"]): row["sessions"] for row in rows})


WHOLE_SQL = """
SELECT arraySlice(path, 1, {whole:UInt8}) AS listed, count() AS sessions, countIf(paid) AS paying FROM ($walked)
GROUP BY listed ORDER BY sessions DESC, listed LIMIT {most:UInt32}"""


def _whole(params: dict, walked: Sql) -> list[dict]:
    return clickhouse.query(WHOLE_SQL, params | {"most": WHOLE_PATHS}, walked=walked)


# An order's refunds come later and without a session: they belong to the session of the sale.
REVENUE_SQL = """
SELECT if(has({paths:Array(Array(String))}, way.listed), way.listed, []) AS listed, sum(earned.net) AS revenue
FROM (SELECT sh, arraySlice(path, 1, {whole:UInt8}) AS listed FROM ($walked) WHERE counts) AS way
INNER JOIN (
    SELECT session AS sh, sum(amount) AS net FROM (
        SELECT order_id, maxIf(sh, kind = 'sale') AS session,
               sumIf(gross - discount, kind = 'sale') - sumIf(gross - discount, kind != 'sale') AS amount
        FROM order_lines FINAL
        WHERE customer_id = {tenant:String} AND day >= toDate({start:DateTime64(3, 'UTC')}) - 1
          AND kind != 'adjustment' AND status != 'held'
        GROUP BY order_id HAVING session != 0
    ) GROUP BY sh
) AS earned ON earned.sh = way.sh
GROUP BY listed"""


def _revenue(params: dict, walked: Sql, listed: list[list[str]]) -> dict[tuple, Decimal]:
    """Net revenue by listed path; that of all others together under ()."""
    rows = clickhouse.query(REVENUE_SQL, params | {"paths": listed}, walked=walked)
    return {tuple(row["listed"]): row["revenue"] for row in rows}


BEFORE_SQL = """
SELECT arraySlice(path, 1, {whole:UInt8}) AS listed, count() AS sessions FROM ($walked)
WHERE listed IN {paths:Array(Array(String))} GROUP BY listed"""


def _before(params: dict, walked: Sql, listed: list[list[str]]) -> dict[tuple, int]:
    """How many sessions went the same ways in the comparison period."""
    if not listed:
        return {}
    rows = clickhouse.query(BEFORE_SQL, params | {"paths": listed}, walked=walked)
    return {tuple(row["listed"]): row["sessions"] for row in rows}


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


def _whole_path(row: dict, way: Way, total: int, before: dict[tuple, int], revenue: dict[tuple, Decimal]) -> WholePath:
    path = tuple(row["listed"])
    ended = path[-1] == way.closing
    steps = list(path[:-1] if ended else path)
    return WholePath(
        steps=steps[::-1] if way.backwards else steps,
        ended=ended,
        sessions=row["sessions"],
        share=numbers.ratio(row["sessions"], total),
        before=before.get(path, 0),
        paid_share=numbers.ratio(row["paying"], row["sessions"]),
        revenue_per_session=numbers.money_ratio(revenue.get(path, Decimal(0)), row["sessions"]),
    )
