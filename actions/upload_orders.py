"""A row of an order file as one line of an order. What it counts as (sale, return, adjustment) is decided where orders are computed."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache

from actions.event_schema import OrderLine
from actions.upload_mapping import Mapping
from actions.upload_values import Columns
from analytics import countries

NONE = Decimal(0)


def maker(mapping: Mapping, header: Sequence[str], tenant: str) -> Callable[[int, Sequence[str], bytes], OrderLine]:
    """A function from (line, cells, id) to an OrderLine; it raises BadRow."""
    columns = Columns(mapping, header)
    order, buyer, product = columns.id("order", needed=True), columns.id("person"), columns.id("product")
    time, price = columns.time(), columns.number("price", needed=True)
    quantity = columns.quantity(needed=True)
    discount, tax = columns.number("discount"), columns.number("tax")
    name, category, region = columns.text("name", 300), columns.text("category", 200), columns.text("region", 100)
    country_of = lru_cache(4_096)(countries.code)
    country, payment, currency = columns.text("country"), columns.text("payment", 60), columns.text("currency", 3)

    def make(line: int, cells: Sequence[str], id: bytes) -> OrderLine:
        pieces = quantity(cells)
        return OrderLine(
            line_id=id,
            order_id=order(cells),
            ordered_at=time(cells),
            quantity=1 if pieces is None else pieces,
            price=price(cells),
            seq=line,
            buyer_id=buyer(cells),
            product_id=product(cells),
            product=name(cells),
            category=category(cells),
            country=country_of(country(cells)),
            region=region(cells),
            payment=payment(cells),
            currency=currency(cells).upper(),
            discount=discount(cells) or NONE,
            tax=tax(cells) or NONE,
        )

    return make


def counts_as(line: OrderLine) -> str:
    """`sale`, `return` or `adjustment`, by the rule that docs/metrics.md states for revenue."""
    if line.price <= 0 or line.quantity == 0:
        return "adjustment"
    return "sale" if line.quantity > 0 else "return"
