"""What makes up the total over time? Stacked bars of at most four parts."""

from collections.abc import Mapping, Sequence

from dashboard.charts.template import figure_for, numbers, top_of, with_rows
from dashboard.charts.units import COUNT, Unit


def stacked(
    xs: Sequence[str], parts: Mapping[str, Sequence], theme: str, *, usual: Sequence = (), is_open: bool = False, unit: Unit = COUNT
):
    """One bar per x. parts: {name: values}; with is_open the last bar is not over yet and hatched.

    usual: what the total of each bucket commonly is, dashed grey, None where nobody can say.
    """
    figure, c = figure_for(theme)
    drawn = {name: numbers(values) for name, values in parts.items()}
    for n, (name, values) in enumerate(drawn.items(), start=1):
        figure.add_bar(
            x=list(xs), y=values, name=name, marker=_marker(c[f"series-{n}"], c["surface"], len(xs), is_open), hovertemplate=unit.template()
        )
    expected = numbers(usual)
    if expected:
        line = {"color": c["past"], "width": 1.5, "dash": "4px 3px"}
        figure.add_scatter(x=list(xs), y=expected, name="Usual", mode="lines", hovertemplate=unit.template(), line=line)
    legend = {"orientation": "h", "x": 0, "y": 1.04, "yanchor": "bottom", "font": {"size": 12, "color": c["ink-2"]}}
    figure.update_layout(barmode="stack", bargap=0.3, showlegend=True, legend={**legend, "traceorder": "normal", "itemclick": False})
    totals = [sum(value or 0 for value in bucket) for bucket in zip(*drawn.values(), strict=True)]
    figure.update_yaxes(**unit.axis(top_of(totals, expected)))
    figure.update_xaxes(type="category", nticks=6, showspikes=False)
    columns = ["When", *drawn, *(["Usual"] if expected else [])]
    return with_rows(figure, columns, list(zip(xs, *drawn.values(), *([expected] if expected else []), strict=True)))


def _marker(colour: str, surface: str, length: int, is_open: bool) -> dict:
    shapes = [""] * length
    if is_open and length:
        shapes[-1] = "/"
    return {
        "color": colour,
        "line": {"width": 0},
        "pattern": {"shape": shapes, "fgcolor": colour, "bgcolor": surface, "size": 5, "solidity": 0.35},
    }
