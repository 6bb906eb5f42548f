"""The messages of Segment's libraries (track, page, screen, identify, group, alias) as events."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from actions import event_limits, event_schema, tracked_events
from actions.dead_letters import Refused
from actions.enrichment import facts, times
from actions.event_schema import Event
from actions.tracked_events import Id, Name, Text

TYPES = ("track", "page", "screen", "identify", "group", "alias")
SHORT = {"t": "track", "p": "page", "s": "screen", "i": "identify", "g": "group", "a": "alias", "b": "batch"}


class Message(msgspec.Struct, gc=False):
    """One message, whatever its type."""

    type: Name = None
    event: Annotated[str, Meta(min_length=1, max_length=event_limits.MAX_NAME)] | None = None
    name: Text = None
    category: Text = None
    userId: Id = None
    anonymousId: Id = None
    previousId: Id = None
    groupId: Id = None
    messageId: Id = None
    timestamp: str | int | float | None = None
    originalTimestamp: str | int | float | None = None
    sentAt: str | int | float | None = None
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None
    context: dict[str, Any] | None = None


class Batch(msgspec.Struct):
    """The body of /v1/batch."""

    batch: list[msgspec.Raw]
    sentAt: str | int | float | None = None
    writeKey: str | None = None
    context: dict[str, Any] | None = None


_decode = msgspec.json.Decoder(Message).decode
_encode = msgspec.json.Encoder().encode


def read(tenant: str, raw: bytes, seq: int, sent_at: int | None, *, type: str = "") -> Event | Refused:
    """The event in `raw`, or why it is refused. `type` is what the path says, `sent_at` the batch's in ms."""
    refused = event_limits.check_shape(raw)
    if refused:
        return refused
    try:
        message = _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        return tracked_events.malformed(raw, problem)
    kind = type or message.type or ""
    if kind not in TYPES:
        return Refused(raw, f"type is one of {', '.join(TYPES)}.", "type")
    if kind == "track" and not message.event:
        return Refused(raw, "event is missing.", "event")
    told = _told(message, kind)
    return event_limits.check_keys(raw, told) or _event(tenant, raw, message, kind, told, seq, sent_at)


def _told(message: Message, kind: str) -> dict:
    """What becomes the event's properties."""
    if kind in ("identify", "group"):
        return (message.traits or {}) | ({"group_id": message.groupId} if message.groupId is not None else {})
    return message.properties or {}


def _event(tenant: str, raw: bytes, message: Message, kind: str, told: dict, seq: int, sent_at: int | None) -> Event | Refused:
    user_id = facts.text(message.userId)
    visitor_id = facts.text(message.previousId if kind == "alias" else message.anonymousId) or (f"user:{user_id}" if user_id else "")
    if not visitor_id:
        return Refused(raw, "The message names neither an anonymousId nor a userId.", "anonymousId")
    if "\0" in f"{visitor_id}{user_id}{message.event}":
        return Refused(raw, "An id or name contains the character NUL.", "anonymousId")
    given = message.timestamp if message.timestamp is not None else message.originalTimestamp
    moment = times.parse(given) if given is not None else None
    event = Event(
        event_id=event_schema.event_uuid(tenant, str(message.messageId)) if message.messageId else event_schema.new_uuid(),
        event_type={"track": message.event, "page": "page_view", "screen": "screen_view"}.get(kind, kind),
        event_name=message.name or message.category or (message.event or "" if kind == "track" else ""),
        visitor_id=visitor_id,
        session_id=facts.text(told.get("session_id"))[: event_limits.MAX_ID],
        seq=seq,
        timestamp=moment,
        sent_at=times.parse(message.sentAt) if message.sentAt is not None else sent_at,
        time_flag="unreadable" if moment is None and given is not None else "",
        user_id=user_id,
        page_url=facts.text(told.get("url")) if kind == "page" else "",
        page_title=facts.text(told.get("title")) if kind == "page" else "",
        referrer=facts.text(told.get("referrer")) if kind == "page" else "",
        properties=_encode(told).decode() if told else "{}",
    )
    if message.context:
        tracked_events.add_context(event, message.context)
    return event
