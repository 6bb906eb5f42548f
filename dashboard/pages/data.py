"""Does everything arrive, and is it read as it was meant?"""

from datetime import UTC, datetime, timedelta

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.exceptions import PreventUpdate

from actions import tenants
from analytics import arrivals, debugger
from analytics.scope import Scope
from dashboard import auth, scope_bar
from dashboard import components as ui
from dashboard.page import Page
from dashboard.pages import data_chart, data_event, data_side

PAGE = Page(
    path="/data",
    title="Data",
    question="Does everything arrive, and is it read as it was meant?",
    icon="bi-database-check",
    area="Home",
    permission="write:analytics",
    key="d",
)
SHOW = {"all": "All", "warning": "Warnings", "rejected": "Rejected"}
ROWS = 40  # of the live debugger
LIVE_MS = 3000
NUMBERS_MS = 30_000


def layout(**query):
    metric = query.get("metric") if query.get("metric") in data_chart.TILES else "events"
    return html.Div(
        [
            ui.page_head(
                PAGE.title,
                PAGE.question,
                ui.button("New shop", sign="bi-shop", **{"data-open": "new-shop"}),
                ui.link("Upload a file", "/app/data/upload", "primary", "bi-upload"),
            ),
            html.Div([ui.kpi_strip("data-numbers"), _first_row(metric), _second_row(query)], className="rows"),
            dcc.Store(id="data-metric", data=metric),
            # What the drawer shows: the key of an arrival. The count makes the same one, asked for again, a change.
            dcc.Store(id="data-event", data={"key": query.get("event"), "count": 0}),
            dcc.Interval(id="data-tick", interval=NUMBERS_MS),
            dcc.Interval(id="data-live", interval=LIVE_MS, disabled=query.get("paused") == "1"),
            ui.drawer("data-drawer"),
        ]
    )


def _first_row(metric: str):
    chart = ui.card(
        html.Span(data_chart.TILES[metric].title, id="data-title"),
        ui.graph("data-chart", 264),
        sub=html.Span(id="data-sub"),
        id="data-hours",
        className="w8",
    )
    warnings = ui.card(
        "Needs a fix", html.Div(id="data-warnings"), sub="Of today, most events first", id="data-fix", menu=False, className="w4"
    )
    return html.Div([chart, warnings], className="cols")


def _second_row(query: dict):
    show = query.get("show") if query.get("show") in SHOW else "all"
    stopped = query.get("paused") == "1"
    debug = ui.card(
        "Live debugger",
        html.Div(id="data-debug", className="debug"),
        sub="Each event as it came, and what became of it",
        tools=[
            ui.segmented("data-show", SHOW, show),
            ui.button("Pause", "quiet", "bi-pause", key="x", id="data-pause", **{"aria-pressed": str(stopped).lower()}),
        ],
        id="data-debugger",
        menu=False,
        className="w8 debugger",
    )
    side = [
        ui.card("Snippet", html.Div(id="data-snippet"), id="data-snippets", menu=False),
        ui.card("Uploads", html.Div(id="data-uploads"), id="data-files", menu=False),
    ]
    return html.Div([debug, html.Div(side, className="w4 rows last-fills")], className="cols")


def register(app):
    _register_numbers(app)
    _register_debugger(app)
    _register_event(app)

    @app.callback(Output("data-snippet", "children"), Input("data-drawer", "id"), card="data-snippets")
    def snippet(_id):
        shop = _now()
        return data_side.snippet(shop.tenant, arrivals.snippet(shop.tenant, shop.end), shop.tz)

    @app.callback(Output("data-uploads", "children"), Input("data-tick", "n_intervals"), card="data-files")
    def files(_tick):
        return data_side.uploaded(auth.identity().tenant, _now().tz)


def _register_numbers(app):
    @app.callback(
        Output("data-numbers-tiles", "children"),
        Output("data-warnings", "children"),
        Output("data-chart", "figure"),
        Output("data-title", "children"),
        Output("data-sub", "children"),
        Input("data-tick", "n_intervals"),
        Input("data-metric", "data"),
        card=("data-numbers", "data-hours", "data-fix"),
    )
    def draw(_tick, metric):
        scope = _now()
        found = arrivals.run(scope)
        return (
            ui.kpis(data_chart.tiles(found, metric)),
            data_side.warnings(found.warnings, scope.tz),
            data_chart.figure(found, metric, scope.tz),
            data_chart.TILES[metric].title,
            data_chart.sub(found, metric, scope.tz),
        )

    @app.callback(
        Output("data-metric", "data"),
        Output("url", "search", allow_duplicate=True),
        Input({"type": "data-tile", "metric": ALL}, "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def choose(_clicks, search):
        if not ctx.triggered[0]["value"]:
            raise PreventUpdate
        metric = ctx.triggered_id["metric"]
        return metric, scope_bar.with_parameter(search, "metric", metric, "events")


def _register_debugger(app):
    @app.callback(
        Output("data-debug", "children"),
        Input("data-show", "value"),
        Input("data-live", "n_intervals"),
        card="data-debugger",
    )
    def arrived(show, _tick):
        shop = _now()
        found = debugger.newest(shop.tenant, show, ROWS)
        if not found and show == "all":
            text = "Put the snippet on your shop, or upload a file. The first event appears here within a second."
            raise ui.Instead(ui.no_data("events", text))
        if not found:
            return html.P(f"No {SHOW[show].lower()}: all that came lately is fine.", className="quiet debug-none")
        return [data_event.row(arrival, shop.tz) for arrival in found]

    @app.callback(
        Output("data-live", "disabled"),
        Output("data-pause", "children"),
        Output("data-pause", "aria-pressed"),
        Output("url", "search", allow_duplicate=True),
        Input("data-pause", "n_clicks"),
        Input("data-show", "value"),
        State("data-live", "disabled"),
        State("url", "search"),
        prevent_initial_call="initial_duplicate",
    )
    def pause(_clicks, show, stopped, search):
        if ctx.triggered_id == "data-pause":
            stopped = not stopped
        word, sign = ("Go on", "bi-play") if stopped else ("Pause", "bi-pause")
        wanted = scope_bar.with_parameter(search, "show", show, "all")
        wanted = scope_bar.with_parameter(wanted, "paused", "1" if stopped else "", "")
        face = [ui.icon(sign), html.Span(word), html.Kbd("X")]
        return stopped, face, str(stopped).lower(), no_update if wanted == (search or "") else wanted


def _register_event(app):
    @app.callback(
        Output("data-event", "data"),
        Input({"type": "data-row", "key": ALL}, "n_clicks"),
        Input({"type": "data-sample", "key": ALL}, "n_clicks"),
        State("data-event", "data"),
        prevent_initial_call=True,
    )
    def ask(_rows, _samples, now):
        if not ctx.triggered[0]["value"]:
            raise PreventUpdate
        return {"key": ctx.triggered_id["key"], "count": now["count"] + 1}

    @app.callback(
        Output("data-drawer", "is_open"),
        Output("data-drawer", "title"),
        Output("data-drawer", "children"),
        Input("data-event", "data"),
    )
    def show(asked):
        if not asked["key"]:
            raise PreventUpdate
        arrival = debugger.one(auth.identity().tenant, asked["key"])
        return True, arrival.sent or "Unreadable", data_event.details(arrival, tenants.load(auth.identity().tenant))

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input("data-drawer", "is_open"),
        State("data-event", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def keep(is_open, asked, search):
        wanted = scope_bar.with_parameter(search, "event", (asked["key"] or "") if is_open else "", "")
        return no_update if wanted == (search or "") else wanted

    data_event.register(app)


def _now() -> Scope:
    """The last day of the shop, up to this moment."""
    shop, now = tenants.load(auth.identity().tenant), datetime.now(UTC)
    return Scope(shop.id, now - timedelta(days=1), now, shop.timezone, currency=shop.currency)
