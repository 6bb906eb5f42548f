"""Step 2 of an upload, its frame: the file, the shop it goes into, and the parts that upload_columns fills."""

from uuid import UUID
from zoneinfo import available_timezones

from dash import Input, Output, State, ctx, dcc, html, no_update
from dash.exceptions import PreventUpdate

import errors
from actions import accounts, tenants, upload_mapping, upload_roles, uploads
from actions.accounts import Identity
from actions.uploads import NewShop, Upload
from dashboard import auth
from dashboard import components as ui
from dashboard.pages import upload_words as words
from dashboard.shops import CURRENCIES
from jobs import queue

TICK_MS = 900  # while a job counts a large file
NEW = "*"  # no shop has this id
ZONES = sorted(available_timezones())


def render(who: Identity, upload: Upload):
    """The form; what depends on the mapping comes by callback."""
    left = [
        *_said(upload),
        ui.card(ui.numbered(1, "File and shop"), _file(who, upload), id="upload-file", menu=False),
        ui.card(
            ui.numbered(2, "Columns"),
            html.Div(id="upload-columns"),
            sub=html.Span(id="upload-columns-sub"),
            id="upload-columns-card",
            menu=False,
        ),
        html.Div(
            ui.card("Event names", html.Div(id="upload-names"), sub=html.Span(id="upload-names-sub"), id="upload-names-card", menu=False),
            id="upload-names-place",
            hidden=True,
        ),
        ui.card("Preview", html.Div(id="upload-preview"), sub="Rows as they will be stored", id="upload-preview-card", className="preview"),
    ]
    side = ui.card(ui.numbered(3, "What will be stored"), html.Div(_sum(), className="rows"), id="upload-sum-card", menu=False)
    hidden = [
        dcc.Store(id="upload-wish"),  # what the user wants changed; what is drawn follows it
        dcc.Store(id="upload-mapping"),  # as it is drawn
        dcc.Interval(id="upload-count-tick", interval=TICK_MS, disabled=True),
    ]
    return html.Div(
        [*hidden, html.Div(left, className="w8 rows"), html.Div(side, className="w4 rows composer-side")], className="cols upload"
    )


def _said(upload: Upload) -> list:
    """What happened to the upload before, in a line."""
    if upload.state == "failed":
        undo = ui.button("Remove what was stored", "quiet", "bi-arrow-counterclockwise", id="upload-clean")
        return [html.Div([ui.status("bad", f"Reading failed. {upload.message}"), undo], className="panel step-past", role="status")]
    return [ui.partial(upload.message)] if upload.message else []


def _file(who: Identity, upload: Upload):
    shop = tenants.load(who.tenant)
    others = {
        one.tenant: one.name
        for one in accounts.memberships(who.account_id)
        if accounts.identity(who.account_id, one.tenant).may(uploads.PERMISSION)
    }
    into = {NEW: "A new shop"} | others
    chosen = who.tenant if upload.job_id else NEW  # once it was read, its shop is settled
    line = html.Div(
        [
            ui.icon("bi-file-earmark-text"),
            html.Div([html.B(upload.filename), html.Div(words.facts(upload), id="upload-facts", className="quiet num")]),
            ui.link("Other file", "/app/data/upload"),
        ],
        className="file-line",
    )
    fields = [
        ui.field("Into", dcc.Dropdown(into, chosen, id="upload-shop", clearable=False, maxHeight=320)),
        html.Div(
            [
                ui.field(
                    "Its name", dcc.Input(words.shop_name(upload.filename), id="upload-name", type="text", maxLength=80, debounce=False)
                ),
                ui.field("Currency", dcc.Dropdown(list(CURRENCIES), shop.currency, id="upload-currency", clearable=False, maxHeight=320)),
                ui.field("Time zone", dcc.Dropdown(ZONES, "UTC", id="upload-zone", clearable=False, maxHeight=320)),
            ],
            id="upload-new",
            className="upload-new",
            hidden=chosen != NEW,
        ),
    ]
    kind = html.Div(
        [
            html.Span("It holds", className="field-label", id="upload-kind-label"),
            html.Div(ui.segmented("upload-kind", upload_roles.KINDS, "events"), role="group", **{"aria-labelledby": "upload-kind-label"}),
            html.Div(id="upload-reason", className="field-hint"),
        ],
        className="field",
    )
    return html.Div([line, kind, html.Div(fields, className="field-row four")], className="rows")


def _sum() -> list:
    return [
        html.Div(id="upload-sum"),
        html.Div(
            [
                ui.button("Read the file", "primary", id="upload-read", disabled=True),
                html.Div(id="upload-problem", role="alert"),
                html.P("You can undo it afterwards, as a whole.", className="quiet"),
            ],
            className="go",
        ),
    ]


def register(app):
    """What the form itself does: the shop's fields, and the step to reading."""

    @app.callback(Output("upload-new", "hidden"), Input("upload-shop", "value"), prevent_initial_call=True)
    def fields_of_new_shop(chosen):
        return chosen != NEW

    @app.callback(
        Output("upload-into", "children"),
        Input("upload-shop", "value"),
        Input("upload-name", "value"),
        Input("upload-sum", "children"),
        State("upload-shop", "options"),
        prevent_initial_call=True,
    )
    def into_words(chosen, name, _sum, options):
        return f"into a new shop, {name or 'without a name'}" if chosen == NEW else f"into {options.get(chosen, chosen)}"

    @app.callback(
        Output("upload-state", "data", allow_duplicate=True),
        Output("upload-switch", "data"),
        Output("upload-problem", "children"),
        Input("upload-read", "n_clicks"),
        State("upload-id", "data"),
        State("upload-mapping", "data"),
        State("upload-shop", "value"),
        State("upload-name", "value"),
        State("upload-currency", "value"),
        State("upload-zone", "value"),
        prevent_initial_call=True,
    )
    def read(clicks, id, mapping, shop, name, currency, zone):
        if not clicks or not mapping:
            raise PreventUpdate
        into = NewShop(name or "", zone, currency) if shop == NEW else shop
        try:
            upload = uploads.ask_read(auth.identity(), UUID(id), upload_mapping.from_json(mapping), into=into)
        except (errors.Invalid, errors.Conflict, errors.NotPermitted) as problem:
            return no_update, no_update, _problem(problem, shop)
        queue.wake(upload.tenant, upload.job_id, "read_upload")
        if upload.tenant == auth.identity().tenant:
            return f"reading {clicks}", no_update, []
        return no_update, {"tenant": upload.tenant, "path": f"/app/data/upload?step=reading&id={upload.id}"}, []

    @app.callback(
        Output("upload-state", "data", allow_duplicate=True),
        Input("upload-clean", "n_clicks"),
        State("upload-id", "data"),
        prevent_initial_call=True,
    )
    def clean(clicks, id):
        if not clicks:
            raise PreventUpdate
        upload = uploads.ask_undo(auth.identity().tenant, UUID(id))
        queue.wake(upload.tenant, upload.job_id, "undo_upload")
        return f"undoing {ctx.triggered_id} {clicks}"


def _problem(problem: errors.EcapError, shop: str):
    other = (problem.details or {}).get("upload") if isinstance(problem.details, dict) else None
    way = [" ", dcc.Link("Open it", href=f"/app/data/upload?id={other}&shop={shop}", className="verb")] if other else []
    return html.Div([ui.icon("bi-exclamation-circle"), f" {problem.message}", *way], className="field-error")
