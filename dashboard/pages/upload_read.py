"""The last step of an upload: progress, then what became of the rows, and the way back."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from dash import Input, Output, State, dcc, html, no_update
from dash.exceptions import PreventUpdate

from actions import jobs, tenants, upload_errors, uploads
from actions.upload_errors import Reason
from actions.uploads import Upload
from dashboard import auth, formats
from dashboard import components as ui
from dashboard.pages import upload_words as words
from jobs import queue

TICK_MS = 800


def register(app):
    """Follow the job; stop it; undo what it did."""

    @app.callback(
        Output("upload-progress", "children"),
        Output("upload-state", "data"),
        Input("upload-follow-tick", "n_intervals"),
        State("upload-id", "data"),
        prevent_initial_call=True,
    )
    def follow(tick, id):
        upload = uploads.load(auth.identity().tenant, UUID(id))
        if upload.is_busy:
            return _progress(upload), no_update
        return no_update, f"{upload.state} {tick}"

    @app.callback(
        Output("upload-state", "data", allow_duplicate=True),
        Input("upload-stop", "n_clicks"),
        State("upload-id", "data"),
        prevent_initial_call=True,
    )
    def stop(clicks, id):
        if not clicks:
            raise PreventUpdate
        upload = uploads.load(auth.identity().tenant, UUID(id))
        if upload.job_id and queue.stop(upload.tenant, upload.job_id).state == "stopped":
            uploads.change(upload.tenant, upload.id, state="received", message="Reading was stopped. Nothing was kept.")
        return f"stopped {clicks}"

    @app.callback(
        Output("upload-undo", "is_open"),
        Input("upload-undo-open", "n_clicks"),
        Input("upload-undo-no", "n_clicks"),
        prevent_initial_call=True,
    )
    def ask(opened, closed):
        return bool(opened) and (opened or 0) > (closed or 0)

    @app.callback(
        Output("upload-state", "data", allow_duplicate=True),
        Input("upload-undo-yes", "n_clicks"),
        State("upload-id", "data"),
        prevent_initial_call=True,
    )
    def undo(clicks, id):
        if not clicks:
            raise PreventUpdate
        upload = uploads.ask_undo(auth.identity().tenant, UUID(id))
        queue.wake(upload.tenant, upload.job_id, "undo_upload")
        return f"undoing {clicks}"


def reading(upload: Upload):
    """While a job works on it."""
    title = "Taking it back" if upload.state == "undoing" else "Reading"
    attributes = {"data-upload-watch": str(upload.id), "data-upload-name": upload.filename}
    body = html.Div(_progress(upload), id="upload-progress", **attributes)
    tick = dcc.Interval(id="upload-follow-tick", interval=TICK_MS)
    return html.Div([*_before(upload), ui.card(ui.numbered(3, title), body, menu=False), tick], className="rows narrow")


def done(upload: Upload):
    """What became of the rows."""
    parts = [*_before(upload), _result(upload)]
    if upload.rows_rejected:
        parts.append(_not_read(upload))
    rows = formats.counted(upload.rows_stored, "row")
    shop = tenants.load(upload.tenant).name
    body = f"{rows} of {upload.filename} leave {shop}, and its numbers are counted again. You can read the file once more for 7 days."
    if upload.kind == "profiles":
        body = f"The customers that {upload.filename} made leave {shop}. Those it only changed keep what it said."
    return html.Div(
        [*parts, ui.ask("upload-undo", "Undo this upload?", body, "Undo upload", look="danger")],
        className="rows narrow",
        **{"data-upload-seen": str(upload.id)},  # nobody need be told what he sees
    )


def _progress(upload: Upload):
    if upload.state == "undoing":
        return ui.job("Removing rows and counting again", None, "This takes about as long as half of the reading")
    title = upload.message or ("Waiting for a free worker" if upload.state == "waiting" else "Reading begins")
    rejected = f", {formats.whole(upload.rows_rejected)} not read so far" if upload.rows_rejected else ""
    stop = ui.button("Stop", id="upload-stop")
    return ui.job(title, upload.progress, f"{formats.percent(upload.progress, 0)} done{rejected}", _left(upload), stop)


def _left(upload: Upload) -> str:
    """about 40 s left, once there is something to judge by."""
    if not upload.job_id or upload.progress < 0.05:
        return ""
    started = jobs.load(upload.tenant, upload.job_id).started_at
    passed = (datetime.now(UTC) - started).total_seconds() if started else 0
    left = passed * (1 - upload.progress) / upload.progress
    return f"about {formats.duration(max(1, left))} left" if passed > 2 else ""


def _before(upload: Upload) -> list:
    """What was decided, one line each."""
    mapping = uploads.mapping_of(upload)
    ignored = sum(role == "ignore" for role in mapping.columns)
    count = len(mapping.columns)
    times = f", times in {mapping.zone}" if mapping.column("time") is not None else ""
    lines = (
        ("File and shop", [html.B(upload.filename), " into ", html.B(tenants.load(upload.tenant).name)]),
        ("Columns", f"{count - ignored} of {count} read{times}"),
    )
    return [html.Div([ui.status("good", title), html.Span(text, className="num")], className="panel step-past") for title, text in lines]


def _result(upload: Upload):
    took = f"Read in {formats.duration(max(1, upload.seconds or 1))}"
    said = html.Div([html.H2(ui.numbered(3, took)), html.P("Every question counts these rows already.")])
    acts = [
        ui.button("Undo this upload", "quiet", "bi-arrow-counterclockwise", id="upload-undo-open"),
        ui.link("Upload another file", "/app/data/upload"),
        _open(upload),
    ]
    head = html.Div([said, html.Div(acts, className="card-tools wrap")], className="card-head")
    tiles = [
        html.Div(
            [html.Span(label, className="term-plain"), html.Span(value, className="kpi-value num"), html.Span(more, className="quiet num")],
            className="kpi",
        )
        for label, value, more in _tiles(upload)
    ]
    return html.Section([head, html.Div(tiles, className=f"kpis of-{len(tiles)} inset")], className="panel")


def _open(upload: Upload):
    """Into the shop, on the file's own period."""
    zone = ZoneInfo(tenants.load(upload.tenant).timezone)
    if upload.period_start is None or upload.period_end is None:
        return ui.link("Open the shop", "/app/", "primary")
    first, last = (moment.astimezone(zone).date().isoformat() for moment in (upload.period_start, upload.period_end))
    months = words.months(upload.period_start, upload.period_end, zone.key)
    return ui.link(f"Open the shop in {months}", f"/app/?from={first}&to={last}", "primary")


def _tiles(upload: Upload) -> list[tuple[str, str, str]]:
    counts = upload.look.get("summary", {}).get("counts", {})
    known = "This file was not read before" if not upload.rows_known else "Stored by an earlier upload"
    reasons = "Every row was read" if not upload.rows_rejected else "See below"
    tiles = [
        ("Rows stored", formats.whole(upload.rows_stored), _stored(upload, counts)),
        ("Already known", formats.whole(upload.rows_known), known),
    ]
    if upload.kind == "orders":
        tiles.append(("Adjustments", formats.whole(upload.adjustments), "Kept, in no revenue"))
    if upload.kind == "events":
        tiles.append(("Purchases", formats.whole(counts.get("purchases")), f"{formats.whole(counts.get('unpriced'))} without an amount"))
    return [*tiles, ("Not read", formats.whole(upload.rows_rejected), reasons)]


def _stored(upload: Upload, counts: dict) -> str:
    if upload.kind == "orders":
        return f"{formats.counted(counts.get('sale', 0), 'sale')}, {formats.counted(counts.get('return', 0), 'return')} in the file"
    if upload.kind == "events":
        return f"{formats.counted(counts.get('persons', 0), 'person')} in the file"
    made = upload.look.get("made", 0)
    return f"{formats.whole(made)} new, {formats.whole(max(0, upload.rows_stored - made))} changed"


def _not_read(upload: Upload):
    count = formats.counted(upload.rows_rejected, "row")
    head = html.Tr([html.Th("Reason"), html.Th("Rows", className="right"), html.Th("Lines"), html.Th("For example", className="wide")])
    rows = [_reason(reason) for reason in upload_errors.reasons(upload.tenant, upload.id)]
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="plain-table reasons num")
    address = f"/api/v1/uploads/{upload.id}/errors.csv"
    get = html.A([ui.icon("bi-download"), html.Span(f"Download the {count}")], href=address, className="act act-plain", download="")
    sub = "Correct them in the file and upload it again: rows that are known already are not stored twice"
    verb = "was" if upload.rows_rejected == 1 else "were"
    return ui.card(f"{count} {verb} not read", table, sub=sub, tools=[get], menu=False)


def _reason(reason: Reason):
    lines = " · ".join(formats.whole(line) for line in reason.lines)
    more = reason.rows - len(reason.lines)
    return html.Tr(
        [
            html.Td(html.B(reason.reason)),
            html.Td(formats.whole(reason.rows), className="right"),
            html.Td(f"{lines} and {formats.whole(more)} more" if more else lines),
            html.Td(html.Code(reason.example[:80]), className="wide"),
        ]
    )
