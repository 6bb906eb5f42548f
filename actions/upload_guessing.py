"""How a file is probably to be read: what it holds, and each column's role, from the headings and from the values."""

import re
from collections import Counter
from dataclasses import dataclass

from actions import upload_names, upload_numbers, upload_roles, upload_times
from actions.upload_mapping import EventName, Mapping
from actions.upload_roles import IGNORE, KEEP
from actions.upload_sniffing import Sniffed
from analytics import event_names

LOOKED = 2_000  # values of a column that are enough for a guess
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PATH = re.compile(r"(https?://|/)\S*")
MAX_EVENT_NAMES = 300  # a column with more different values does not name events
REASONS = {
    "orders": "Each row has an order, a product and a price.",
    "events": "Each row has a time, and somebody who did something.",
    "profiles": "Each row is a person, without a time.",
}


@dataclass(frozen=True)
class Column:
    """One column of a sample."""

    name: str
    values: tuple[str, ...]  # those that are not empty, in the file's order, at most LOOKED
    time: upload_times.Guess | None

    @property
    def heading(self) -> str:
        """The name without signs, spaces and capitals."""
        return re.sub(r"[^a-z0-9]", "", self.name.lower())


@dataclass(frozen=True)
class Guess:
    """The way to read a file that we would choose."""

    mapping: Mapping
    reason: str  # why it is this kind of file, in words


def guess(sniffed: Sniffed, *, zone: str, kind: str | None = None) -> Guess:
    """The likely Mapping of a file; `kind` where somebody said what it holds, `zone` for times that do not say theirs."""
    columns = columns_of(sniffed)
    mark = upload_numbers.decimal_mark(value for column in columns for value in column.values[:200] if not column.time)
    by_kind = {each: roles(each, columns, mark) for each in upload_roles.KINDS}
    chosen = kind or _kind(by_kind)
    time = next((column.time for column, role in zip(columns, by_kind[chosen], strict=True) if role == "time"), None)
    mapping = Mapping(
        kind=chosen,
        columns=tuple(by_kind[chosen]),
        zone=zone,
        time_form=time.form if time else "iso",
        decimal=mark,
        names=names(sniffed, by_kind[chosen]),
    )
    return Guess(mapping, REASONS[chosen])


def columns_of(sniffed: Sniffed) -> list[Column]:
    """The columns of the sample."""
    found = []
    for place, name in enumerate(sniffed.header):
        values = tuple(row[place] for row in sniffed.sample if row[place].strip())
        step = max(1, len(values) // LOOKED)
        # Day and month are told apart by a single value, so times are judged by the whole sample.
        found.append(Column(name, values[::step][:LOOKED], upload_times.guess(values)))
    return found


def roles(kind: str, columns: list[Column], mark: str) -> list[str]:
    """The role of each column as a file of this kind; each role once."""
    rest = IGNORE if kind == "orders" else KEEP
    chosen = [rest] * len(columns)
    for role, spec in upload_roles.ROLES[kind].items():
        place = _best(role, spec, columns, chosen, mark)
        if place is not None:
            chosen[place] = role
    for role, fits in _BY_VALUE.get(kind, {}).items():
        if role not in chosen:
            place = next((n for n, column in enumerate(columns) if chosen[n] == rest and fits(column)), None)
            if place is not None:
                chosen[place] = role
    return chosen


def names(sniffed: Sniffed, chosen: list[str] | tuple[str, ...]) -> dict[str, EventName]:
    """What each event name of the sample is read as; nothing where no column names events."""
    counts = name_counts(sniffed, chosen)
    read = {name: upload_names.guess(name) for name in counts}
    return {name: EventName(event, page_type) for name, (event, page_type, _how) in read.items()}


def name_counts(sniffed: Sniffed, chosen: list[str] | tuple[str, ...]) -> Counter[str]:
    """How often each event name stands in the sample."""
    if "event" not in chosen:
        return Counter()
    place = list(chosen).index("event")
    counts = Counter(row[place].strip() for row in sniffed.sample)
    counts.pop("", None)
    return counts


def _best(role: str, spec, columns: list[Column], chosen: list[str], mark: str) -> int | None:
    """The free column whose heading is highest in the role's list and whose values can be it."""
    free = [n for n in range(len(columns)) if chosen[n] in (KEEP, IGNORE) and _can_be(spec.needs, columns[n], mark)]
    ranked = {n: _rank(spec.headings, columns[n].heading) for n in free}
    ranked = {n: rank for n, rank in ranked.items() if rank is not None}
    return min(ranked, key=ranked.get) if ranked else None


def _rank(headings: tuple[str, ...], heading: str) -> int | None:
    """The heading's place in the list; after all of those, a heading that ends with one of the longer ones."""
    if heading in headings:
        return headings.index(heading)
    for place, known in enumerate(headings):
        if len(known) >= 6 and heading.endswith(known):
            return 100 + place
    return None


def _can_be(needs: str, column: Column, mark: str) -> bool:
    if needs == "time":
        return column.time is not None
    if needs == "number":
        return upload_numbers.share(column.values, mark) >= 0.8
    if needs == "email":
        return _share(column.values, EMAIL) >= 0.5
    return True


def _share(values: tuple[str, ...], pattern: re.Pattern) -> float:
    return sum(1 for value in values if pattern.fullmatch(value.strip())) / len(values) if values else 0.0


def _names_events(column: Column) -> bool:
    different = set(column.values)
    known = sum(event_names.is_known(value) for value in different)
    return 0 < len(different) <= MAX_EVENT_NAMES and known >= max(2, len(different) / 3)


# Where no heading says it, the values may.
_BY_VALUE = {
    "events": {
        "time": lambda column: column.time is not None,
        "event": _names_events,
        "page": lambda column: _share(column.values, PATH) >= 0.8,
    },
    "orders": {"time": lambda column: column.time is not None},
    "profiles": {"email": lambda column: _share(column.values, EMAIL) >= 0.5},
}


def _kind(by_kind: dict[str, list[str]]) -> str:
    """Order lines before events, since an order line is also something that happened; a person's row has no time."""
    orders, events = set(by_kind["orders"]), set(by_kind["events"])
    if {"order", "time", "price"} <= orders and orders & {"product", "name", "quantity"} and "event" not in events:
        return "orders"
    if "time" in events and events & {"event", "page"}:
        return "events"
    if {"person"} <= set(by_kind["profiles"]) and {"full_name", "email"} & set(by_kind["profiles"]):
        return "profiles"
    return "orders" if {"order", "price"} <= orders else "events"
