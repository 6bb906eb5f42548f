"""How far does a unit get? The rule of all funnels, as SQL.

A chain begins at an event of the first step and takes for each further step the earliest event after the one before.
It ends where that event lies beyond the window, or where an excluded event lies between the two.
An optional step counts where its earliest event lies before the next step that is not optional; without it the chain goes on.
Of all chains of a unit the one that gets furthest counts; of several, the one that begins first.

Without exclusions and within the window the first chain always gets furthest, so only other units need all their chains.
"""

from dataclasses import dataclass

from analytics import funnel_marks
from analytics.funnel_definition import Definition
from stores.clickhouse import Sql, paste

# Each layer reads the positions of the one below several times; evaluated lazily they would be worked out again each time.
SETTINGS = {"short_circuit_function_evaluation": "disable"}

FIRST_CHAIN_SQL = """
SELECT $carried, ts, hits, places, arrayFirstIndex(hit -> bitTest(hit, 0), hits) AS p1
FROM ($units)
WHERE p1 > 0"""

# Of several first steps in a row only the last is tried, for it gets as far as the others: BEST_SQL finds where the row began.
ALL_CHAINS_SQL = """
SELECT $carried, ts, hits, places,
    arrayJoin(if(ts[-1] - ts[first] <= {window_ms:UInt64} AND NOT $guarded, [first], arrayDistinct(arrayConcat([first], arrayFilter(
        (position, hit, next) -> bitTest(hit, 0) AND next != 1, arrayEnumerate(hits), hits, arraySlice(arrayPushBack(hits, 0), 2)))))) AS p1
FROM (SELECT $carried, ts, hits, places, arrayFirstIndex(hit -> bitTest(hit, 0), hits) AS first FROM ($units) WHERE first > 0)"""


def first_chain(definition: Definition, units: Sql, carried: tuple[str, ...]) -> Sql:
    """Each unit that took the first step, by its first chain only.

    Its rows are `carried`; `reached`, the numbers of its steps; `waits`, the ms from each to the next; `began` and `ended`, the time
    of the first and the last of them; `place`, which event of its session the last one is.
    """
    starts = Sql(paste(FIRST_CHAIN_SQL, {"units": units, "carried": _names(carried)}))
    return _row(definition, _chain(definition, starts, carried), carried)


def furthest_chain(definition: Definition, units: Sql, carried: tuple[str, ...]) -> Sql:
    """The same by the chain that gets furthest. `carried` begins with the unit's key; `hits` hold no mark of 0."""
    guarded = Sql("1" if definition.exclusions else "0")
    starts = Sql(paste(ALL_CHAINS_SQL, {"units": units, "carried": _names(carried), "guarded": guarded}))
    return _best(definition, _chain(definition, starts, carried), carried)


ROW_SQL = """
SELECT $carried, $numbers AS numbers, $positions AS positions, $times AS times,
    arrayFilter((number, position) -> position > 0, numbers, positions) AS reached,
    arrayPopFront(arrayDifference(arrayFilter((time, position) -> position > 0, times, positions))) AS waits,
    ts[p1] AS began, ts[arrayMax(positions)] AS ended, places[arrayMax(positions)] AS place
FROM ($chain)"""


def _row(definition: Definition, chain: Sql, carried: tuple[str, ...]) -> Sql:
    return Sql(paste(ROW_SQL, {"chain": chain, "carried": _names(carried)} | _lists(definition)))


# TRICKY: a lambda copies the arrays that it mentions once for each element it looks at; so `ended` is worked out before.
BEST_SQL = """
SELECT $key, $others, best.1 AS reached, best.2 AS waits, best.3 AS began, best.4 AS ended, best.5 AS place
FROM (
    SELECT $key, $any_others, argMax((reached, waits, began, ended, place), (reached[-1], -toInt64(p1))) AS best
    FROM (
        SELECT $carried, p1, ended, place, arrayFilter((number, position) -> position > 0, numbers, positions) AS reached,
            arrayFirst(time -> ended - time <= {window_ms:UInt64}, arraySlice(ts, before_row + 1, p1 - before_row)) AS began,
            arrayPopFront(arrayDifference(arrayPushFront(
                arrayPopFront(arrayFilter((time, position) -> position > 0, times, positions)), began))) AS waits
        FROM (
            SELECT $carried, ts, p1, $numbers AS numbers, $positions AS positions, $times AS times,
                ts[arrayMax(positions)] AS ended, places[arrayMax(positions)] AS place,
                if(hits[p1] = 1, arrayLastIndex(hit -> hit != 1, arraySlice(hits, 1, p1 - 1)), p1 - 1) AS before_row
            FROM ($chain)
        )
    )
    GROUP BY $key
)"""


def _best(definition: Definition, chain: Sql, carried: tuple[str, ...]) -> Sql:
    key, *others = carried
    any_others = Sql.join(", ", [Sql(paste("any($name) AS $name", {"name": Sql(name)})) for name in others])
    fragments = {"chain": chain, "carried": _names(carried), "key": Sql(key), "others": _names(others), "any_others": any_others}
    return Sql(paste(BEST_SQL, fragments | _lists(definition)))


def _lists(definition: Definition) -> dict[str, Sql]:
    numbers = range(1, len(definition.steps) + 1)
    return {
        "numbers": Sql(paste("[$all]", {"all": Sql.join(", ", [Sql(str(n)) for n in numbers])})),
        "positions": Sql(paste("[$all]", {"all": Sql.join(", ", [_name("p", n) for n in numbers])})),
        "times": Sql(paste("[$all]", {"all": Sql.join(", ", [Sql(paste("ts[$p]", {"p": _name("p", n)})) for n in numbers])})),
    }


@dataclass
class _Layers:
    """Nested selects, each of which adds columns to the one below."""

    rows: Sql
    columns: list[str]

    def add(self, *expressions: dict[str, Sql]) -> None:
        """One more select: planning takes longer with each, so what belongs together is added together."""
        added = {name: expression for some in expressions for name, expression in some.items()}
        listed = [Sql(paste("$expression AS $name", {"expression": e, "name": Sql(name)})) for name, e in added.items()]
        select = {"columns": _names(self.columns), "added": Sql.join(", ", listed), "rows": self.rows}
        self.rows = Sql(paste("SELECT $columns, $added FROM ($rows)", select))
        self.columns += added


FOUND = "if($after > 0, arrayFirstIndex(hit -> bitTest(hit, $bit), arraySlice(hits, $after + 1)), 0)"
AT = "if($found > 0, $after + $found, 0)"
REACHED = "if($at > 0 AND ts[$at] - ts[p1] <= {window_ms:UInt64} AND $in_time AND NOT $barred, $at, 0)"
BARRED = "arrayExists(hit -> bitAnd(hit, $excluded) > 0, arraySlice(hits, $after + 1, toInt64($at) - $after - 1))"


def _chain(definition: Definition, starts: Sql, carried: tuple[str, ...]) -> Sql:
    """`starts` with the positions p1, p2, … of the steps, 0 where one is not reached, and helping columns."""
    layers = _Layers(starts, [*carried, "ts", "hits", "places", "p1"])
    before, between = 1, []
    for number, step in enumerate(definition.steps[1:], start=2):
        if step.optional:
            between.append(number)
        else:
            _add_steps(layers, definition, before, between, number)
            before, between = number, []
    return layers.rows


def _add_steps(layers: _Layers, definition: Definition, before: int, between: list[int], number: int) -> None:
    """The positions of step `number`, reached from `before`, and of the optional steps in between."""
    after = _name("p", before)
    if not between:
        layers.add(_look_for(number, after), _reached(definition, number, after, Sql("1")))
        return
    layers.add(_look_for(number, after))
    for optional in between:
        in_time = Sql(paste("($next = 0 OR $at < $next)", {"next": _name("at", number), "at": _name("at", optional)}))
        further = Sql(paste("greatest($after, $p)", {"after": after, "p": _name("p", optional)}))
        layers.add(_look_for(optional, after), _reached(definition, optional, after, in_time), {_name("after", optional).text: further})
        after = _name("after", optional)
    layers.add(_reached(definition, number, after, Sql("1")))


def _look_for(number: int, after: Sql) -> dict[str, Sql]:
    found, at = _name("found", number), _name("at", number)
    fragments = {"after": after, "bit": Sql(str(number - 1)), "found": found}
    return {found.text: Sql(paste(FOUND, fragments)), at.text: Sql(paste(AT, fragments))}


def _reached(definition: Definition, number: int, after: Sql, in_time: Sql) -> dict[str, Sql]:
    at, barred = _name("at", number), Sql("0")
    if bits := funnel_marks.exclusion_bits(definition, number):
        excluded = Sql(str(sum(1 << bit for bit in bits)))
        barred = Sql(paste(BARRED, {"excluded": excluded, "after": after, "at": at}))
    return {_name("p", number).text: Sql(paste(REACHED, {"at": at, "in_time": in_time, "barred": barred}))}


def _name(prefix: str, number: int) -> Sql:
    return Sql(prefix + str(number))


def _names(names) -> Sql:
    return Sql(", ".join(names))
