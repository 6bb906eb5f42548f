"""The tiles of Data, and the chart of the chosen one."""

from collections import Counter
from dataclasses import dataclass
from statistics import median
from zoneinfo import ZoneInfo

from analytics.arrivals import Arrivals
from dashboard import charts, formats, scope_bar, theme
from dashboard import components as ui

ORIGINS = {
    "browser": "Browser",
    "server": "Server",
    "segment": "Segment",
    "shop": "Shop",
    "demo": "Demo",
    "upload": "Upload",
}
PARTS = 4  # of a bar; what is beyond them is "Other"
DELAY = charts.Unit(",.1f")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Tile:
    label: str
    title: str  # of the chart
    definition: str


TILES = {
    "events": Tile(
        "Events today",
        "Events per hour, by source",
        "Events since midnight in the shop's zone, without uploads, against the same hours of up to four such weekdays before.",
    ),
    "rejected": Tile(
        "Rejected",
        "Rejected events per hour, by reason",
        "Events of today that were answered with a reason and not stored, of all that came.",
    ),
    "delay": Tile(
        "Delay",
        "Delay of 95 of 100 events, in seconds",
        "From when an event happened to when it was accepted here, for 95 of 100 events of the last hour. What came more than an hour late "
        "is history and not counted.",
    ),
}


def tiles(found: Arrivals, chosen: str) -> list:
    """One tile a metric, its sparkline of the complete hours."""
    complete = [hour for hour in found.hours if hour.complete]
    usual_delay = _usual_delay(found)
    said = {
        "events": (
            formats.compact(found.today),
            ui.delta(found.today, found.usual, f"{formats.compact(found.usual)} usual", good=None),
            [sum(hour.by_origin.values()) for hour in complete],
        ),
        "rejected": (
            "0%" if found.rejected_share == 0 else formats.percent(found.rejected_share),
            ui.delta(
                found.rejected_share,
                found.rejected_share_before,
                f"{formats.percent(found.rejected_share_before)} in 7 days",
                good="down",
                points=True,
            ),
            [sum(hour.rejected.values()) for hour in complete],
        ),
        "delay": (
            seconds(found.delay_s),
            ui.delta(found.delay_s, usual_delay, f"{seconds(usual_delay)} today", good="down"),
            [hour.delay_s for hour in complete],
        ),
    }
    return [
        ui.kpi(name, tile.label, tile.definition, value, moved, values, name == chosen, of="data-tile")
        for name, tile in TILES.items()
        for value, moved, values in [said[name]]
    ]


def seconds(value: float | None) -> str:
    """1.2 s, or in minutes from one on."""
    return f"{value:.1f} s" if value is not None and value < 60 else formats.duration(value)


def _usual_delay(found: Arrivals) -> float | None:
    known = [hour.delay_s for hour in found.hours[:-1] if hour.delay_s is not None]
    return median(known) if known else None


def figure(found: Arrivals, metric: str, tz: str):
    """The last 24 hours of the metric."""
    if metric == "delay":
        rows = [(scope_bar.wall_clock(hour.start, tz), hour.delay_s) for hour in found.hours]
        return charts.trend(rows, [], theme.chosen(), name="Delay", unit=DELAY, is_open=True, times=charts.HOURS)
    xs = [_clock(hour.start, tz) for hour in found.hours]
    if metric == "rejected":
        return charts.stacked(xs, _parts([hour.rejected for hour in found.hours], {}), theme.chosen(), is_open=True)
    usual = [hour.usual for hour in found.hours]
    parts = _parts([hour.by_origin for hour in found.hours], ORIGINS)
    return charts.stacked(xs, parts, theme.chosen(), usual=usual if any(usual) else (), is_open=True)


def _parts(hours: list[dict[str, int]], names: dict[str, str]) -> dict[str, list[int]]:
    """One series for each of the largest, in a fixed order so that each keeps its colour; the rest together."""
    totals = Counter()
    for hour in hours:
        totals.update(hour)
    known = [name for name in names if totals[name]]
    order = known + [name for name, _ in totals.most_common() if name not in names]
    shown = order if len(order) <= PARTS else order[: PARTS - 1]
    parts = {names.get(name, name): [hour.get(name, 0) for hour in hours] for name in shown}
    if len(shown) < len(order):
        parts["Other"] = [sum(count for name, count in hour.items() if name not in shown) for hour in hours]
    return parts or {"Events": [0] * len(hours)}


def sub(found: Arrivals, metric: str, tz: str) -> str:
    """What the grey line is, and which hour is not over."""
    last = found.hours[-1].start
    usual = f"Dashed: usual for a {WEEKDAYS[last.astimezone(ZoneInfo(tz)).weekday()]}. " if metric == "events" and found.usual else ""
    return f"{usual}{_clock(last, tz)} is not over yet."


def _clock(moment, tz: str) -> str:
    return f"{moment.astimezone(ZoneInfo(tz)):%H:%M}"
