"""Sends a dead letter again, as it came or mended."""

import uuid
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from actions import dead_letters, ingest, segment_messages, tracked_events
from actions.dead_letters import Letter, Refused
from actions.event_schema import SHOP_NAMESPACE, Client, Event, is_new
from errors import Conflict, Invalid


def replay(tenant: str, id: UUID, *, mended: dict | None = None) -> Letter:
    """The letter after its event was accepted: as it came, or as `mended`. It is counted once however often this is tried.

    Raises NotFound, Conflict when it was sent before, Invalid with the reason when it is still refused.
    """
    letter = dead_letters.load(tenant, id)
    if letter.replayed_at:
        raise Conflict("This dead letter was sent again already.")
    event = _read(tenant, letter, msgspec.json.encode(mended) if mended else letter.raw)
    if isinstance(event, Refused):
        raise Invalid(event.reason, fields={event.field: [event.reason]} if event.field else None)
    if is_new(event.event_id):  # two attempts must carry one id
        event.event_id = uuid.uuid5(SHOP_NAMESPACE, str(letter.id)).bytes
    received_at = (letter.received_at - datetime(1970, 1, 1, tzinfo=UTC)) // _MS
    ingest.accept(tenant, [event], origin=letter.origin, client=Client(), received_at=received_at)
    dead_letters.note_replayed(tenant, id)
    return dead_letters.load(tenant, id)


_MS = timedelta(milliseconds=1)


def _read(tenant: str, letter: Letter, raw: bytes) -> Event | Refused:
    reader = segment_messages if letter.origin == "segment" else tracked_events
    return reader.read(tenant, raw, 0, None)
