"""Why did it change? Diverging bars in money."""

from collections.abc import Sequence
from decimal import Decimal

from dash import html

from dashboard import formats
from dashboard.components.basics import term
from dashboard.components.cards import rows_of


def causes(rows: Sequence[tuple[str, Decimal]], currency: str, *, rest: Decimal | None = None, rest_means: str = ""):
    """rows: [(cause, amount)], drawn in their order; petrol speaks for, copper against. rest: what no cause accounts for."""
    most = max((amount for _, amount in rows if amount > 0), default=Decimal(0))
    least = min((amount for _, amount in rows if amount < 0), default=Decimal(0))
    span = (most - least) or Decimal(1)
    parts = [_cause(text, amount, float(abs(amount) / span), currency) for text, amount in rows]
    if rest is not None:
        parts.append(html.P([term("Not explained", rest_means), f": {signed(rest, currency)}"], className="quiet"))
    table = [[text, str(amount)] for text, amount in rows] + ([["Not explained", str(rest)]] if rest is not None else [])
    # One scale for both directions: the zero line stands where the longest bars of both sides fit.
    return html.Div(parts, style={"--zero": f"{float(-least / span):.1%}"}, **rows_of(["Cause", currency], table))


def signed(amount: Decimal, currency: str) -> str:
    """+€21.4k · −€3.9k · €0.00."""
    return ("+" if amount > 0 else "") + formats.money(amount, currency)


def _cause(text: str, amount: Decimal, share: float, currency: str):
    bar = html.I(className="plus" if amount > 0 else "minus", style={"width": f"{share:.1%}"})
    return html.Div(
        [html.Div(text), html.B(signed(amount, currency), className="num"), html.Div(bar, className="cause-line")], className="cause"
    )
