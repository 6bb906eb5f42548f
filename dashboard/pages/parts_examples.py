"""Fixed examples for the page of parts. None of it is a measurement."""

from datetime import date, timedelta
from decimal import Decimal

from dashboard import charts, grid

DAYS = [(date(2026, 10, 23) + timedelta(days=n)).isoformat() for n in range(28)]
WEEK = (94, 92, 97, 100, 109, 113, 102)
CAUSES = [("More visits", Decimal(21400)), ("Larger orders", Decimal(8300)), ("More refunds", Decimal(-3900))]
REST = Decimal(1600)
COLUMNS = [
    {"field": "name", "headerName": "Product", "flex": 3, "minWidth": 130, "cellClass": "cell-link"},
    {"field": "revenue", "headerName": "Net revenue", "flex": 2, **grid.money("EUR")},
    {"field": "orders", "headerName": "Orders", "flex": 1, **grid.count(), **grid.WIDE},
    {"field": "change", "headerName": "Change", "flex": 2, **grid.DELTA},
    {"field": "days", "headerName": "Last 14 days", **grid.SPARK, **grid.WIDE},
]
ROWS = [
    {"name": "Linen duvet cover", "revenue": 38421, "orders": 417, "change": 18.4, "days": [4, 5, 5, 7, 6, 9]},
    {"name": "Brass desk lamp", "revenue": 17252, "orders": 150, "change": -12.6, "days": [9, 8, 8, 6, 7, 4]},
    {"name": "Cork yoga mat", "revenue": 11870, "orders": None, "change": None, "days": []},
]


def _daily(level: float, step: float = 0.5) -> list[tuple[str, float]]:
    return [(day, level * WEEK[n % 7] / 100 + n * step) for n, day in enumerate(DAYS)]


def trend(theme: str):
    """One metric with the earlier period, two notes and a day that is not over."""
    now = _daily(14000, 90)
    now[-1] = (DAYS[-1], now[-1][1] * 0.58)
    notes = [(DAYS[10], "Free shipping week"), (DAYS[22], "Rule: new device")]
    return charts.trend(now, _daily(13200, 40), theme, name="Net revenue", unit=charts.money("EUR"), is_open=True, notes=notes)


def lines(theme: str):
    """Three groups, named at their ends."""
    series = {name: _daily(level, 0.0003) for name, level in (("Desktop", 0.07), ("Mobile", 0.05), ("Tablet", 0.052))}
    return charts.lines(series, theme, unit=charts.SHARE, is_open=True)


def sankey(theme: str):
    """Four steps; grey left the shop."""
    names = ["Home", "Search", "Category", "Left", "Product", "Left", "Cart", "Left"]
    flows = [(0, 1, 300), (0, 2, 420), (0, 3, 280), (1, 4, 240), (1, 5, 60), (2, 4, 330), (2, 5, 90), (4, 6, 210), (4, 7, 360)]
    return charts.sankey(names, flows, theme, grey={3, 5, 7}, columns=[0, 1, 1, 1, 2, 2, 3, 3])


def heat_map(theme: str):
    """Cohorts; months that are not over are empty."""
    rows, shares = ["Jun · 1,240", "Jul · 1,318", "Aug · 1,190", "Sep · 1,402"], (0.22, 0.16, 0.13, 0.12)
    return charts.heat_map(rows, ["Month 1", "2", "3", "4"], [[*shares[: 4 - n], *[None] * n] for n in range(4)], theme)


def world(theme: str):
    """Six countries."""
    amounts = {"DEU": 148_000, "FRA": 97_000, "NLD": 52_000, "POL": 24_000, "SWE": 11_000, "ESP": 8_000}
    return charts.world(amounts, theme, unit=charts.money("EUR"))


def bars(theme: str):
    """Ranked, largest first."""
    return charts.bars([("Organic search", 148_000, "€148k"), ("Paid search", 97_000, "€97k"), ("Email", 81_000, "€81k")], theme)


def stacked(theme: str):
    """Three sources; the last hour is not over."""
    hours = [f"{n:02}:00" for n in range(12)]
    parts = {"Browser": [400 + 30 * n for n in range(12)], "Server": [160 + 9 * n for n in range(12)], "Segment": [80] * 12}
    return charts.stacked(hours, parts, theme, usual=[640 + 36 * n for n in range(12)], is_open=True)


def histogram(theme: str):
    """Order values, with their median."""
    counts = (12, 48, 96, 80, 44, 20, 9)
    bins = [(n * 25, n * 25 + 25, count) for n, count in enumerate(counts)]
    return charts.histogram(bins, theme, median=79, median_text="half above €79", unit=charts.money("EUR"))
