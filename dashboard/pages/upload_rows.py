"""The preview of an upload: a few rows as they will be stored."""

from collections.abc import Callable
from decimal import Decimal

from dash import html

from actions import uploads
from actions.upload_mapping import Mapping
from analytics import countries
from dashboard import formats

READ_AS = {"sale": "Sale", "return": "Return", "adjustment": "Adjustment"}
HEADS = {
    "time": "Time",
    "order": "Order",
    "read_as": "Read as",
    "product": "Product",
    "quantity": "Quantity",
    "price": "Price",
    "event": "Event",
    "page_type": "Page type",
    "page": "Page",
    "person": "Person",
    "session": "Session",
    "device": "Device",
    "channel": "Channel",
    "country": "Country",
    "properties": "Properties",
    "full_name": "Name",
    "email": "Email",
}
RIGHT = ("quantity", "price")


def table(rows: list[dict], mapping: Mapping, currency: str):
    """The rows, without the columns that are empty in all of them."""
    if not rows:
        return html.P("No row can be stored yet.", className="quiet")
    names = [name for name in rows[0] if any(row.get(name) not in ("", None) for row in rows)]
    show = _shown(mapping.zone, currency)
    head = html.Tr([html.Th(HEADS.get(name, name), className="right" if name in RIGHT else "") for name in names])
    lines = [html.Tr([html.Td(show(name, row.get(name)), className="right" if name in RIGHT else "") for name in names]) for row in rows]
    body = html.Table([html.Thead(head), html.Tbody(lines)], className="plain-table wide-table num")
    return html.Div(body, className="scroll-x", tabIndex=0, role="region", **{"aria-label": "Preview"})


def _shown(zone: str, currency: str) -> Callable:
    how: dict[str, Callable] = {
        "time": lambda ms: formats.moment(uploads.instant(ms), zone),
        "quantity": formats.whole,
        "price": lambda text: formats.money(Decimal(text), currency, exact=True),
        "read_as": READ_AS.get,
        "country": countries.name,
        "device": formats.words,
        "channel": formats.words,
        "properties": lambda text: text if len(text) <= 60 else f"{text[:57]}…",
    }

    def show(name: str, value) -> str:
        return how.get(name, str)(value) if value not in ("", None) else formats.NONE

    return show
