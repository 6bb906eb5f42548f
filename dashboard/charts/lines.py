"""How does it move? Lines over time."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from dashboard.charts.template import figure_for, numbers, top_of, with_rows
from dashboard.charts.units import Unit

DATES = {"tickformat": "%-d %b", "hoverformat": "%a %-d %b %Y"}
HOURS = {"tickformat": "%H:%M", "hoverformat": "%-d %b, %H:%M"}
MONTHS = {"tickformat": "%b %Y", "hoverformat": "%B %Y"}


def trend(
    now: Sequence, before: Sequence, theme: str, *, name: str, unit: Unit, is_open: bool, notes: Sequence = (), times: Mapping = DATES
):
    """One metric over time. now and before: [(x, value)], x an ISO day or time, value None where unknown.

    The earlier period is drawn on this period's days, dashed and grey. With is_open the last bucket of `now` is not over
    yet: dashed, ending in a hollow dot. notes: [(x, text)], our own actions.
    """
    figure, c = figure_for(theme)
    xs, values, past = [x for x, _ in now], numbers([v for _, v in now]), numbers([v for _, v in before])[: len(now)]
    line = {"color": c["series-1"], "width": 2}
    closed = len(xs) - 1 if is_open else len(xs)
    # The hover box lists traces in the order in which they are added; zorder paints the earlier period below all the same.
    figure.add_scatter(x=xs[:closed], y=values[:closed], name=name, line=line, hovertemplate=unit.template(), zorder=2, **_mode(closed))
    if is_open:
        _open_end(figure, xs, values, line, c["surface"], unit)
    if past:
        dashed = {"color": c["past"], "width": 1.5, "dash": "4px 3px"}
        figure.add_scatter(
            x=xs[: len(past)], y=past, name="Previous period", mode="lines", hovertemplate=unit.template(), zorder=1, line=dashed
        )
    _notes(figure, xs, notes, c)
    top = top_of(values, past)
    figure.update_yaxes(**unit.axis(top), range=[0, top * (1.22 if notes else 1.08) or 1])
    figure.update_xaxes(**times, **_ticks(xs))
    padded = [*past, *[None] * (len(xs) - len(past))]
    return with_rows(figure, ["When", name, "Previous period"] if past else ["When", name], _rows(xs, values, padded if past else None))


def lines(series: Mapping[str, Sequence], theme: str, *, unit: Unit, is_open: bool = False, times: Mapping = DATES):
    """Up to four lines, each named at its right end instead of in a legend. series: {name: [(x, value)]} over the same x.

    With is_open the last bucket is not over yet, and dashed.
    """
    figure, c = figure_for(theme)
    drawn = {name: numbers([v for _, v in rows]) for name, rows in series.items()}
    xs = [x for x, _ in next(iter(series.values()), [])]
    top = top_of(*drawn.values())
    heights = _label_heights({name: _last_known(values) for name, values in drawn.items()}, least=(top or 1) * 0.075)
    for n, (name, values) in enumerate(drawn.items(), start=1):
        colour = c[f"series-{n}"]
        closed = len(xs) - 1 if is_open else len(xs)
        line = {"color": colour, "width": 2}
        figure.add_scatter(x=xs[:closed], y=values[:closed], name=name, line=line, hovertemplate=unit.template(), **_mode(closed))
        if is_open:
            _open_end(figure, xs, values, line, c["surface"], unit)
        _label(figure, name, heights[name], colour)
    figure.update_layout(margin={"r": 14 + 7 * max((len(name) for name in drawn), default=0)})
    figure.update_yaxes(**unit.axis(top), range=[0, top * 1.1 or 1])
    figure.update_xaxes(**times, **_ticks(xs))
    return with_rows(figure, ["When", *drawn], [list(row) for row in zip(xs, *drawn.values(), strict=True)])


def _ticks(xs: list[str]) -> dict:
    """Ticks on buckets: each of a few, every third hour, every seventh day; plotly chooses for long periods.

    Left to itself plotly writes the same day twice under a short period.
    """
    hourly = bool(xs) and "T" in xs[0]
    step = 1 if len(xs) <= 8 else 2 if len(xs) <= 14 else (3 if len(xs) <= 24 else 6) if hourly else 7
    if len(xs) > 63:
        return {"nticks": 8}
    return {"tickmode": "array", "tickvals": xs[::step]}


def _mode(length: int) -> dict:
    """A single bucket is a dot: a line of one point would be invisible."""
    return {"mode": "lines"} if length != 1 else {"mode": "markers"}


def _open_end(figure: go.Figure, xs: list, values: list, line: dict, surface: str, unit: Unit) -> None:
    figure.add_scatter(x=xs[-2:], y=values[-2:], mode="lines", line={**line, "dash": "2px 3px"}, hoverinfo="skip", zorder=2)
    hollow = {"color": surface, "size": 7, "line": line}
    figure.add_scatter(
        x=xs[-1:], y=values[-1:], name="Not over yet", mode="markers", marker=hollow, hovertemplate=unit.template(), zorder=3
    )


def _notes(figure: go.Figure, xs: list, notes: Sequence, c: dict) -> None:
    for n, (x, text) in enumerate(notes):
        # A late note reads to the left, and every second one sits lower, so that narrow screens stay legible.
        late = x > xs[len(xs) * 2 // 3]
        figure.add_vline(x=x, line={"color": c["line-strong"], "width": 1})
        figure.add_annotation(
            x=x,
            y=1,
            yref="paper",
            text=text,
            showarrow=False,
            xanchor="right" if late else "left",
            yanchor="top",
            xshift=-5 if late else 5,
            yshift=-17 * (n % 2),
            bgcolor=c["surface"],
            font={"size": 12, "color": c["ink-2"]},
        )


def _rows(xs: list, values: list, past: list | None) -> list[list]:
    return [[x, value, *([past[n]] if past else [])] for n, (x, value) in enumerate(zip(xs, values, strict=True))]


def _label(figure: go.Figure, name: str, y: float | None, colour: str) -> None:
    if y is not None:
        font = {"color": colour, "size": 12, "weight": 600}
        figure.add_annotation(x=1, xref="paper", y=y, text=name, xanchor="left", xshift=6, showarrow=False, font=font)


def _last_known(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return known[-1] if known else None


def _label_heights(ends: dict[str, float | None], least: float) -> dict[str, float | None]:
    """Where each name stands: at its line's end, moved up where two would lie on each other."""
    placed: dict[str, float | None] = dict.fromkeys(ends)
    below = None
    for name, value in sorted((item for item in ends.items() if item[1] is not None), key=lambda item: item[1]):
        below = value if below is None else max(value, below + least)
        placed[name] = below
    return placed
