"""Which steps of a funnel does an event match? A mark is a number with one bit a step, then one bit an exclusion."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analytics.funnel_definition import Definition, Step
from stores.clickhouse import Sql, paste

# The element of the sessions' parallel arrays that a kind of step looks at.
COLUMNS = {"event": "events", "name": "names", "page_type": "page_types", "page": "paths"}
TESTS = {"is": "$column = {$name:String}", "like": "$column LIKE {$name:String}"}

# `found` is the property as text, NULL where it is missing or null.
PROPERTY_TESTS = {
    "is": "found = {$name:String}",
    "is_not": "found != {$name:String}",
    "like": "found LIKE {$name:String}",
    "more_than": "toFloat64OrNull(found) > {$name:Float64}",
    "at_least": "toFloat64OrNull(found) >= {$name:Float64}",
    "less_than": "toFloat64OrNull(found) < {$name:Float64}",
    "at_most": "toFloat64OrNull(found) <= {$name:Float64}",
    "is_set": "found IS NOT NULL",
}
_PLAIN_KEY = re.compile(r"[A-Za-z0-9 _.-]+")


@dataclass(frozen=True)
class Marks:
    """Fragments for the marks of a definition, and the values they bind."""

    session: Sql  # an array of marks beside the arrays of a row of `sessions`, without properties
    event: Sql | None  # the mark of a row of `events_raw` by its properties; None where no step asks for one
    candidates: Sql  # a cheap condition that holds for each event whose property mark is not 0
    params: dict


def of(definition: Definition) -> Marks:
    """The marks of the definition: bit 0 is the first step; the exclusions follow the last step."""
    params: dict = {}
    plain, by_property, candidates = {}, {}, []
    for bit, alternatives in enumerate(_bits(definition)):
        for number, step in enumerate(alternatives):
            name = f"step_{bit}_{number}"
            if step.kind == "property":
                by_property.setdefault(bit, []).append(_property(step, name, params))
                candidates.append(_candidate(step, name, params))
            else:
                plain.setdefault(bit, []).append(_plain(step, name, params))
    return Marks(_array(plain), _mark(by_property) if by_property else None, Sql.join(" OR ", candidates or [Sql("0")]), params)


def exclusion_bits(definition: Definition, before_step: int) -> list[int]:
    """The bits of what must not happen before step number `before_step`, counted from 1."""
    return [len(definition.steps) + n for n, item in enumerate(definition.exclusions) if item.after_step + 1 == before_step]


def _bits(definition: Definition) -> Iterator[tuple[Step, ...]]:
    yield from (step.alternatives for step in definition.steps)
    yield from (exclusion.step.alternatives for exclusion in definition.exclusions)


ARRAY_SQL = "arrayMap((events_, names_, page_types_, paths_) -> $mark, events, names, page_types, paths)"
NO_MARKS = Sql("arrayMap(events_ -> toUInt32(0), events)")


def _array(plain: dict[int, list[tuple[str, Sql]]]) -> Sql:
    """Most funnels look at one array only: the others are then not even read."""
    if not plain:
        return NO_MARKS
    columns = {column for tests in plain.values() for column, _ in tests}
    mark = _mark({bit: [test for _, test in tests] for bit, tests in plain.items()})
    if len(columns) > 1:
        return Sql(paste(ARRAY_SQL, {"mark": mark}))
    column = columns.pop()
    return Sql(paste("arrayMap($element -> $mark, $column)", {"mark": mark, "column": Sql(column), "element": Sql(column + "_")}))


def _mark(tests: dict[int, list[Sql]]) -> Sql:
    bits = [Sql(paste("$weight * ($any)", {"weight": Sql(str(1 << bit)), "any": Sql.join(" OR ", some)})) for bit, some in tests.items()]
    return Sql(paste("toUInt32($sum)", {"sum": Sql.join(" + ", bits)}))


def _plain(step: Step, name: str, params: dict) -> tuple[str, Sql]:
    column = COLUMNS[step.kind]
    params[name] = step.value
    return column, Sql(paste(TESTS[step.operator], {"column": Sql(column + "_"), "name": Sql(name)}))


FOUND_SQL = "ifNull(arrayExists(found -> $test, [JSONExtract(properties, $path, 'Nullable(String)')]), 0)"


def _property(step: Step, name: str, params: dict) -> Sql:
    if step.operator != "is_set":
        params[name] = float(step.value) if "Float64" in PROPERTY_TESTS[step.operator] else step.value
    path = []
    for number, part in enumerate(step.key.split(".")):
        params[f"{name}_key_{number}"] = part
        path.append(Sql(paste("{$name:String}", {"name": Sql(f"{name}_key_{number}")})))
    test = Sql(paste(PROPERTY_TESTS[step.operator], {"name": Sql(name)}))
    return Sql(paste(FOUND_SQL, {"test": test, "path": Sql.join(", ", path)}))


def _candidate(step: Step, name: str, params: dict) -> Sql:
    """JSON is only parsed where the property's name stands in the text; a name that JSON writes in several ways is always looked for."""
    part = step.key.split(".")[0]
    if not _PLAIN_KEY.fullmatch(part):
        return Sql("1")
    params[f"{name}_needle"] = f'"{part}"'
    return Sql(paste("position(properties, {$name:String}) > 0", {"name": Sql(f"{name}_needle")}))
