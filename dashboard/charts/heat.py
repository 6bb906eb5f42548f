"""Do they come back? A share per row and column."""

from collections.abc import Sequence

from dashboard import tokens
from dashboard.charts.template import figure_for, with_rows


def heat_map(rows: Sequence[str], columns: Sequence[str], shares: Sequence[Sequence[float | None]], theme: str):
    """shares: one list per row, 0..1, None where the month is not over: such a cell stays empty."""
    figure, c = figure_for(theme)
    # The first four steps only: ink is readable on each of them, while a heat map's own text is too pale on middle tones.
    figure.add_heatmap(
        z=[list(line) for line in shares],
        x=list(columns),
        y=list(rows),
        xgap=2,
        ygap=2,
        zmin=0,
        zmax=max((share for line in shares for share in line if share is not None), default=1) or 1,  # without zmax plotly ignores zmin
        showscale=False,
        colorscale=scale(theme, steps=4),
        hoverongaps=False,
        texttemplate="%{z:.0%}",
        textfont={"color": c["ink"]},
        hovertemplate="%{y}<br>%{x}: %{z:.1%}<extra></extra>",
    )
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(side="top", showline=False, type="category", showspikes=False, tickmode="linear", dtick=1)
    names = {"type": "category", "tickfont": {"color": c["ink-2"]}, "tickmode": "linear", "dtick": 1}
    figure.update_yaxes(autorange="reversed", showgrid=False, **names)
    return with_rows(figure, ["", *columns], [[name, *line] for name, line in zip(rows, shares, strict=True)])


def scale(theme: str, steps: int = 6) -> list[list]:
    """The sequential colours as a plotly scale, the palest `steps` of them."""
    colours = tokens.sequential(theme)[:steps]
    return [[n / (len(colours) - 1), colour] for n, colour in enumerate(colours)]
