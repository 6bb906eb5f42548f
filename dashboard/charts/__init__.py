"""The figures, one pure function per question: rows and a theme in, Figure out. ui.md says which chart answers what."""

from dashboard.charts.flows import sankey
from dashboard.charts.heat import heat_map
from dashboard.charts.lines import DATES, HOURS, MONTHS, lines, trend
from dashboard.charts.ranks import bars, histogram
from dashboard.charts.stacks import stacked
from dashboard.charts.template import CONFIG, TEMPLATES, blank
from dashboard.charts.units import COUNT, SECONDS, SHARE, Unit, money, unit_of
from dashboard.charts.world import world

__all__ = [
    "CONFIG",
    "COUNT",
    "DATES",
    "HOURS",
    "MONTHS",
    "SECONDS",
    "SHARE",
    "TEMPLATES",
    "Unit",
    "bars",
    "blank",
    "heat_map",
    "histogram",
    "lines",
    "money",
    "sankey",
    "stacked",
    "trend",
    "unit_of",
    "world",
]
