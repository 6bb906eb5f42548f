"""Which way do they go? A sankey with one column per step."""

from collections.abc import Collection, Sequence

from dashboard.charts.template import figure_for, with_rows

GAP = 0.046  # between the nodes of a column: plotly's pad of 18 px in a picture of about 390


def sankey(
    names: Sequence[str],
    flows: Sequence,
    theme: str,
    *,
    grey: Collection[int] = (),
    columns: Sequence[int] | None = None,
    backwards: bool = False,
):
    """flows: [(from, to, sessions)] as positions in `names`. grey: the positions of nodes that left or came in.

    columns: the step of each node, 0 first; without it plotly finds them, from the left or, backwards, from the right.
    """
    figure, c = figure_for(theme)
    node = {
        "label": list(names),
        "align": "right" if backwards else "left",
        "pad": 18,
        "thickness": 10,
        "line": {"width": 0},
        "color": [c["past"] if n in grey else c["series-1"] for n in range(len(names))],
        "customdata": list(range(len(names))),
        "hovertemplate": "%{label}: %{value:,}<extra></extra>",
    }
    if columns:
        last = max(columns) or 1
        # plotly moves nodes at exactly 0 or 1, so the outer columns stand a hair inside.
        node |= {"x": [min(max(step / last, 0.001), 0.999) for step in columns], "y": _heights(names, flows, columns)}
    figure.add_sankey(
        arrangement="snap",
        textfont={"color": c["ink"], "size": 12, "shadow": "none"},
        valueformat=",",
        node=node,
        link={
            "source": [f for f, _, _ in flows],
            "target": [t for _, t, _ in flows],
            "value": [n for *_, n in flows],
            "color": [c["grid"] if t in grey or f in grey else c["seq-2"] for f, t, _ in flows],
            "hovertemplate": "%{source.label} to %{target.label}: %{value:,}<extra></extra>",
        },
    )
    figure.update_layout(margin={"t": 6, "b": 6})
    return with_rows(figure, ["From", "To", "Sessions"], [[names[f], names[t], n] for f, t, n in flows])


def _heights(names: Sequence[str], flows: Sequence, columns: Sequence[int]) -> list[float]:
    """The middle of each node, 0 at the top: within a column in the order given, as tall as what flows through it."""
    through = [max(sum(n for f, _, n in flows if f == i), sum(n for _, t, n in flows if t == i)) for i in range(len(names))]
    # As plotly does: what one session is high in the fullest column, after the gaps between its nodes.
    sums = {step: [through[i] for i in range(len(names)) if columns[i] == step] for step in set(columns)}
    unit = min((1 - GAP * (len(parts) - 1)) / (sum(parts) or 1) for parts in sums.values())
    used: dict[int, float] = {}
    middles = []
    for i, step in enumerate(columns):
        start = used.get(step, 0.0)
        share = through[i] * unit
        middles.append(min(max(start + share / 2, 0.001), 0.999))
        used[step] = start + share + GAP
    return middles
