"""Why did net revenue change? The causes of analytics.overview, in money."""

from analytics.overview import Cause, Overview
from analytics.scope import Scope
from dashboard import components as ui
from dashboard import formats, scope_bar

WORDS = {
    "visits": ("More visits", "Fewer visits"),
    "conversion": ("More orders per visit", "Fewer orders per visit"),
    "average_order": ("Larger orders", "Smaller orders"),
    "refunds": ("Fewer refunds", "More refunds"),
}
REST = "What the causes above do not account for. Orders without visits, as in an imported list, have no causes."


def without():
    """What stands there when nothing is compared."""
    return ui.empty_state("bi-arrow-left-right", "Nothing is compared", "Choose a comparison above to see what changed.")


def explain(found: Overview, scope: Scope):
    """The body of the card and its subtitle."""
    if found.before is None:
        return ui.too_few(f"There is nothing from {scope_bar.day_range(scope.previous())} to compare with."), ""
    moved = found.now.net_revenue - found.before.net_revenue
    sub = f"{formats.money(abs(moved), scope.currency)} {'more' if moved >= 0 else 'less'} than {scope_bar.day_range(scope.previous())}"
    if scope_bar.is_open(scope):
        sub += ", up to the same hour"
    rows = [(said(cause), cause.amount) for cause in found.causes if cause.kind in WORDS and cause.amount]
    # A cent or two is what rounding leaves.
    rest = next((cause.amount for cause in found.causes if cause.kind == "unexplained" and abs(cause.amount) >= 1), None)
    segments = [(said(cause), cause.amount) for cause in found.causes if cause.kind == "segment"]
    parts = [ui.causes(sorted(rows, key=lambda row: -abs(row[1])), scope.currency, rest=rest, rest_means=REST)]
    if segments:
        parts += [ui.heading("Where it shows most"), ui.causes(segments, scope.currency)]
    return parts, sub


def said(cause: Cause) -> str:
    """More visits · Smaller orders · Mobile · Germany."""
    if cause.kind == "segment":
        return scope_bar.label(cause.dimension, cause.value)
    return WORDS[cause.kind][0 if cause.amount >= 0 else 1]
