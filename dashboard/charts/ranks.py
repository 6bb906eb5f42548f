"""Which is largest, and how is it spread? Ranked bars and histograms; both begin at zero, always."""

from collections.abc import Sequence

from dashboard.charts.template import figure_for, numbers, with_rows
from dashboard.charts.units import COUNT, Unit


def bars(rows: Sequence, theme: str, *, columns: tuple[str, str] = ("What", "Value")):
    """Horizontal bars with the number at the end. rows: [(name, value, text)], largest first."""
    figure, c = figure_for(theme)
    names, values, texts = ([row[n] for row in reversed(rows)] for n in range(3))
    figure.add_bar(
        x=numbers(values),
        y=names,
        text=texts,
        orientation="h",
        textposition="outside",
        cliponaxis=False,
        marker={"color": c["series-1"], "cornerradius": 3},
        textfont={"color": c["ink-2"]},
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    figure.update_layout(bargap=0.45, hovermode="closest", margin={"r": 64})
    figure.update_xaxes(visible=False, rangemode="tozero")
    figure.update_yaxes(tickfont={"color": c["ink"], "size": 12}, showgrid=False, tickmode="linear", dtick=1, type="category")
    return with_rows(figure, columns, [[name, value] for name, value, _ in rows])


def histogram(bins: Sequence, theme: str, *, median: float | None, median_text: str = "", unit: Unit = COUNT):
    """How values are spread. bins: [(low, high, count)], side by side, `high` excluded; the median is a marked hairline."""
    figure, c = figure_for(theme)
    texts = [f"{unit.prefix}{low:,g} – {unit.prefix}{high:,g}" for low, high, _ in bins]
    figure.add_bar(
        x=[(float(low) + float(high)) / 2 for low, high, _ in bins],
        y=[count for *_, count in bins],
        width=[float(high) - float(low) for low, high, _ in bins],
        customdata=texts,
        marker={"color": c["series-1"], "line": {"color": c["surface"], "width": 1}},
        hovertemplate="%{customdata}: %{y:,}<extra></extra>",
    )
    if median is not None:
        note = {"text": median_text, "font": {"size": 12, "color": c["ink-2"]}, "bgcolor": c["surface"], "xanchor": "left", "xshift": 5}
        figure.add_vline(x=float(median), line={"color": c["ink-2"], "width": 1}, annotation=note)
    figure.update_layout(bargap=0, hovermode="closest")
    figure.update_xaxes(tickprefix=unit.prefix, showspikes=False, nticks=6)
    return with_rows(figure, ["From", "To", "Number"], bins)
