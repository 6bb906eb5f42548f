"""Which way do they go? From a page onwards, or back from where they ended."""

from dash import Input, Output, State, dcc, html, no_update

from analytics import path_findings, paths
from analytics.paths import Paths
from analytics.scope import Scope
from dashboard import charts, formats, grid, scope_bar, theme
from dashboard import components as ui
from dashboard.page import Page
from dashboard.pages import paths_parts

PAGE = Page(
    path="/paths",
    title="Paths",
    question="Which way do they go?",
    icon="bi-shuffle",
    area="Behaviour",
    permission="read:analytics",
    key="w",
)
DIRECTIONS = {"start": "Start at", "end": "End at"}
BY = {"page_type": "By page type", "event": "By event", "page": "By address"}
STEPS = {str(number): str(number) for number in paths.STEPS}
DEFAULTS = {"by": "page_type", "steps": "4"}
ROWS = 20  # of whole paths: what follows was walked by a handful
EVERYWHERE = "*"  # a start: where they came in
FIRST_CHOICE = {"start": ("home", "page_view"), "end": ("confirmation", "purchase")}


def layout(**query):
    direction = "end" if query.get("end") else "start"
    return html.Div(
        [
            ui.page_head(PAGE.title, PAGE.question),
            scope_bar.render(PAGE, query),
            dcc.Store(id="paths-asked", data=query.get(direction)),
            dcc.Store(id="paths-nodes"),
            html.Div(
                [
                    html.Div([_picture(direction, query), _findings()], className="cols"),
                    ui.card(
                        html.Span("Whole paths", id="paths-table-title"),
                        grid.table("paths-table", paths_parts.columns("EUR"), []),
                        sub=html.Span(id="paths-table-sub"),
                        id="paths-whole",
                        className="flush",
                    ),
                ],
                className="rows",
            ),
            ui.drawer("paths-drawer"),
        ]
    )


def _picture(direction: str, query: dict):
    by = query.get("by") if query.get("by") in BY else DEFAULTS["by"]
    steps = query.get("steps") if query.get("steps") in STEPS else DEFAULTS["steps"]
    controls = html.Div(
        [
            ui.segmented("paths-direction", DIRECTIONS, direction),
            html.Div(dcc.Dropdown([], id="paths-node", clearable=False, maxHeight=320, placeholder=""), className="paths-node"),
            html.Div([html.Span("Steps"), ui.segmented("paths-steps", STEPS, steps)], className="paths-steps"),
            html.Div(dcc.Dropdown(BY, by, id="paths-by", clearable=False, searchable=False), className="paths-by"),
        ],
        className="controls",
    )
    return ui.card(
        html.Span("Where they went", id="paths-title"),
        [controls, ui.graph("paths-sankey", 396)],
        sub=html.Span(id="paths-sub"),
        id="paths-card",
        className="w8 paths-card",
    )


def _findings():
    sub = html.Span(id="paths-findings-sub")
    return ui.card("What stands out", html.Div(id="paths-findings"), sub=sub, id="paths-why", menu=False, className="w4")


def register(app):
    @app.callback(
        Output("paths-node", "options"),
        Output("paths-node", "value"),
        Input("scope", "data"),
        Input("paths-by", "value"),
        Input("paths-direction", "value"),
        State("paths-node", "value"),
        State("paths-asked", "data"),
        card="paths-card",
    )
    def nodes(search, by, direction, now, asked):
        found = paths.choices(scope_bar.scope(search), by)
        return _options(found, by, direction), _chosen(found, direction, now or asked)

    @app.callback(
        Output("paths-sankey", "figure"),
        Output("paths-nodes", "data"),
        Output("paths-title", "children"),
        Output("paths-sub", "children"),
        Output("paths-table", "columnDefs"),
        Output("paths-table", "rowData"),
        Output("paths-table-title", "children"),
        Output("paths-table-sub", "children"),
        Output("paths-findings", "children"),
        Output("paths-findings-sub", "children"),
        Input("paths-node", "value"),
        Input("paths-steps", "value"),
        State("paths-by", "value"),
        State("paths-direction", "value"),
        Input("scope", "data"),
        card=("paths-card", "paths-whole", "paths-why"),
    )
    def draw(node, steps, by, direction, search):
        scope = scope_bar.scope(search)
        asked = _asked(node, direction) | {"by": by, "steps": int(steps)}
        found = paths.run(scope, **asked)
        if not found.total:
            raise ui.Instead(_nothing(scope))
        before = paths.run(scope.previous(), **asked) if scope_bar.compares(search) else None
        name, backwards = _name(node, by), direction == "end"
        return (
            _figure(found, by, backwards=backwards),
            [place.name for place in found.nodes],
            paths_parts.title(name, backwards=backwards),
            _sub(found, int(steps), backwards=backwards),
            paths_parts.columns(scope.currency),
            [paths_parts.row(n, way, by, compared=before is not None, backwards=backwards) for n, way in enumerate(found.whole[:ROWS])],
            f"Whole paths {'to' if backwards else 'from'} {name}",
            paths_parts.table_sub(found, scope.currency),
            paths_parts.findings(path_findings.run(found, before), by, scope.currency, search, (direction, node)),
            f"Against {scope_bar.day_range(scope.previous())}" if before else "",
        )

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input("paths-node", "value"),
        Input("paths-steps", "value"),
        Input("paths-by", "value"),
        State("paths-direction", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def keep(node, steps, by, direction, search):
        wanted = _kept(search, node, direction, {"by": by, "steps": steps})
        return no_update if wanted == (search or "") else wanted

    @app.callback(
        Output("paths-direction", "value"),
        Output("paths-node", "value", allow_duplicate=True),
        Input("paths-sankey", "clickData"),
        State("paths-nodes", "data"),
        State("paths-direction", "value"),
        prevent_initial_call=True,
    )
    def follow(clicked, names, direction):
        name = _clicked(clicked, names)
        return (no_update, no_update) if name is None else (direction, name)

    @app.callback(
        Output("paths-drawer", "is_open"),
        Output("paths-drawer", "title"),
        Output("paths-drawer", "children"),
        Input("paths-table", "cellClicked"),
        State("paths-table", "rowData"),
        State("paths-by", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def show(cell, rows, by, search):
        row = next((row for row in rows or [] if cell and str(row["id"]) == str(cell["rowId"])), None)
        return (True, "This path", paths_parts.details(row, by, search)) if row else (no_update, no_update, no_update)


def _asked(node: str | None, direction: str) -> dict:
    return {} if node in (None, EVERYWHERE) else {direction: node}


def _options(found: list[tuple[str, int]], by: str, direction: str) -> list[dict]:
    first = [{"label": "Where they came in", "value": EVERYWHERE}] if direction == "start" else []
    return first + [{"label": paths_parts.word(name, by), "value": name} for name, _ in found]


def _chosen(found: list[tuple[str, int]], direction: str, wanted: str | None) -> str | None:
    """What was chosen where it is still there, else the usual beginning or end, else the most frequent."""
    names = [name for name, _ in found]
    if wanted in names or (wanted == EVERYWHERE and direction == "start"):
        return wanted
    usual = [name for name in FIRST_CHOICE[direction] if name in names]
    return (usual + (names if direction == "end" else [EVERYWHERE]) + [None])[0]


def _name(node: str | None, by: str) -> str:
    return "where they came in" if node in (None, EVERYWHERE) else f"“{paths_parts.word(node, by)}”"


def _figure(found: Paths, by: str, *, backwards: bool):
    return charts.sankey(
        [paths_parts.node_word(node, by) for node in found.nodes],
        [(link.source, link.target, link.sessions) for link in found.links],
        theme.chosen(),
        grey=[number for number, node in enumerate(found.nodes) if node.kind in ("left", "came in")],
        columns=[node.column for node in found.nodes],
        backwards=backwards,
    )


def _sub(found: Paths, steps: int, *, backwards: bool) -> str:
    grey = "came in" if backwards else "left"
    return f"{formats.counted(found.total, 'session')}, {steps} steps. Grey: {grey}. The same again in a row counts once."


def _kept(search: str | None, node: str | None, direction: str, more: dict[str, str]) -> str:
    """The query with what was chosen: start or end, never both."""
    kept = scope_bar.with_parameter(search, "end" if direction == "start" else "start", "", "")
    kept = scope_bar.with_parameter(kept, direction, node or "", "")
    for name, value in more.items():
        kept = scope_bar.with_parameter(kept, name, value, DEFAULTS[name])
    return kept


def _clicked(clicked: dict | None, names: list[str | None]) -> str | None:
    """The name of the node that was clicked; None for a flow, for what left and for "other"."""
    point = (clicked or {}).get("points", [{}])[0]
    number = point.get("customdata")
    return names[number] if isinstance(number, int) and number < len(names or []) else None


def _nothing(scope: Scope):
    filters = scope_bar.filter_names(scope)
    return ui.nothing_matches("sessions", filters, scope_bar.day_range(scope))
