"""The events of document 002 as senders write them, read and checked one by one."""

import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from actions import event_limits, event_schema
from actions.dead_letters import Refused
from actions.enrichment import facts, times
from actions.event_schema import Event

Id = Annotated[str, Meta(max_length=event_limits.MAX_ID)] | int | None
Name = Annotated[str, Meta(max_length=event_limits.MAX_NAME)] | None
Text = Annotated[str, Meta(max_length=event_limits.MAX_TEXT)] | None
Url = Annotated[str, Meta(max_length=event_limits.MAX_URL)] | None


class Tracked(msgspec.Struct, gc=False):
    """One event. Fields nobody knows are ignored: a newer SDK must not lose its events here."""

    event_type: Annotated[str, Meta(min_length=1, max_length=event_limits.MAX_NAME)]
    customer_id: Id = None
    visitor_id: Id = None
    user_id: Id = None
    session_id: Id = None
    event_id: Id = None
    messageId: Id = None
    event_name: Text = None
    properties: dict[str, Any] | None = None
    page_url: Url = None
    page_title: Text = None
    referrer: Url = None
    timestamp: str | int | float | None = None
    sent_at: str | int | float | None = None
    time_zone: Name = None
    page_type: Name = None
    device_type: Name = None
    country: Name = None
    region: Name = None
    user_agent: Text = None
    context: dict[str, Any] | None = None


class Batch(msgspec.Struct):
    """The body of a batch; its events are looked at one by one."""

    events: list[msgspec.Raw]
    sent_at: str | int | float | None = None


SELDOM = ("page_title", "page_type", "device_type", "country", "region", "user_agent", "time_zone")

_decode = msgspec.json.Decoder(Tracked).decode
_encode = msgspec.json.Encoder().encode
_FIELD = re.compile(r" - at `\$\.?([^`]*)`$|required field `([^`]*)`")


def read(tenant: str, raw: bytes, seq: int, sent_at: int | None) -> Event | Refused:
    """The event in `raw` without its session where it brings none, or why it is refused. `sent_at` is the batch's, in ms."""
    refused = event_limits.check_shape(raw)
    if refused:
        return refused
    try:
        told = _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        return malformed(raw, problem)
    if told.customer_id is not None and told.customer_id != tenant:
        return Refused(raw, "customer_id names another shop than your credentials belong to.", "customer_id")
    properties = told.properties or {}
    refused = event_limits.check_keys(raw, properties) if properties else None
    return refused or _event(tenant, raw, told, properties, seq, sent_at)


def malformed(raw: bytes, problem: Exception) -> Refused:
    """Why msgspec could not read it, in words for the sender."""
    if isinstance(problem, UnicodeDecodeError):
        return Refused(raw, "The event is not UTF-8.")
    if isinstance(problem, RecursionError):
        return Refused(raw, f"The event is nested more than {event_limits.MAX_DEPTH} deep.")
    text = str(problem)
    found = _FIELD.search(text)
    field = (found[1] or found[2]) if found else None
    if isinstance(problem, msgspec.ValidationError):
        sentence = f"{field} is missing." if found and found[2] else f"{field or 'The event'}: {_FIELD.sub('', text)}."
        return Refused(raw, sentence, field or None)
    return Refused(raw, f"The event is not JSON: {text.removeprefix('JSON is malformed: ')}.")


def _event(tenant: str, raw: bytes, told: Tracked, properties: dict, seq: int, sent_at: int | None) -> Event | Refused:
    user_id, visitor_id = _id(told.user_id), _id(told.visitor_id)
    if not visitor_id:
        if not user_id:
            return Refused(raw, "The event names neither a visitor_id nor a user_id.", "visitor_id")
        visitor_id = f"user:{user_id}"
    if b"\\u0000" in raw and "\0" in f"{visitor_id}{user_id}{told.session_id}{told.event_type}":
        return Refused(raw, "An id or name contains the character NUL.", "visitor_id")
    name = told.event_id if told.event_id is not None else told.messageId
    moment = times.parse(told.timestamp) if told.timestamp is not None else None
    event = Event(
        event_id=event_schema.event_uuid(tenant, str(name)) if name not in (None, "") else event_schema.new_uuid(),
        event_type=told.event_type,
        visitor_id=visitor_id,
        session_id=_id(told.session_id),
        seq=seq,
        timestamp=moment,
        sent_at=times.parse(told.sent_at) if told.sent_at is not None else sent_at,
        user_id=user_id,
        event_name=told.event_name or "",
        page_url=told.page_url or "",
        referrer=told.referrer or "",
        properties=_encode(properties).decode() if properties else "{}",
    )
    # Most events leave these out, and every argument of a struct costs.
    if moment is None and told.timestamp not in (None, ""):
        event.time_flag = "unreadable"
    for name in SELDOM:
        if value := getattr(told, name):
            setattr(event, name, value)
    if told.context:
        add_context(event, told.context)
    return event


def add_context(event: Event, context: dict) -> None:
    """Fill what the event does not say itself from a `context` as Segment's libraries send it."""
    page, campaign, location, device = (_object(context.get(name)) for name in ("page", "campaign", "location", "device"))
    event.page_url = event.page_url or _text(page.get("url"))[: event_limits.MAX_URL]
    event.page_title = event.page_title or _text(page.get("title"))
    event.referrer = event.referrer or _text(page.get("referrer"))[: event_limits.MAX_URL]
    event.user_agent = event.user_agent or _text(context.get("userAgent"))
    event.time_zone = event.time_zone or _text(context.get("timezone"))
    event.source = event.source or _text(campaign.get("source"))
    event.medium = event.medium or _text(campaign.get("medium"))
    event.campaign = event.campaign or _text(campaign.get("name"))
    event.country = event.country or _text(location.get("country"))
    event.region = event.region or _text(location.get("region"))
    event.device_type = event.device_type or _text(device.get("type"))
    event.session_id = event.session_id or facts.text(context.get("sessionId"))[: event_limits.MAX_ID]


def _id(value: str | int | None) -> str:
    return value if type(value) is str else "" if value is None else str(value)


def _object(value) -> dict:
    return value if isinstance(value, dict) else {}


def _text(value) -> str:
    return value[: event_limits.MAX_TEXT] if isinstance(value, str) else ""
