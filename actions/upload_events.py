"""A row of an event file as an event: who, when, what, and the shop's facts under the names that every sender uses."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec

from actions import event_schema, upload_names
from actions.enrichment import channel, device
from actions.event_schema import Event
from actions.upload_mapping import Mapping
from actions.upload_values import BadRow, Columns
from analytics import countries

MAX_KEPT = 2_000  # characters of a kept property
encode = msgspec.json.Encoder(decimal_format="number").encode
TEXT_FACTS = {"product": "product_id", "name": "product_name", "category": "category", "order": "order_id", "search": "search_term"}
NUMBER_FACTS = ("price", "value", "rating")


def maker(mapping: Mapping, header: Sequence[str], tenant: str) -> Callable[[int, Sequence[str], bytes], Event]:
    """A function from (line, cells, id) to an Event, whose session is '' where the row names none; it raises BadRow."""
    columns = Columns(mapping, header)
    what, facts = _what(mapping, columns), _facts(columns)
    time, who, given_id = columns.time(), _who(columns, header), columns.id("event_id")
    session, page, title = columns.id("session"), columns.text("page", 2_000), columns.text("title")
    referrer, browser, os = columns.text("referrer", 2_000), columns.text("browser", 60), columns.text("os", 60)
    country, region = columns.text("country"), columns.text("region", 100)
    source, medium, campaign = columns.text("source", 200), columns.text("medium", 200), columns.text("campaign", 200)
    device_type, page_type, came_by = columns.text("device", 60), columns.text("page_type", 40), columns.text("channel", 60)
    device_of, channel_of = lru_cache(4_096)(_device), lru_cache(4_096)(channel.named)

    def make(line: int, cells: Sequence[str], id: bytes) -> Event:
        sent, event, page_type_of_name = what(cells)
        user_id, visitor_id = who(cells)
        own_id = given_id(cells)
        return Event(
            event_id=event_schema.event_uuid(tenant, own_id) if own_id else id,
            event_type=sent,
            event=event,
            visitor_id=visitor_id,
            user_id=user_id,
            session_id=session(cells),
            seq=line,
            timestamp=time(cells),
            page_url=page(cells),
            page_title=title(cells),
            page_type=page_type(cells) or page_type_of_name,
            referrer=referrer(cells),
            device_type=device_of(device_type(cells)),
            browser=browser(cells),
            os=os(cells),
            country=countries.code(country(cells)),
            region=region(cells),
            source=source(cells),
            medium=medium(cells),
            campaign=campaign(cells),
            channel=channel_of(came_by(cells)),
            properties=facts(cells),
        )

    return make


def _what(mapping: Mapping, columns: Columns) -> Callable[[Sequence[str]], tuple[str, str, str]]:
    """A function from a row to its event as sent, its canonical name, and the page type that the name speaks of."""
    event = columns.text("event", 100)
    # A page view has the page's own type: what its name speaks of must not override the page's address.
    has_page = mapping.column("page") is not None
    is_page_file = mapping.column("event") is None

    @lru_cache(4_096)
    def read(name: str) -> tuple[str, str, str]:
        chosen = upload_names.found(name, 0, mapping.names.get(name))
        return name, chosen.event, "" if has_page and chosen.event == "page_view" else chosen.page_type

    def what(cells: Sequence[str]) -> tuple[str, str, str]:
        if is_page_file:
            return "page_view", "page_view", ""
        name = event(cells)
        if not name:
            raise BadRow("Event is empty", "", "")
        return read(name)

    return what


def _who(columns: Columns, header: Sequence[str]) -> Callable[[Sequence[str]], tuple[str, str]]:
    """A function from a row to its user and visitor; a row that names neither is bad."""
    person, visitor = columns.id("person"), columns.id("visitor")

    def who(cells: Sequence[str]) -> tuple[str, str]:
        user_id, visitor_id = person(cells), visitor(cells)
        if not visitor_id:
            if not user_id:
                raise BadRow("Nobody is named: neither a person nor a visitor", "", "")
            visitor_id = f"user:{user_id}"
        return user_id, visitor_id

    return who


def _facts(columns: Columns) -> Callable[[Sequence[str]], str]:
    """A function from a row to its properties as JSON."""
    texts = [(fact, columns.text(role)) for role, fact in TEXT_FACTS.items()] + [("currency", columns.text("currency", 3))]
    numbers = [(role, columns.number(role)) for role in NUMBER_FACTS] + [("quantity", columns.quantity(needed=False))]
    kept = columns.kept()

    def facts(cells: Sequence[str]) -> str:
        properties = {name: value[:MAX_KEPT] for place, name in kept if (value := cells[place].strip())}
        properties |= {name: value for name, read in texts if (value := read(cells))}
        properties |= {name: value for name, read in numbers if (value := read(cells)) is not None}
        return encode(properties).decode() if properties else "{}"

    return facts


def _device(name: str) -> str:
    """Our word for the device, else theirs in lower case."""
    return device.kind(name) or name.lower()
