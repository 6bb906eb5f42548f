"""Step 2 of an upload: what each column means, how event names are read, five rows as they will be stored."""

from uuid import UUID

from dash import ALL, Input, Output, State, ctx, dcc, html
from dash.exceptions import PreventUpdate

from actions import tenants, upload_mapping, upload_preview, upload_roles, upload_times, uploads
from actions.upload_mapping import Mapping
from actions.upload_names import NameFound
from actions.upload_preview import ColumnFound, Preview
from analytics import event_names
from dashboard import auth, formats
from dashboard import components as ui
from dashboard.pages import upload_rows, upload_sum
from dashboard.pages import upload_words as words
from dashboard.pages.upload_map import NEW, ZONES
from jobs import queue

HOW = {"known": "", "guess": "guess", "kept": "kept", "chosen": "chosen"}
FIRST_NAMES = 8
NAMES = (*event_names.GA4, "feedback", "error", "order_cancelled")


def register(app):
    """Draw what the mapping is, and change it."""

    @app.callback(
        Output("upload-wish", "data", allow_duplicate=True),
        Input("upload-kind", "value"),
        Input("upload-zone", "value"),
        Input({"type": "upload-role", "column": ALL}, "value"),
        Input("upload-time-zone", "value", allow_optional=True),
        Input("upload-time-form", "value", allow_optional=True),
        Input({"type": "upload-as", "name": ALL}, "value"),
        State("upload-mapping", "data"),
        prevent_initial_call=True,
    )
    def change(kind, _shop_zone, _roles, zone, form, _names, now):
        # What is drawn reports its values once: before there is a mapping, or as it is, that changes nothing.
        if not now:
            raise PreventUpdate
        mapping = upload_mapping.from_json(now)
        if kind != mapping.kind:
            return {"kind": kind, "zone": mapping.zone}
        wanted = _changed(mapping, zone, form).to_json()
        if wanted == now:
            raise PreventUpdate
        return wanted

    @app.callback(
        Output("upload-columns", "children"),
        Output("upload-names", "children"),
        Output("upload-names-sub", "children"),
        Output("upload-names-place", "hidden"),
        Output("upload-preview", "children"),
        Output("upload-sum", "children"),
        Output("upload-columns-sub", "children"),
        Output("upload-facts", "children"),
        Output("upload-reason", "children"),
        Output("upload-kind", "value"),
        Output("upload-mapping", "data", allow_duplicate=True),
        Output("upload-read", "disabled"),
        Output("upload-read", "children"),
        Output("upload-count-tick", "disabled"),
        Input("upload-wish", "data"),
        Input("upload-count-tick", "n_intervals"),
        Input("upload-currency", "value"),
        Input("upload-shop", "value"),
        State("upload-id", "data"),
        State("upload-mapping", "data"),
        prevent_initial_call="initial_duplicate",
        card=("upload-columns-card", "upload-names-card", "upload-preview-card", "upload-sum-card"),
    )
    def draw(wish, _tick, currency, shop, id, now):
        who = auth.identity()
        upload = uploads.load(who.tenant, UUID(id))
        if upload.state not in uploads.READABLE:
            raise PreventUpdate
        is_tick = ctx.triggered_id == "upload-count-tick"
        if is_tick and upload_preview.summary_of(who.tenant, upload.id, upload_mapping.from_json(now)) is None:
            raise PreventUpdate
        preview = _preview(who.tenant, upload, wish if ctx.triggered_id == "upload-wish" else now or wish)
        return _drawn(upload, preview, currency if shop == NEW else tenants.load(shop).currency)


def _preview(tenant: str, upload: uploads.Upload, asked: dict | None) -> Preview:
    """The preview as asked; for a large file a job counts what all rows would do."""
    if asked and "columns" in asked:
        preview = upload_preview.of(tenant, upload.id, upload_mapping.from_json(asked))
    else:
        preview = upload_preview.of(tenant, upload.id, kind=asked["kind"] if asked else None, zone=asked["zone"] if asked else "UTC")
    if preview.summary is None and not preview.missing:
        queue.wake(tenant, upload_preview.ask_count(tenant, upload.id, preview.mapping), "count_upload")
    return preview


def _drawn(upload: uploads.Upload, preview: Preview, currency: str) -> list:
    """All outputs of `draw`."""
    mapping, summary = preview.mapping, preview.summary
    is_waiting = summary is None and not preview.missing
    span = (uploads.instant(summary.first_ms), uploads.instant(summary.last_ms)) if summary else (None, None)
    counted = upload.look | ({"rows": summary.rows} if summary else {})
    verb = f"Read {formats.whole(counted['rows'])} rows" if counted["rows"] is not None else "Read the file"
    return [
        _columns(preview),
        _names(preview.names),
        f"{len(preview.names)} in the file; questions use the name on the right",
        not preview.names,
        upload_rows.table(preview.rows, mapping, currency),
        upload_sum.counting(upload) if is_waiting else upload_sum.render(preview, currency),
        "Guessed from names and values; counts are of the whole file" if summary else "Guessed from names and values",
        words.facts(upload, words.period(*span, mapping.zone)),
        preview.reason,
        mapping.kind,
        mapping.to_json(),
        bool(preview.missing),
        html.Span(verb),
        not is_waiting,
    ]


def _changed(mapping: Mapping, zone: str | None, form: str | None) -> Mapping:
    """The mapping with the one control changed that the user touched."""
    touched, value = ctx.triggered_id, ctx.triggered[0]["value"]
    if isinstance(touched, dict) and touched["type"] == "upload-role":
        return upload_mapping.with_role(mapping, touched["column"], value)
    if isinstance(touched, dict) and touched["type"] == "upload-as":
        return upload_mapping.with_name(mapping, touched["name"], value)
    if touched == "upload-zone":  # the new shop's; its files are usually written in it
        return upload_mapping.with_time(mapping, value, form or mapping.time_form)
    if touched in ("upload-time-zone", "upload-time-form"):
        return upload_mapping.with_time(mapping, zone or mapping.zone, form or mapping.time_form)
    return mapping


def _columns(preview: Preview):
    rows = [
        html.Tr([html.Td(_first(column)), html.Td(_role(n, column, preview)), html.Td(_found(column, preview))])
        for n, column in enumerate(preview.columns)
    ]
    head = html.Tr([html.Th("Column and first values"), html.Th("Read as"), html.Th("What was found")])
    return html.Table([html.Thead(head), html.Tbody(rows)], className="plain-table mapping")


def _first(column: ColumnFound) -> list:
    return [html.B(column.name, title=column.name), html.Div(", ".join(column.values) or "empty", className="quiet num")]


def _role(number: int, column: ColumnFound, preview: Preview):
    return dcc.Dropdown(
        upload_roles.choices(preview.mapping.kind),
        column.role,
        id={"type": "upload-role", "column": number},
        clearable=False,
        maxHeight=320,
        className="is-off" if column.role == upload_roles.IGNORE else "",
        placeholder=f"Role of {column.name}",
    )


def _found(column: ColumnFound, preview: Preview) -> list:
    """What stands beside a column: its zone, its gaps, what its values mean."""
    if column.role == "time":
        return _time(column, preview.mapping)
    note = upload_sum.note(column, preview)
    return [ui.status(*note)] if note else []


def _time(column: ColumnFound, mapping: Mapping) -> list:
    if column.time is None:
        return [ui.status("bad", "Most values are no time")]
    parts = []
    if column.time.form in ("dmy", "mdy"):
        forms = {form: upload_times.FORMS[form] for form in ("dmy", "mdy")}
        chosen = dcc.Dropdown(forms, mapping.time_form, id="upload-time-form", clearable=False, searchable=False)
        parts.append(html.Div([ui.status("info" if column.time.is_sure else "warn", column.time.evidence), chosen], className="zone"))
    if not column.time.has_zone:
        chosen = dcc.Dropdown(ZONES, mapping.zone, id="upload-time-zone", clearable=False, maxHeight=320)
        parts.append(html.Div([ui.status("info", "No zone, read as"), chosen], className="zone"))
    return parts or [ui.status("good", "Each time names its zone")]


def _names(found: list[NameFound]) -> list:
    rows = [
        html.Tr(
            [
                html.Td([html.B(name.name, title=name.name), html.Div(formats.counted(name.rows, "row"), className="quiet num")]),
                html.Td(_as(name)),
                html.Td([html.Span(name.page_type or "–"), html.Span(f", {HOW[name.how]}" if HOW[name.how] else "", className="quiet")]),
            ]
        )
        for name in found
    ]
    head = html.Tr([html.Th("In the file"), html.Th("Read as"), html.Th("Page type")])
    table = html.Table([html.Thead(head), html.Tbody(rows[:FIRST_NAMES])], className="plain-table mapping")
    if len(rows) <= FIRST_NAMES:
        return [table]
    more = html.Table(html.Tbody(rows[FIRST_NAMES:]), className="plain-table mapping")
    return [table, html.Details([html.Summary(_more(found[FIRST_NAMES:]), className="act act-quiet"), more], className="more-line")]


def _as(name: NameFound):
    options = {event: event for event in (*NAMES, name.event)}
    if name.name not in NAMES:
        options[name.name] = f"{name.name} (as it is)"
    return dcc.Dropdown(options, name.event, id={"type": "upload-as", "name": name.name}, clearable=False, maxHeight=320)


def _more(rest: list[NameFound]) -> str:
    counts = {how: sum(name.how == how for name in rest) for how in ("known", "guess", "kept", "chosen")}
    said = {"known": "known", "guess": "guessed", "kept": "kept as they are", "chosen": "chosen"}
    return f"{len(rest)} more: " + ", ".join(f"{count} {said[how]}" for how, count in counts.items() if count)
