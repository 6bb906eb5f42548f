"""Which funnel the page Funnel shows, and how that stands in its address."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from actions import funnels
from analytics import funnel
from analytics.funnel import Definition
from analytics.saved_funnel import Saved
from dashboard import scope_bar
from errors import Invalid, NotFound

PARAMETERS = ("funnel", "steps", "unit")
STANDARD = {"": funnel.CHECKOUT, "pages": funnel.PAGES}  # always there, by the parameter `funnel`
UNITS = {"session": "Sessions", "visitor": "Visitors", "person": "Persons"}
ONE_AND_MANY = {"session": ("session", "sessions"), "visitor": ("visitor", "visitors"), "person": ("person", "persons")}


@dataclass(frozen=True)
class Chosen:
    """A funnel and where it comes from: `key` is "" or "pages" for a standard one, else the id of a saved one."""

    key: str
    definition: Definition
    saved: Saved | None  # where it is shown as it was saved
    is_changed: bool  # other than what `key` stands for


def asked(query: Mapping[str, str]) -> dict:
    """The parameters of the page, as they are kept while it is open."""
    return {name: query[name] for name in PARAMETERS if query.get(name)}


def chosen(tenant: str, asked: Mapping[str, str] | None) -> Chosen:
    """The funnel that the parameters name. What cannot be read, or is not there any more, is the standard one: a link never fails."""
    asked = asked or {}
    key, base, saved = _base(tenant, asked.get("funnel", ""))
    definition = _edited(asked.get("steps"), base) or base
    if asked.get("unit") in UNITS:
        definition = replace(definition, unit=asked["unit"])
    is_changed = definition != base
    return Chosen(key, definition, None if is_changed else saved, is_changed)


def edited(key: str, definition: Definition) -> dict:
    """The parameters of a funnel that was changed and not saved."""
    return ({"funnel": key} if key else {}) | {"steps": json.dumps(definition.as_dict(), separators=(",", ":"), ensure_ascii=False)}


def in_address(search: str | None, asked: Mapping[str, str]) -> str:
    """The query with these parameters."""
    for name in PARAMETERS:
        search = scope_bar.with_parameter(search, name, asked.get(name, ""), "")
    return search or ""


def _base(tenant: str, key: str) -> tuple[str, Definition, Saved | None]:
    if key in STANDARD:
        return key, STANDARD[key], None
    try:
        found = funnels.load(tenant, UUID(key))
    except (ValueError, NotFound):
        return "", STANDARD[""], None
    return key, found.definition, found.saved


def _edited(text: str | None, base: Definition) -> Definition | None:
    if not text:
        return None
    try:
        return Definition.parse({"name": base.name} | json.loads(text))
    except (ValueError, TypeError, Invalid):
        return None
