"""Cards: a title that says what is drawn, the tools at the right, and a body that can wait or fail on its own."""

import json
from collections.abc import Sequence

from dash import dcc, html

from dashboard import charts, theme
from dashboard.components.basics import icon
from dashboard.spark import sparkline

BLANK = (None,) * 2


def card(title, body, *, sub=None, tools=(), id: str | None = None, menu: bool = True, className: str = ""):
    """A section with a head. With an id a callback may fill it through `app.callback(…, card=id)`.

    sub is the second half of the title. menu: the ⋯ with rows, CSV, image and link, of whatever chart or table the body
    holds when it is opened. className takes the width, w3 to w12, and `flush` for tables.
    """
    title_lines = [html.H2(title)] + ([html.P(sub)] if sub is not None else [])  # a component without children is falsy
    dots = [_menu_button()] if menu else []
    head = html.Div([html.Div(title_lines), html.Div([*tools, *dots], className="card-tools")], className="card-head")
    place = {"id": id} if id else {}
    return html.Section([head, html.Div(_main(body, id), className="card-main")], className=f"panel {className}".rstrip(), **place)


def _main(body, id: str | None) -> list:
    slow = html.Div("Still counting. Large periods take longer.", className="card-slow", **{"aria-hidden": "true"})
    inner = html.Div(body, className="card-body")
    if not id:
        return [inner]
    # The retry store is what `Try again` changes; the state stands in the body's place while it is not empty.
    return [slow, dcc.Store(id=f"{id}-retry"), html.Div(id=f"{id}-state", className="card-state", role="status"), inner]


def _menu_button():
    label = "Rows, CSV, image, link"
    return html.Button(
        icon("bi-three-dots"),
        type="button",
        className="act act-quiet act-icon",
        **{"aria-label": label, "data-tip": label, "data-menu": "card", "aria-haspopup": "menu"},
    )


def graph(id: str, height: int = 280, figure=None):
    """An empty place of the right size; the callback fills it."""
    figure = figure or charts.blank(theme.chosen())
    return dcc.Graph(id=id, config=charts.CONFIG, responsive=True, style={"height": f"{height}px"}, figure=figure)


def rows_of(columns: Sequence[str], rows: Sequence[Sequence]) -> dict:
    """Attributes for a part drawn in HTML, so that ⋯ has a table to show: html.Div(…, **ui.rows_of(["Step", "Sessions"], rows))."""
    return {"data-rows": json.dumps({"columns": list(columns), "rows": [list(row) for row in rows]}, default=str)}


def kpis(tiles: Sequence, label: str = "Key numbers", id: str | None = None):
    """The strip of three to five tiles."""
    place = {"id": id} if id else {}
    return html.Section(list(tiles), className=f"panel kpis of-{len(tiles)}", style={"display": "grid"}, **{"aria-label": label}, **place)


def kpi_strip(id: str):
    """A strip of tiles that a callback fills: app.callback(Output(f"{id}-tiles", "children"), …, card=id) returns ui.kpis(…)."""
    blank = kpis([html.Div(className="kpi kpi-blank", **{"aria-busy": "true"})])
    state = html.Div(id=f"{id}-state", className="card-state", role="status")
    return html.Div(
        [dcc.Store(id=f"{id}-retry"), state, html.Div(blank, id=f"{id}-tiles", className="strip-tiles")], id=id, className="strip"
    )


def kpi(metric: str, label: str, definition: str, value: str, moved, values: Sequence = BLANK, chosen: bool = False, of: str = "kpi"):
    """One tile, a button that chooses the chart below. values: complete buckets only.

    of: the type in its id, one per page, or the callbacks of another page answer too.
    """
    return html.Button(
        [
            html.Span(label, className="term", **{"data-tip": definition}),
            html.Span(value, className="kpi-value num"),
            moved,
            sparkline(values),
        ],
        id={"type": of, "metric": metric},
        type="button",
        className="kpi",
        **{"aria-pressed": str(chosen).lower()},
    )
