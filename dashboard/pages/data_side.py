"""What stands beside the chart and the debugger of Data: warnings, the snippet, the uploads."""

from datetime import UTC, datetime

from dash import dcc, html

import settings
from actions import keys, uploads
from actions.uploads import Upload
from analytics.arrival_warnings import Warning
from dashboard import components as ui
from dashboard import formats
from dashboard.pages.data_chart import ORIGINS

CLOCKS = {
    "corrected": "Clocks that are off: times corrected",
    "future": "Times more than a day ahead: taken as of arrival",
    "unreadable": "Times that nobody can read: taken as of arrival",
}
FILES = 5
WAITING = {"waiting": "Waiting", "reading": "Reading", "storing": "Storing", "undoing": "Taking back"}
KINDS = {"events": "event", "orders": "order line", "profiles": "profile"}


def warnings(found: list[Warning], tz: str):
    """One line for each, with the way to an example."""
    if not found:
        return html.P([ui.status("good", "Nothing to fix"), " Everything of today was read as it was meant."], className="quiet")
    rows = [_warning(warning, tz) for warning in found]
    return html.Ul(rows, className="list")


def _warning(warning: Warning, tz: str):
    tone, what, how_many = _said(warning)
    origins = " and ".join(ORIGINS.get(origin, origin) for origin in warning.origins)
    where = f"{how_many}from {origins} since {formats.moment(warning.since, tz)}"
    verb = ui.button("Name it" if warning.kind == "new_name" else "Show one", id={"type": "data-sample", "key": warning.example})
    return html.Li([ui.status(tone, ""), html.Div([html.Div(what), html.Small(where)]), verb])


def _said(warning: Warning) -> tuple[str, str, str]:
    """Tone, headline, and how many where the headline does not say."""
    count = formats.whole(warning.count)
    if warning.kind == "rejected":
        return "bad", f"{formats.counted(warning.count, 'event')} rejected: {warning.subject}", ""
    if warning.kind == "no_amount":
        return "warn", "Purchases without an amount", f"{count} of {formats.whole(warning.total)} "
    if warning.kind == "clock":
        return "warn", CLOCKS.get(warning.subject, warning.subject), f"{formats.counted(warning.count, 'event')} "
    return "info", f"New event name: {warning.subject}", f"{formats.counted(warning.count, 'time')}, kept as it is, "


def snippet(tenant: str, seen: tuple[datetime, str] | None, tz: str):
    """The line for the shop's pages, with its key, and whether it is heard of."""
    address, key = settings.current().base_url, keys.write_key(tenant)
    line = f'<script async src="{address}/tracker.js"\n  data-key="{key}"></script>'
    state = ui.status("quiet", "Not heard of in the last 24 hours")
    if seen:
        age = formats.age(max((datetime.now(UTC) - seen[0]).total_seconds(), 0))
        state = ui.status("good", f"Seen {age} ago" + (f" on {seen[1]}" if seen[1] else ""))
    text = "Before </head> on every page. Sessions, consent and page views come by themselves."
    return [html.P(text, className="quiet"), ui.code(line, "Snippet"), state]


def uploaded(tenant: str, tz: str):
    """The newest uploads, each with its state in a word."""
    found = uploads.recent(tenant, FILES)
    if not found:
        return html.P("No file yet. Upload a clickstream, order lines or profiles as CSV.", className="quiet")
    return html.Ul([_upload(upload, tz) for upload in found], className="list")


def _upload(upload: Upload, tz: str):
    tone, word = _state(upload)
    name = dcc.Link(upload.filename, href=f"/app/data/upload?id={upload.id}", className="verb")
    return html.Li([ui.icon("bi-file-earmark-text"), html.Div([name, html.Small(_size(upload, tz))]), ui.status(tone, word)])


def _state(upload: Upload) -> tuple[str, str]:
    if upload.state in WAITING:
        return "info", WAITING[upload.state]
    if upload.state in ("failed", "undone"):
        return ("bad", "Failed") if upload.state == "failed" else ("quiet", "Taken back")
    return ("warn", f"{formats.whole(upload.rows_rejected)} not read") if upload.rows_rejected else ("good", "Read")


def _size(upload: Upload, tz: str) -> str:
    if upload.is_busy:
        return upload.message or f"{formats.percent(upload.progress, 0)} done"
    kind = KINDS.get(upload.kind, "row")
    return f"{formats.counted(upload.rows_stored, kind)} · {formats.moment(upload.created_at, tz)}"
