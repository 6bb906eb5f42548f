"""One plotly template per theme. Every figure starts with figure_for(theme) and holds its rows for `⋯`, Rows."""

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard import tokens

FONT = "Inter, system-ui, sans-serif"
CONFIG = {
    "displayModeBar": False,
    "responsive": True,
    "doubleClick": "reset",
    "showAxisDragHandles": False,
    "topojsonURL": "/app/assets/maps/",  # a map would fetch its outlines from plotly's CDN otherwise
}


def _template(theme: str) -> go.layout.Template:
    c = tokens.THEMES[theme]
    axis = {
        "linecolor": c["line-strong"],
        "gridcolor": c["grid"],
        "zeroline": False,
        "ticks": "",
        "automargin": True,
        "fixedrange": True,
        "tickfont": {"color": c["ink-3"], "size": 12},
        "title": {"font": {"color": c["ink-3"], "size": 12}, "standoff": 8},
    }
    spikes = {"showspikes": True, "spikemode": "across", "spikethickness": 1, "spikedash": "solid", "spikecolor": c["past"]}
    label = {"bgcolor": c["surface"], "bordercolor": c["line-strong"], "font": {"family": FONT, "size": 12, "color": c["ink"]}}
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 12, "color": c["ink-2"]},
            "colorway": tokens.series(theme),
            # Solid, not transparent: plotly draws its hover line in white on a transparent ground.
            "paper_bgcolor": c["surface"],
            "plot_bgcolor": c["surface"],
            "margin": {"l": 0, "r": 8, "t": 8, "b": 0, "pad": 4},
            "hovermode": "x unified",
            "hoverdistance": 40,
            "dragmode": False,
            "separators": ".,",
            "showlegend": False,
            "hoverlabel": label,
            "xaxis": {**axis, **spikes, "showgrid": False},
            "yaxis": {**axis, "showline": False, "nticks": 5, "rangemode": "tozero"},
            "colorscale": {"sequential": tokens.sequential(theme), "diverging": tokens.diverging(theme)},
        }
    )


TEMPLATES = {theme: _template(theme) for theme in tokens.THEMES}


def figure_for(theme: str) -> tuple[go.Figure, dict[str, str]]:
    """An empty figure in the theme, and the theme's colours by token."""
    return go.Figure(layout={"template": TEMPLATES[theme]}), tokens.THEMES[theme]


def with_rows(figure: go.Figure, columns: Sequence[str], rows: Sequence[Sequence]) -> go.Figure:
    """The figure, with the table that `⋯` shows and saves."""
    return figure.update_layout(meta={"columns": list(columns), "rows": [list(row) for row in rows]})


def blank(theme: str) -> go.Figure:
    """No axes, no data: what stands where there is nothing to draw."""
    figure, _ = figure_for(theme)
    figure.update_xaxes(visible=False)
    return figure.update_yaxes(visible=False)


def numbers(values: Sequence) -> list[float | None]:
    """Decimals as floats, which is what plotly draws; None stays a gap."""
    return [None if value is None else float(value) for value in values]


def top_of(*series: Sequence[float | None]) -> float:
    """The largest known value, at least 0."""
    return max((value for values in series for value in values if value is not None), default=0.0)
