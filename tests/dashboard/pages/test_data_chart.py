"""The tiles and charts of Data, from hand-made arrivals."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from analytics.arrivals import Arrivals, Hour
from dashboard.pages import data_chart
from tests.dashboard.conftest import texts

AT = datetime(2025, 1, 10, 10, tzinfo=UTC)  # a Friday
HOUR = timedelta(hours=1)


def hour(number, origins=None, rejected=None, usual=None, delay=None):
    return Hour(AT - (1 - number) * HOUR, number == 0, origins or {}, rejected or {}, usual, delay)


def arrivals(*hours, **more):
    values = {"today": 84_200, "usual": 82_100.0, "rejected": 5, "rejected_share": 0.0046, "rejected_share_before": 0.0008, "delay_s": 1.2}
    return Arrivals(**values | {"hours": list(hours), "last_event_at": AT, "warnings": []} | more)


def test_each_tile_is_compared_with_what_is_usual_for_it():
    found = arrivals(hour(0, delay=2.4), hour(1))
    assert [texts(tile) for tile in data_chart.tiles(found, "events")] == [
        "Events today 84.2k up 2.6% from 82.1k usual",
        "Rejected 0.46% up 0.38 points from 0.08% in 7 days",
        "Delay 1.2 s down 50.0% from 2.4 s today",
    ]


def test_what_is_not_known_is_a_dash():
    found = arrivals(hour(0), hour(1), usual=None, rejected_share=None, rejected_share_before=None, delay_s=None)
    assert [texts(tile).split(" No")[0] for tile in data_chart.tiles(found, "events")] == ["Events today 84.2k", "Rejected –", "Delay –"]


def test_sources_keep_their_order_and_beyond_four_the_rest_is_other():
    two = arrivals(hour(0, {"segment": 5, "browser": 1}), hour(1))
    assert data_chart.figure(two, "events", "UTC").layout.meta["columns"] == ["When", "Browser", "Segment"]
    names = ("browser", "server", "segment", "shop", "demo")
    five = arrivals(hour(0, {name: n for n, name in enumerate(names, start=1)}), hour(1))
    assert data_chart.figure(five, "events", "UTC").layout.meta == {
        "columns": ["When", "Browser", "Server", "Segment", "Other"],
        "rows": [["09:00", 1, 2, 3, 9], ["10:00", 0, 0, 0, 0]],
    }


def test_hours_are_those_of_the_shop_and_the_last_is_open():
    found = arrivals(hour(0, {"browser": 1}, usual=2.0), hour(1))
    assert data_chart.sub(found, "events", "Europe/Berlin") == "Dashed: usual for a Friday. 11:00 is not over yet."
    assert data_chart.sub(replace(found, usual=None), "events", "UTC") == "10:00 is not over yet."
    assert data_chart.figure(found, "events", "UTC").layout.meta["columns"] == ["When", "Browser", "Usual"]
    assert data_chart.figure(found, "delay", "UTC").layout.meta["rows"] == [["2025-01-10T09:00:00", None], ["2025-01-10T10:00:00", None]]


def test_without_any_event_there_are_empty_hours_not_nothing():
    assert data_chart.figure(arrivals(hour(0), hour(1)), "rejected", "UTC").layout.meta["rows"] == [["09:00", 0], ["10:00", 0]]


def test_long_delays_are_said_in_minutes():
    assert [data_chart.seconds(value) for value in (0.04, 59.9, 75, None)] == ["0.0 s", "59.9 s", "1 min 15 s", "–"]
