"""What purchases, refunds, cancellations and imported files tell about orders, as rows of order_lines_raw."""

import uuid
from collections.abc import Iterator
from decimal import Decimal

import pyarrow as pa

from actions.enrichment import facts, money
from actions.enrichment.facts import Facts, Item
from actions.event_schema import Entry, OrderLine
from jobs.ingest_columns import MONEY, TIME, Columns, currency_of

KINDS = {"purchase": "", "refund": "refund", "order_cancelled": "cancellation"}
NO_EVENT = bytes(16)
MOST_PIECES = 2**31 - 1
OF_THE_VISIT = ["country", "region", "device_type", "channel", "is_bot"]
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("order_id", "import_id", "source", "kind", "buyer_id", "visitor_id", "session_id", "product_id")]
    + [(name, pa.string()) for name in ("product", "category", "country", "region", "device_type", "channel", "payment", "currency")]
    + [("line_id", pa.binary(16)), ("event_id", pa.binary(16)), ("seq", pa.uint32()), ("received_at", TIME), ("ordered_at", TIME)]
    + [("is_bot", pa.bool_()), ("quantity", pa.int32())]
    + [(name, MONEY) for name in ("price", "discount", "tax", "cost")]
)


def rows(tenant: str, columns: Columns, new: set[int], entries: list[Entry]) -> pa.Table:
    """The lines that the events at the indexes `new` and the files in `entries` tell, for order_lines_raw."""
    about = [index for index, name in enumerate(columns.names) if name in KINDS and index in new]
    # All at once: a single value of an Arrow column costs as much as a hundred together.
    places = columns.rows.select(OF_THE_VISIT).take(pa.array(about, pa.int64())).to_pylist()
    told = [line for index, place in zip(about, places, strict=True) for line in _of_event(columns, index, place)]
    told += [_of_file(entry, line) for entry in entries for line in entry.lines]
    return pa.Table.from_pylist(told, SCHEMA).add_column(0, "customer_id", pa.repeat(tenant, len(told)))


def order_ids(columns: Columns, entries: list[Entry]) -> list[str]:
    """The orders that anything in the batch is about, known before or not."""
    of_events = [order_id_of(columns, index) for index, name in enumerate(columns.names) if name in KINDS]
    return sorted({*of_events, *(line.order_id for entry in entries for line in entry.lines)} - {""})


def order_id_of(columns: Columns, index: int) -> str:
    """The order of a purchase, refund or cancellation; a purchase without an id is an order of its own."""
    named = facts.order_of(columns.facts[index])
    return named or (str(uuid.UUID(bytes=columns.events[index].event_id)) if columns.names[index] == "purchase" else "")


def _of_event(columns: Columns, index: int, place: dict) -> Iterator[dict]:
    event, entry, fact = columns.events[index], columns.entries[index], columns.facts[index]
    order_id, kind = order_id_of(columns, index), KINDS[columns.names[index]]
    if not order_id:
        return
    shared = {
        "order_id": order_id,
        "received_at": entry.received_at,
        "ordered_at": int(columns.times[index]),
        "import_id": entry.import_id,
        "source": "shop" if entry.origin == "shop" else "event",
        "kind": kind,
        "event_id": event.event_id,
        "buyer_id": event.user_id,
        "visitor_id": event.visitor_id,
        "session_id": event.session_id,
        "payment": facts.text(fact.payment_method, fact.payment_type),
        "currency": currency_of(fact),
    }
    shared |= place
    for number, item in enumerate(_items(fact, kind)):
        line_id = uuid.uuid5(uuid.UUID(bytes=event.event_id), str(number)).bytes
        yield shared | {"line_id": line_id, "seq": number} | _goods(item)


def _items(fact: Facts, kind: str) -> list[Item]:
    """An order's lines. A refund of one sum is one line of it; a refund or cancellation that names nothing means all that is left."""
    items = facts.items_of(fact)
    total = facts.worth(fact, "purchase")
    if kind == "" and items:
        return _with_order_discount(items, fact)
    if kind == "refund" and items and all(item.price is not None for item in items):
        return items
    if kind == "" or (kind == "refund" and total):
        return [Item("", "", "", 1, total, Decimal(0), Decimal(0), Decimal(0))]
    return [Item("", "", "", 0, None, Decimal(0), Decimal(0), Decimal(0))]


def _with_order_discount(items: list[Item], fact: Facts) -> list[Item]:
    """The order's own discount and tax stand on its first line where no line has one."""
    discount, tax = money.amount(fact.discount) or Decimal(0), money.amount(fact.tax) or Decimal(0)
    first, *others = items
    if any(item.discount for item in items):
        discount = Decimal(0)
    if any(item.tax for item in items):
        tax = Decimal(0)
    return [first._replace(discount=first.discount + discount, tax=first.tax + tax), *others]


def _goods(item: Item) -> dict:
    price = item.price if item.price is not None else Decimal(0)
    fits = abs(price * item.quantity) < money.LIMIT
    return {
        "product_id": item.product_id,
        "product": item.product,
        "category": item.category,
        "quantity": item.quantity,
        "price": price if fits else Decimal(0),
        "discount": item.discount,
        "tax": item.tax,
        "cost": item.cost,
    }


def _of_file(entry: Entry, line: OrderLine) -> dict:
    quantity = line.quantity if abs(line.quantity) <= MOST_PIECES else 0
    item = Item(
        line.product_id, line.product, line.category, quantity, _four(line.price), _four(line.discount), _four(line.tax), Decimal(0)
    )
    return _goods(item) | {
        "order_id": line.order_id,
        "line_id": line.line_id,
        "seq": line.seq,
        "received_at": entry.received_at,
        "ordered_at": line.ordered_at,
        "import_id": entry.import_id,
        "source": "import",
        "kind": "",
        "event_id": NO_EVENT,
        "buyer_id": line.buyer_id,
        "visitor_id": "",
        "session_id": "",
        "country": line.country,
        "region": line.region,
        "device_type": "",
        "channel": "",
        "payment": line.payment,
        "is_bot": False,
        "currency": line.currency,
    }


def _four(amount: Decimal) -> Decimal:
    return money.amount(amount) or Decimal(0)
