"""What goes into the log comes out of it."""

import uuid
from decimal import Decimal

import msgspec
import pytest

from actions import event_schema
from actions.event_schema import Client, Entry, Event, OrderLine


def test_an_entry_comes_back_as_it_was():
    event = Event(event_id=bytes(range(16)), event_type="page_view", visitor_id="v", session_id="s", timestamp=1, properties='{"a":"ü"}')
    line = OrderLine(line_id=bytes(16), order_id="o", ordered_at=1, quantity=-2, price=Decimal("2.30"))
    entry = Entry("shop", 5, "upload", "import", Client("Mozilla", "DE"), [event], [line])
    assert event_schema.decode(event_schema.encode(entry)) == entry
    assert entry.size == 2


def test_anything_else_is_refused():
    for raw in (b"", b"\x00", b"{}", b"\x91\x01"):
        with pytest.raises(msgspec.DecodeError):
            event_schema.decode(raw)


def test_a_uuid_is_itself_and_any_other_text_has_one_of_its_shop():
    id = uuid.uuid4()
    assert event_schema.event_uuid("a", str(id)) == event_schema.event_uuid("b", str(id).upper()) == id.bytes
    assert event_schema.event_uuid("a", "order-1") == event_schema.event_uuid("a", "order-1") != event_schema.event_uuid("b", "order-1")
    assert uuid.UUID(bytes=event_schema.event_uuid("a", "x-y-z-w-" + "g" * 28)).version == 5


def test_an_id_of_ours_is_known_again():
    made = event_schema.new_uuid()
    assert (event_schema.is_new(made), event_schema.is_new(uuid.uuid4().bytes)) == (True, False)
    assert uuid.UUID(event_schema.uuid_text(made)).bytes == made
