"""How a file is to be read: its kind, each column's role, the zone of its times, and what its event names mean."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actions import upload_roles, upload_times
from errors import Invalid

MAX_NAMES = 2_000  # event names that a mapping may hold; more than that is not a column of event names


@dataclass(frozen=True)
class EventName:
    """What an event name of the file is read as."""

    event: str  # canonical, or the name itself where it is kept
    page_type: str = ""  # '' derives it from the page's address and the event


@dataclass(frozen=True)
class Mapping:
    """One way to read one file. Two mappings that are equal store the same rows."""

    kind: str  # one of upload_roles.KINDS
    columns: tuple[str, ...]  # the role of each column, in the file's order
    zone: str = "UTC"  # of times that do not say theirs
    time_form: str = "iso"  # one of upload_times.FORMS
    decimal: str = "."
    names: dict[str, EventName] = field(default_factory=dict)

    def column(self, role: str) -> int | None:
        """The place of the column with this role."""
        return self.columns.index(role) if role in self.columns else None

    @property
    def hash(self) -> str:
        """The same text for the same mapping."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def missing(self) -> list[str]:
        """What the kind of file needs and no column is, in words such as `Person or Visitor`."""
        groups = [roles for roles in upload_roles.REQUIRED[self.kind] if not set(roles) & set(self.columns)]
        return [" or ".join(upload_roles.label(self.kind, role) for role in roles) for roles in groups]

    def checked(self, width: int) -> "Mapping":
        """The mapping itself; raises Invalid, by field, where a file of `width` columns cannot be read so."""
        problems = [(name, words) for name, words in self._problems(width) if words]
        if problems:
            name, words = problems[0]
            raise Invalid(words, fields={name: [words]})
        return self

    def _problems(self, width: int):
        yield "columns", "" if len(self.columns) == width else f"Give a role for each of the {width} columns, not for {len(self.columns)}."
        roles = [role for role in self.columns if role not in (upload_roles.KEEP, upload_roles.IGNORE)]
        twice = next((role for role in roles if roles.count(role) > 1), None)
        yield "columns", f"Two columns are read as {upload_roles.label(self.kind, twice)}. Choose one." if twice else ""
        missing = self.missing()
        yield "columns", f"Choose the column for {', '.join(missing)}." if missing else ""
        yield "names", f"A mapping may name {MAX_NAMES:,} events." if len(self.names) > MAX_NAMES else ""

    def to_json(self) -> dict:
        """The mapping as the API and the database keep it."""
        return asdict(self) | {"columns": list(self.columns)}


def from_json(data: dict) -> Mapping:
    """The Mapping that `to_json` wrote; raises Invalid naming the field that cannot be."""
    kind = _one_of("kind", data.get("kind"), upload_roles.KINDS)
    roles = upload_roles.choices(kind)
    columns = tuple(_one_of("columns", role, roles) for role in data.get("columns") or [])
    names = {str(name): _event_name(given) for name, given in (data.get("names") or {}).items()}
    return Mapping(
        kind,
        columns,
        zone=zone(data.get("zone") or "UTC"),
        time_form=_one_of("time_form", data.get("time_form") or "iso", upload_times.FORMS),
        decimal=_one_of("decimal", data.get("decimal") or ".", (".", ",")),
        names=names,
    )


def zone(name: str) -> str:
    """`name` where it is a time zone; raises Invalid otherwise."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(f"{name[:60]!r} is not a time zone.", fields={"zone": ["Enter a zone such as Europe/Berlin"]}) from None
    return name


def with_role(mapping: Mapping, column: int, role: str) -> Mapping:
    """The mapping with one column's role changed; the column that had the role is ignored from now on."""
    columns = list(mapping.columns)
    if role not in (upload_roles.KEEP, upload_roles.IGNORE) and role in columns:
        columns[columns.index(role)] = upload_roles.IGNORE
    columns[column] = role
    return replace(mapping, columns=tuple(columns))


def with_name(mapping: Mapping, name: str, event: str) -> Mapping:
    """The mapping with one event name read as `event`; its page type follows from that."""
    return replace(mapping, names=mapping.names | {name: EventName(event)})


def with_time(mapping: Mapping, in_zone: str, form: str) -> Mapping:
    """The mapping with another zone or form of its times."""
    return replace(mapping, zone=zone(in_zone), time_form=form)


def _one_of(name: str, value, allowed) -> str:
    if value not in allowed:
        raise Invalid(f"{str(value)[:60]!r} is no value of {name}.", fields={name: [f"One of {', '.join(allowed)}"]})
    return value


def _event_name(given) -> EventName:
    if isinstance(given, str):
        return EventName(given[:100])
    if not isinstance(given, dict) or not isinstance(given.get("event"), str) or not given["event"].strip():
        raise Invalid("Each name needs the event it is read as.", fields={"names": ['{"name in the file": {"event": "view_item"}}']})
    return EventName(given["event"].strip()[:100], str(given.get("page_type") or "")[:40])
