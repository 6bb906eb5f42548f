"""Step 3 of an upload: what will be stored, and what counts differently than one would think."""

from decimal import Decimal

from dash import html

from actions.upload_counting import Summary
from actions.upload_preview import ColumnFound, Preview
from actions.uploads import Upload
from dashboard import components as ui
from dashboard import formats

NOBODY_FROM = 0.05  # a smaller share of rows without a person is worth no warning
LINES = {
    "orders": (
        ("sale", "Sales, rows"),
        ("return", "Returns, rows"),
        ("adjustment", "Adjustments, rows"),
        ("orders", "Orders"),
        ("customers", "Customers"),
    ),
    "events": (
        ("events", "Events"),
        ("sessions", "Sessions"),
        ("persons", "Persons"),
        ("purchases", "Purchases"),
        ("names", "Event names"),
    ),
    "profiles": (("customers", "Customers"), ("without_email", "Without an email")),
}


def render(preview: Preview, currency: str) -> list:
    """The sums by kind, and the checks."""
    if preview.summary is None:
        return [
            _into(None),
            ui.checks([("bad", f"Choose the column for {need}", "Without it no row can be stored") for need in preview.missing]),
        ]
    summary = preview.summary
    known = [(label, formats.whole(summary.counts[name])) for name, label in LINES[preview.mapping.kind] if name in summary.counts]
    if summary.net is not None:
        known.append(("Net revenue", formats.money(Decimal(summary.net), currency)))
    return [_into(summary.rows - summary.rejected), html.Div(ui.pairs(known), className="sum"), ui.checks(_checks(preview, summary))]


def counting(upload: Upload) -> list:
    """While a job counts a large file."""
    rows = upload.look.get("rows")
    said = f"Counting {formats.whole(rows)} rows" if rows else "Counting the rows"
    return [_into(rows), html.P([ui.icon("bi-arrow-repeat"), f" {said}. You need not wait for it."], className="quiet", role="status")]


def note(column: ColumnFound, preview: Preview) -> tuple[str, str] | None:
    """What is worth knowing about a column: tone and words."""
    counts = preview.summary.counts if preview.summary else {}
    empty = f"{formats.whole(column.empty)} empty" if column.empty else ""
    if column.role == "order" and counts.get("cancelled"):
        return "info", f"{formats.whole(counts['cancelled'])} rows start with C: returns"
    if column.role == "price" and counts.get("adjustment"):
        return "info", f"{formats.whole(counts['adjustment'])} are 0 or less: adjustments"
    if column.role == "person" and empty:
        return "warn", f"{empty}: nobody known"
    if column.role == "event" and preview.names:
        return "info", f"{formats.counted(len(preview.names), 'name')}, read as below"
    return ("info", empty) if empty else None


def _into(rows: int | None):
    count = formats.whole(rows) if rows is not None else formats.NONE
    return html.Div(
        [
            html.Div([html.Span(count, className="big num"), html.Span("rows", className="quiet")], className="count-line"),
            html.P(id="upload-into", className="quiet"),
        ]
    )


def _checks(preview: Preview, summary: Summary) -> list[tuple]:
    found = {"orders": _of_orders, "events": _of_events, "profiles": lambda *_: []}[preview.mapping.kind](preview, summary)
    needed = {"orders": "Order, time and price", "events": "Time, event and somebody", "profiles": "The person"}[preview.mapping.kind]
    rows = [("good", needed, "All found"), *found]
    if summary.rejected:
        worst = summary.reasons[0]
        rows.append(
            (
                "bad",
                f"{formats.counted(summary.rejected, 'row')} cannot be read",
                f"{worst.reason}, as in line {formats.whole(worst.lines[0])}",
            )
        )
    if summary.equal:
        verb = "equals" if summary.equal == 1 else "equal"
        rows.append(("good", f"{formats.counted(summary.equal, 'row')} {verb} another row", "Kept, each one counts"))
    return rows


def _of_orders(_preview: Preview, summary: Summary) -> list[tuple]:
    nobody, rows = summary.counts.get("nobody", 0), max(1, summary.rows - summary.rejected)
    if nobody / rows < NOBODY_FROM:
        return []
    return [("warn", f"{formats.percent(nobody / rows, 0)} of the rows name nobody", "They count as orders, not as customers")]


def _of_events(preview: Preview, summary: Summary) -> list[tuple]:
    rows = []
    if "session" not in preview.mapping.columns:
        rows.append(("info", "No session in the file", "30 minutes without an event end one"))
    if unpriced := summary.counts.get("unpriced"):
        verb = "has" if unpriced == 1 else "have"
        rows.append(("warn", f"{formats.counted(unpriced, 'purchase')} {verb} no amount", "They count as orders, not as revenue"))
    return rows
