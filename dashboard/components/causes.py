"""Why did it change? Diverging bars in money."""

from collections.abc import Sequence
from decimal import Decimal

from dash import html

from dashboard import formats
from dashboard.components.basics import term
from dashboard.components.cards import rows_of


def causes(rows: Sequence[tuple[str, Decimal]], currency: str, *, rest: Decimal | None = None, rest_means: str = ""):
    """rows: [(cause, amount)], drawn in their order; petrol speaks for, copper against. rest: what no cause accounts for."""
    most = max((abs(amount) for _, amount in rows), default=Decimal(0)) or Decimal(1)
    parts = [_cause(text, amount, float(abs(amount) / most), currency) for text, amount in rows]
    if rest is not None:
        parts.append(html.P([term("Not explained", rest_means), f": {signed(rest, currency)}"], className="quiet"))
    table = [[text, str(amount)] for text, amount in rows] + ([["Not explained", str(rest)]] if rest is not None else [])
    return html.Div(parts, **rows_of(["Cause", currency], table))


def signed(amount: Decimal, currency: str) -> str:
    """+€21.4k · −€3.9k · €0.00."""
    return ("+" if amount > 0 else "") + formats.money(amount, currency)


def _cause(text: str, amount: Decimal, share: float, currency: str):
    bar = html.I(className="plus" if amount > 0 else "minus", style={"width": f"{share * (0.7 if amount > 0 else 0.3):.1%}"})
    return html.Div(
        [html.Div(text), html.B(signed(amount, currency), className="num"), html.Div(bar, className="cause-line")], className="cause"
    )
