"""Where do they come from? A map with one amount per country."""

from collections.abc import Mapping

from dashboard.charts.heat import scale
from dashboard.charts.template import figure_for, with_rows
from dashboard.charts.units import Unit


def world(values: Mapping[str, float], theme: str, *, unit: Unit):
    """values: {ISO 3166 alpha-3 code: amount}, in five classes of equal size, so that one large market does not wash out the rest.

    The outlines come from our own assets: see CONFIG in template.py.
    """
    figure, c = figure_for(theme)
    ranked = sorted(values, key=values.get)
    figure.add_choropleth(
        locations=ranked,
        z=[1 + 5 * n // len(ranked) for n in range(len(ranked))],
        zmin=0,
        zmax=5,
        customdata=[float(values[code]) for code in ranked],
        colorscale=scale(theme),
        showscale=False,
        marker={"line": {"color": c["surface"], "width": 0.6}},
        hovertemplate=f"%{{location}}: {unit.prefix}%{{customdata:{unit.hover}}}<extra></extra>",
    )
    figure.update_geos(
        fitbounds="locations",
        projection_type="natural earth",
        bgcolor=c["surface"],
        showframe=False,
        showcoastlines=False,
        showland=True,
        landcolor=c["grid"],
        showcountries=True,
        countrycolor=c["surface"],
        showlakes=False,
        showocean=False,
    )
    figure.update_layout(hovermode="closest", margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return with_rows(figure, ["Country", "Amount"], [[code, float(values[code])] for code in reversed(ranked)])
