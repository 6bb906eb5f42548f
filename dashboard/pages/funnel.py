"""Where do visitors leave, and what does it cost?"""

from zoneinfo import ZoneInfo

from dash import ALL, Input, Output, Patch, State, ctx, dcc, html, no_update

from actions import funnels
from analytics import dropoffs, funnel, saved_funnel
from analytics.funnel import Funnel, Rate
from analytics.scope import Scope
from dashboard import charts, grid, scope_bar, theme
from dashboard import components as ui
from dashboard.page import Page
from dashboard.pages import funnel_parts, funnel_state, funnel_steps
from dashboard.pages.funnel_state import UNITS, Chosen

PAGE = Page(
    path="/funnel",
    title="Funnel",
    question="Where do visitors leave, and what does it cost?",
    icon="bi-funnel",
    area="Behaviour",
    permission="read:analytics",
    key="f",
)
LINES = 4  # groups in the chart
HOURLY_DAYS, WEEKLY_DAYS = 2, 92


def layout(**query):
    by = query.get("by") if query.get("by") in funnel_parts.BY else "device"
    unit = query.get("unit") if query.get("unit") in UNITS else "session"
    which = html.Div(
        dcc.Dropdown([{"label": "Checkout", "value": ""}], "", id="funnel-which", clearable=False, maxHeight=320), className="funnel-which"
    )
    return html.Div(
        [
            ui.page_head(PAGE.title, PAGE.question, which, ui.button("Edit steps", sign="bi-pencil", id="funnel-edit-open")),
            scope_bar.render(PAGE, query),
            dcc.Store(id="funnel-asked", data=funnel_state.asked(query)),
            html.Div(
                [
                    ui.card(
                        html.Span("Checkout", id="funnel-title"),
                        html.Div(id="funnel-plot"),
                        sub=html.Span(id="funnel-sub"),
                        tools=[ui.segmented("funnel-unit", UNITS, unit)],
                        id="funnel-card",
                    ),
                    html.Div([_over_time(), _breakdown(by)], className="cols"),
                ],
                className="rows",
            ),
            ui.drawer("funnel-drawer"),
            funnel_steps.render(),
        ]
    )


def _over_time():
    return ui.card(
        html.Span("Share over time", id="funnel-lines-title"),
        ui.graph("funnel-lines", 248),
        sub=html.Span(id="funnel-lines-sub"),
        id="funnel-time",
        className="w7",
    )


def _breakdown(by: str):
    return ui.card(
        html.Span(f"By {by}", id="funnel-groups-title"),
        grid.table("funnel-table", funnel_parts.columns(by, "session", "Paid"), []),
        tools=[ui.segmented("funnel-by", funnel_parts.BY, by)],
        id="funnel-groups",
        className="w5 flush",
    )


def register(app):
    funnel_steps.register(app)

    @app.callback(
        Output("funnel-plot", "children"),
        Output("funnel-title", "children"),
        Output("funnel-sub", "children"),
        Output("funnel-unit", "value"),
        Output("funnel-lines", "figure"),
        Output("funnel-lines-title", "children"),
        Output("funnel-lines-sub", "children"),
        Output("funnel-groups-title", "children"),
        Output("funnel-table", "columnDefs"),
        Output("funnel-table", "rowData"),
        Output("funnel-table", "dashGridOptions"),
        Input("scope", "data"),
        Input("funnel-asked", "data"),
        Input("funnel-by", "value"),
        card=("funnel-card", "funnel-time", "funnel-groups"),
    )
    def draw(search, asked, by):
        scope = scope_bar.scope(search)
        chosen = funnel_state.chosen(scope.tenant, asked)
        definition = chosen.definition
        found = count(scope, chosen, by)
        if not found.total:
            raise ui.Instead(ui.nothing_matches(UNITS[found.unit].lower(), scope_bar.filter_names(scope), scope_bar.day_range(scope)))
        before = count(scope.previous(), chosen, by, details=False) if scope_bar.compares(search) else None
        last = funnel_parts.step_names(definition)[-1]
        return (
            funnel_parts.steps(found, definition, scope.currency),
            definition.name + (" (changed)" if chosen.is_changed and definition.name else ""),
            funnel_parts.headline(found, before, definition),
            definition.unit,
            *_lines(scope, chosen, by, found),
            f"By {by}",
            funnel_parts.columns(by, definition.unit, last, max(group.steps[-1].share or 0 for group in found.groups)),
            funnel_parts.rows(found, before, by),
            _pinned(funnel_parts.total_row(found, before)),
        )

    def _lines(scope: Scope, chosen: Chosen, by: str, found: Funnel):
        grain = _grain(scope)
        rates = [rate for rate in over_time(scope, chosen, grain, by) if scope_bar.has_begun(rate.start)]
        largest = [group.value for group in found.groups[:LINES]]
        names = funnel_parts.step_names(chosen.definition)
        return (
            _figure(rates, largest, by, scope, grain),
            f"“{names[-1]}”, of {UNITS[found.unit].lower()} at “{names[0]}”",
            f"Per {grain}, by {by}" + (f": the {LINES} largest" if len(found.groups) > LINES else ""),
        )

    @app.callback(
        Output("funnel-which", "options"),
        Output("funnel-which", "value"),
        Input("funnel-asked", "data"),
        State("scope", "data"),
    )
    def list_funnels(asked, search):
        tenant = scope_bar.scope(search).tenant
        standard = [{"label": definition.name, "value": key} for key, definition in funnel_state.STANDARD.items()]
        saved = [{"label": one.name, "value": str(one.id)} for one in funnels.recent(tenant)]
        return standard + saved, funnel_state.chosen(tenant, asked).key

    @app.callback(
        Output("funnel-asked", "data", allow_duplicate=True),
        Input("funnel-which", "value"),
        Input("funnel-unit", "value"),
        State("funnel-asked", "data"),
        State("scope", "data"),
        prevent_initial_call=True,
    )
    def choose(which, unit, asked, search):
        # Both are set by the page itself, too: only what differs from what is shown was chosen by somebody.
        chosen = funnel_state.chosen(scope_bar.scope(search).tenant, asked)
        if ctx.triggered_id == "funnel-which":
            return no_update if which == chosen.key else ({"funnel": which} if which else {})
        return no_update if unit == chosen.definition.unit else (asked or {}) | {"unit": unit}

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input("funnel-asked", "data"),
        Input("funnel-by", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def keep(asked, by, search):
        wanted = scope_bar.with_parameter(funnel_state.in_address(search, asked or {}), "by", by, "device")
        return no_update if wanted == (search or "") else wanted

    @app.callback(
        Output("funnel-drawer", "is_open"),
        Output("funnel-drawer", "title"),
        Output("funnel-drawer", "children"),
        Input({"type": "funnel-leave", "step": ALL}, "n_clicks"),
        State("scope", "data"),
        State("funnel-asked", "data"),
        prevent_initial_call=True,
    )
    def explain(_clicks, search, asked):
        if not ctx.triggered_id or not ctx.triggered[0]["value"]:  # the buttons have just been drawn
            return no_update, no_update, no_update
        scope, number = scope_bar.scope(search), ctx.triggered_id["step"]
        definition = funnel_state.chosen(scope.tenant, asked).definition
        found = dropoffs.run(scope, definition)[number]
        title = f"Left before “{funnel_parts.label(found.to_label)}”"
        return True, title, funnel_parts.left(found, definition, number, scope, search)


def count(scope: Scope, chosen: Chosen, by: str | None, *, details: bool = True) -> Funnel:
    """The funnel by the breakdown, from what was worked out ahead where it is shown as it was saved."""
    if chosen.saved:
        return saved_funnel.run(scope, chosen.saved, breakdown=by, details=details)
    return funnel.run(scope, chosen.definition, breakdown=by, details=details)


def over_time(scope: Scope, chosen: Chosen, grain: str, by: str) -> list[Rate]:
    """The share over time, likewise."""
    if chosen.saved:
        return saved_funnel.over_time(scope, chosen.saved, grain, by)
    return funnel.over_time(scope, chosen.definition, grain, by)


def _grain(scope: Scope) -> str:
    days = (scope.end - scope.start).days
    return "hour" if days < HOURLY_DAYS else "week" if days > WEEKLY_DAYS else "day"


def _figure(rates: list[Rate], groups: list[str], by: str, scope: Scope, grain: str):
    series = {}
    for group in groups:
        series[funnel_parts.group_name(by, group)] = [(_label(rate, scope, grain), rate.share) for rate in rates if rate.group == group]
    times = charts.HOURS if grain == "hour" else charts.DATES
    return charts.lines(series, theme.chosen(), unit=charts.SHARE, is_open=bool(rates) and not rates[-1].complete, times=times)


def _label(rate: Rate, scope: Scope, grain: str) -> str:
    if grain == "hour":
        return scope_bar.wall_clock(rate.start, scope.tz)
    return rate.start.astimezone(ZoneInfo(scope.tz)).date().isoformat()


def _pinned(row: dict) -> Patch:
    options = Patch()
    options["pinnedBottomRowData"] = [row]
    return options
