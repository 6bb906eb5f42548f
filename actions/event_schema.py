"""What one recorded thing looks like on its way through the log: an event, an order line, and the entry that holds them.

The web process fills what must not change when an entry is read again (ids, times, session); everything else about an
event is a function of its entry and the shop's settings and is worked out by the consumer (actions/enrichment).
"""

import os
import uuid
from decimal import Decimal

import msgspec

ORIGINS = ("browser", "server", "segment", "upload", "demo", "shop")
SHOP_NAMESPACE = uuid.UUID("7d0b5c1e-5f0a-4f61-9b0e-2f9a4b1e6c55")


class Event(msgspec.Struct, array_like=True, gc=False, kw_only=True):
    """One event as it stands in the log. Ids, times and the session are decided; an empty text means "derive it" or "unknown".

    Facts of the shop (product_id, price, quantity, order_id, items, query, rating …) stand in `properties` under the names of
    actions/enrichment/facts.py, whoever sends them: a browser, a Segment library or an import's mapping.
    """

    event_id: bytes  # 16 bytes
    event_type: str  # as sent
    visitor_id: str
    session_id: str
    seq: int = 0  # position in the request or file: the order of events of one instant
    timestamp: int | None = None  # ms since 1970 UTC as the sender's clock said; None: no readable time, received_at stands for it
    sent_at: int | None = None  # ms, the sender's clock when it sent
    time_flag: str = ""  # "unreadable" where the sender gave a time nobody can read
    user_id: str = ""
    event_name: str = ""  # free text
    page_url: str = ""
    page_title: str = ""
    referrer: str = ""
    properties: str = "{}"  # a JSON object
    event: str = ""  # the canonical name where an import's mapping chose it
    page_type: str = ""
    device_type: str = ""
    browser: str = ""
    os: str = ""
    country: str = ""  # ISO 3166 alpha-2
    region: str = ""
    source: str = ""
    medium: str = ""
    campaign: str = ""
    channel: str = ""
    user_agent: str = ""  # where it differs from the client's of the request
    time_zone: str = ""  # the browser's, such as Europe/Berlin


class OrderLine(msgspec.Struct, array_like=True, gc=False, kw_only=True):
    """One line of an order as a file says it. Quantity below 0 with a price above 0 is a return; a price of 0 or less an adjustment."""

    line_id: bytes  # 16 bytes, UUIDv5 of the row's content and its number among equal rows
    order_id: str
    ordered_at: int  # ms since 1970 UTC
    quantity: int
    price: Decimal  # of one piece, in `currency`
    seq: int = 0  # position in the file
    buyer_id: str = ""
    product_id: str = ""
    product: str = ""  # its name
    category: str = ""
    country: str = ""  # as the file says it
    region: str = ""
    payment: str = ""
    currency: str = ""  # empty: the shop's
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)


class Client(msgspec.Struct, array_like=True, gc=False):
    """Who sent a request, as far as it matters for its events. No address: only the country that was read from it."""

    user_agent: str = ""  # of a browser; a server's library says nothing about the visitor
    country: str = ""
    page_origin: str = ""  # the Origin header
    key_id: str = ""


class Entry(msgspec.Struct, array_like=True, gc=False):
    """One entry of the log: a whole request, or a piece of an import."""

    tenant: str
    received_at: int  # ms since 1970 UTC, stamped before the log
    origin: str  # one of ORIGINS
    import_id: str
    client: Client
    events: list[Event]
    lines: list[OrderLine]

    @property
    def size(self) -> int:
        return len(self.events) + len(self.lines)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Entry)


def encode(entry: Entry) -> bytes:
    """The entry as the log keeps it."""
    return _encoder.encode(entry)


def decode(raw: bytes) -> Entry:
    """The entry that `encode` wrote; raises msgspec.DecodeError for anything else."""
    return _decoder.decode(raw)


def event_uuid(tenant: str, text: str) -> bytes:
    """The 16 bytes of an event's id: `text` itself where it is a UUID, else UUIDv5 of the tenant and the text."""
    try:
        return bytes.fromhex(text.replace("-", "")) if len(text) == 36 and text.count("-") == 4 else _named(tenant, text)
    except ValueError:
        return _named(tenant, text)


def new_uuid() -> bytes:
    """A random id for an event that came without one: a UUID of version 8, so that `is_new` knows it again."""
    id = bytearray(os.urandom(16))
    id[6], id[8] = id[6] & 0x0F | 0x80, id[8] & 0x3F | 0x80
    return bytes(id)


def is_new(event_id: bytes) -> bool:
    """Whether `new_uuid` made this id (or somebody who numbers his versions as we do)."""
    return event_id[6] >> 4 == 8


def uuid_text(event_id: bytes) -> str:
    """The id as people and JSON write it."""
    digits = event_id.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _named(tenant: str, text: str) -> bytes:
    return uuid.uuid5(SHOP_NAMESPACE, f"{tenant}\0{text}").bytes
