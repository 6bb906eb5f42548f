"""How is the shop doing, and what changed?"""

from collections.abc import Mapping

from dash import ALL, Input, Output, State, ctx, dcc, html
from dash.exceptions import PreventUpdate

from analytics import metrics, overview, shop, trends
from analytics.metrics import METRICS
from analytics.overview import Overview
from analytics.scope import Scope
from analytics.trends import Point
from dashboard import auth, charts, formats, scope_bar, theme
from dashboard import components as ui
from dashboard.page import Page
from dashboard.pages import overview_causes, overview_waiting

PAGE = Page(
    path="/",
    title="Overview",
    question="How is the shop doing, and what changed?",
    icon="bi-speedometer2",
    area="Home",
    permission="read:analytics",
    key="o",
)
# Each tile, with the metrics that are one click away from it.
TILES = {
    "net_revenue": ("net_revenue", "gross_revenue", "discounts", "refunds"),
    "orders": ("orders",),
    "conversion": ("conversion",),
    "average_order": ("average_order",),
    "visitors": ("visitors", "users", "sessions", "bounce_rate"),
}
DEFAULT = "net_revenue"
GRAINS = {"day": "Day", "week": "Week"}
HOURLY_DAYS = 2  # up to so many days the chart shows hours


def layout(**query):
    metric = query.get("metric") if query.get("metric") in METRICS else DEFAULT
    return html.Div(
        [
            ui.page_head(PAGE.title, PAGE.question),
            scope_bar.render(PAGE, query),
            dcc.Store(id="overview-metric", data=metric),
            html.Div(
                [
                    ui.kpi_strip("overview-numbers"),
                    html.Div(
                        [
                            _chart(metric),
                            ui.card(
                                "Why net revenue changed",
                                html.Div(id="overview-causes"),
                                sub=html.Span(id="overview-causes-sub"),
                                id="overview-why",
                                className="w4",
                            ),
                        ],
                        className="cols",
                    ),
                    html.Div(id="overview-waiting"),
                ],
                className="rows",
            ),
        ]
    )


def register(app):
    @app.callback(Output("overview-waiting", "children"), Input("scope", "data"))
    def wait(search):
        return overview_waiting.render(auth.identity(), search)

    @app.callback(
        Output("overview-numbers-tiles", "children"),
        Output("overview-causes", "children"),
        Output("overview-causes-sub", "children"),
        Input("scope", "data"),
        State("overview-metric", "data"),
        card=("overview-numbers", "overview-why"),
    )
    def fill(search, metric):
        scope = scope_bar.scope(search)
        found, points = overview.run(scope), _begun(trends.run(scope, "day"))
        compares = scope_bar.compares(search)
        tiles = [_tile(name, found, points, scope.currency, chosen=metric in group, compares=compares) for name, group in TILES.items()]
        why, sub = overview_causes.explain(found, scope) if compares else (overview_causes.without(), "")
        return ui.kpis(tiles), why, sub

    @app.callback(
        Output("overview-trend", "figure"),
        Output("overview-title", "children"),
        Output("overview-sub", "children"),
        Input("scope", "data"),
        Input("overview-metric", "data"),
        Input("overview-grain", "value"),
        card="overview-chart",
    )
    def draw(search, metric, grain):
        scope = scope_bar.scope(search)
        grain = "hour" if _is_short(scope) else grain
        points = _begun(trends.run(scope, grain))
        if not _any(points):
            raise ui.Instead(_nothing(scope))
        earlier = scope_bar.whole_days(scope.previous()) if scope_bar.compares(search) else None
        before = trends.run(earlier, grain) if earlier else []
        if not _any(before):
            earlier, before = None, []  # a line of zeros would say that nothing was sold when nothing was recorded
        figure = _figure(points, before, metric, scope, grain)
        return figure, f"{METRICS[metric].name} per {grain}", _sub(scope, earlier, points, grain)

    @app.callback(
        Output("overview-metric", "data"),
        Output("url", "search", allow_duplicate=True),
        Output({"type": "overview-tile", "metric": ALL}, "aria-pressed"),
        Input({"type": "overview-tile", "metric": ALL}, "n_clicks"),
        Input("overview-part", "value"),
        State("overview-metric", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def choose(_clicks, part, now, search):
        # The switch is drawn anew with each tile, and triggers without anybody having touched it.
        metric = part if ctx.triggered_id == "overview-part" else ctx.triggered_id["metric"]
        if not ctx.triggered[0]["value"] or metric == now:
            raise PreventUpdate
        pressed = [str(metric in TILES[place["id"]["metric"]]).lower() for place in ctx.outputs_list[2]]
        return metric, scope_bar.with_parameter(search, "metric", metric, DEFAULT), pressed

    @app.callback(Output("overview-parts", "children"), Input("overview-metric", "data"))
    def parts(metric):
        return _part_switch(metric)


def _chart(metric: str):
    tools = [html.Div(_part_switch(metric), id="overview-parts"), ui.segmented("overview-grain", GRAINS, "day")]
    return ui.card(
        html.Span(f"{METRICS[metric].name} per day", id="overview-title"),
        ui.graph("overview-trend", 276),
        sub=html.Span(id="overview-sub"),
        tools=tools,
        id="overview-chart",
        className="w8",
    )


def _part_switch(metric: str):
    """The metrics behind the chosen tile; nothing where there is only one."""
    group = next(group for group in TILES.values() if metric in group)
    names = {name: METRICS[name].name.removesuffix(" revenue").removesuffix(" rate") for name in group}
    return html.Div(ui.segmented("overview-part", names, metric), hidden=len(group) == 1)


def _tile(name: str, found: Overview, points: list[Point], currency: str, *, chosen: bool, compares: bool):
    metric = METRICS[name]
    value, earlier = getattr(found.now, name), getattr(found.before, name) if found.before else None
    moved = ui.delta(value, earlier, said(metric, earlier, currency), good=metric.good, points=metric.unit == "share") if compares else None
    complete = [getattr(point.values, name) for point in points if point.complete]
    return ui.kpi(name, metric.name, metric.definition, said(metric, value, currency), moved, complete, chosen, of="overview-tile")


def said(metric: metrics.Metric, value, currency: str) -> str:
    """A value of the metric as a tile shows it."""
    if metric.unit == "money":
        return formats.money(value, currency)
    return formats.percent(value) if metric.unit == "share" else formats.compact(value)


def _figure(points: list[Point], before: list[Point], metric: str, scope: Scope, grain: str):
    rows = [(_x(point, scope, grain), getattr(point.values, metric)) for point in points]
    past = [(None, getattr(point.values, metric)) for point in before]
    return charts.trend(
        rows,
        past,
        theme.chosen(),
        name=METRICS[metric].name,
        unit=charts.unit_of(METRICS[metric].unit, scope.currency),
        is_open=not points[-1].complete,
        times=charts.HOURS if grain == "hour" else charts.DATES,
    )


def _x(point: Point, scope: Scope, grain: str) -> str:
    """plotly draws naive times as they are, so an hour is written as the clock on the shop's wall."""
    return scope_bar.wall_clock(point.start, scope.tz) if grain == "hour" else point.label_day.isoformat()


def _begun(points: list[Point]) -> list[Point]:
    """The buckets that have begun: tomorrow's hours are not zero, they are not there yet."""
    return [point for point in points if scope_bar.has_begun(point.start)]


def _any(points: list[Point]) -> bool:
    return any(point.values.sessions or point.values.orders or point.values.refunds for point in points)


def _is_short(scope: Scope) -> bool:
    return (scope.end - scope.start).days <= HOURLY_DAYS


def _sub(scope: Scope, earlier: Scope | None, points: list[Point], grain: str) -> str:
    parts = [f"Grey: {scope_bar.day_range(earlier)}."] if earlier else []
    if len(points) > 1 and not points[0].complete:
        parts.append(f"The first {grain} is not whole.")
    if not points[-1].complete:
        parts.append("Today is not over yet." if scope_bar.is_open(scope) else f"The last {grain} is not whole.")
    return " ".join(parts)


def _nothing(scope: Scope):
    """Why there is nothing to draw, and the way to where there is something."""
    filters, known = scope_bar.filter_names(scope), shop.period(scope.tenant, scope.tz)
    if known is None:
        return ui.no_data("events", "Put the snippet on your shop, or upload a file. The first event appears here within a second.")
    if filters:
        return ui.nothing_matches("orders or visits", filters, scope_bar.day_range(scope))
    first, last = known
    days: Mapping[str, str] = {"from": first.isoformat(), "to": last.isoformat()}
    way = ui.link(f"Show {formats.days(first, last)}", scope_bar.carry(PAGE.path, "", **days), "primary")
    text = f"This shop has events from {formats.days(first, last)}; there was nothing from {scope_bar.day_range(scope)}."
    return ui.empty_state("bi-calendar3", "Nothing in these days", text, way)
