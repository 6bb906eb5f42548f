"""The Overview, from recorded sessions to the words on the tiles."""

from datetime import UTC, datetime, timedelta

import pytest

from actions import dead_letters
from tests.analytics.conftest import event, record
from tests.dashboard.conftest import texts

JANUARY = "?from=2025-01-01&to=2025-01-31"


@pytest.fixture
def sales(tenant):
    """Two sessions in January, one of which buys for 40; one in December, which buys for 25."""
    record(tenant, "page_view", event("purchase", revenue="40", properties={"order_id": "A1"}), visitor="v1", device="mobile")
    record(tenant, "page_view", visitor="v2", at=datetime(2025, 1, 12, 9, tzinfo=UTC))
    record(
        tenant,
        "page_view",
        event("purchase", revenue="25", properties={"order_id": "A0"}),
        visitor="v1",
        at=datetime(2024, 12, 12, 9, tzinfo=UTC),
    )


def tiles(browser, search, metric="net_revenue"):
    answer = browser.call("overview-numbers-tiles.children", {"scope.data": search, "overview-metric.data": metric})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def chart(browser, search, metric="orders", grain="day"):
    values = {"scope.data": search, "overview-metric.data": metric, "overview-grain.value": grain}
    answer = browser.call("overview-trend.figure", values)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


@pytest.mark.usefixtures("sales")
def test_visits_are_counted_with_their_change(browser):
    shown = texts(tiles(browser, JANUARY)["response"]["overview-numbers-tiles"]["children"])
    assert "Conversion 50.0% down 50.00 points from 100.0%" in shown
    assert "Visitors 2 up 100.0% from 1" in shown


@pytest.mark.usefixtures("sales")
def test_without_a_comparison_no_change_is_claimed(browser):
    shown = tiles(browser, JANUARY + "&compare=none")["response"]
    assert "from" not in texts(shown["overview-numbers-tiles"]["children"])
    assert texts(shown["overview-causes"]["children"]).startswith("Nothing is compared")


@pytest.mark.usefixtures("sales")
def test_the_chart_draws_the_chosen_metric_day_by_day_on_top_of_the_days_before(browser):
    drawn = chart(browser, "?from=2025-01-10&to=2025-01-12&compare_from=2024-12-10", "sessions")["response"]
    assert drawn["overview-title"]["children"] == "Sessions per day"
    assert drawn["overview-sub"]["children"] == "Grey: 10 – 12 Dec 2024."
    assert drawn["overview-trend"]["figure"]["layout"]["meta"] == {
        "columns": ["When", "Sessions", "Previous period"],
        "rows": [["2025-01-10", 1.0, 0.0], ["2025-01-11", 0.0, 0.0], ["2025-01-12", 1.0, 1.0]],
    }


@pytest.mark.usefixtures("sales")
def test_an_earlier_period_of_which_nothing_is_known_is_not_drawn_as_zeros(browser):
    drawn = chart(browser, "?from=2025-01-10&to=2025-01-12&compare_from=2024-06-10", "sessions")["response"]
    assert drawn["overview-sub"]["children"] == ""
    assert drawn["overview-trend"]["figure"]["layout"]["meta"]["columns"] == ["When", "Sessions"]


@pytest.mark.usefixtures("sales")
def test_a_single_day_is_drawn_by_the_hour(browser):
    drawn = chart(browser, "?from=2025-01-10&to=2025-01-10&compare=none", "sessions")["response"]
    rows = drawn["overview-trend"]["figure"]["layout"]["meta"]["rows"]
    assert drawn["overview-title"]["children"] == "Sessions per hour"
    assert [row for row in rows if row[1]] == [["2025-01-10T12:00:00", 1.0]]
    assert len(rows) == 24


@pytest.mark.usefixtures("sales")
def test_a_week_that_is_cut_off_is_named(browser):
    drawn = chart(browser, "?from=2025-01-08&to=2025-01-14&compare=none", "sessions", "week")["response"]
    assert drawn["overview-sub"]["children"] == "The first week is not whole. The last week is not whole."


@pytest.mark.usefixtures("sales")
def test_days_without_anything_lead_to_those_with_something(browser):
    state = chart(browser, "?from=2020-01-01&to=2020-01-05")["sideUpdate"]["overview-chart-state"]["children"]
    assert texts(state) == (
        "Nothing in these days This shop has events from 12 Dec 2024 – 12 Jan 2025; there was nothing from 1 – 5 Jan 2020. "
        "Show 12 Dec 2024 – 12 Jan 2025"
    )
    assert "/app/?from=2024-12-12&to=2025-01-12" in str(state)


@pytest.mark.usefixtures("sales")
def test_filters_that_nothing_matches_can_be_cleared(browser):
    state = chart(browser, JANUARY + "&country=PL&device=tablet")["sideUpdate"]["overview-chart-state"]["children"]
    assert texts(state) == (
        "No orders or visits match these filters Poland and Tablet together had nothing from 1 – 31 Jan 2025. Clear 2 filters"
    )


def test_an_empty_shop_is_told_how_to_begin(browser):
    state = chart(browser, "")["sideUpdate"]["overview-chart-state"]["children"]
    assert texts(state).startswith("No events yet Put the snippet on your shop")


def test_another_shop_stays_invisible(browser, other_tenant):
    record(other_tenant, "page_view", at=datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1))
    assert "Visitors 0" in texts(tiles(browser, "")["response"]["overview-numbers-tiles"]["children"])


def test_choosing_a_tile_is_kept_in_the_url(browser):
    tile = '{"metric":"orders","type":"overview-tile"}'
    values = {"overview-metric.data": "net_revenue", "url.search": "?period=7d"}
    answer = choose(browser, tile, values)
    assert answer == {"overview-metric": {"data": "orders"}, "url": {"search": "?period=7d&metric=orders"}}


def choose(browser, tile, values):
    """What dash-renderer sends for a click on one tile, with no tiles listed for the pattern."""
    found = next(one for one in browser.client.get("/app/_dash-dependencies").get_json() if "overview-metric.data" in one["output"])
    names = found["output"].strip(".").split("...")
    places = [{"id": name.rsplit(".", 1)[0], "property": name.rsplit(".", 1)[1]} for name in names[:2]]
    body = {
        "output": found["output"],
        "outputs": [*places, []],
        "inputs": [
            [{"id": {"type": "overview-tile", "metric": "orders"}, "property": "n_clicks", "value": 1}],
            {"id": "overview-part", "property": "value"},
        ],
        "state": [{"id": p["id"], "property": p["property"], "value": values[f"{p['id']}.{p['property']}"]} for p in found["state"]],
        "changedPropIds": [f"{tile}.n_clicks"],
    }
    response = browser.post("/app/_dash-update-component", body).get_json()["response"]
    return {name: value for name, value in response.items() if value}


def waiting(browser):
    answer = browser.call("overview-waiting.children", {"scope.data": "?period=7d"}).get_json()
    return texts(answer["response"]["overview-waiting"]["children"])


def test_rejected_events_wait_for_who_can_look_into_them(browser, browser_of, tenant):
    refused = [dead_letters.Refused(b"{}", "It has no event_type."), dead_letters.Refused(b"[]", "It is no object.")]
    dead_letters.put(tenant, refused[:1], origin="browser")
    assert waiting(browser) == "Waiting for you Most urgent first 1 event was rejected The newest: It has no event_type. See why"
    dead_letters.put(tenant, refused[1:], origin="browser")
    assert waiting(browser) == "Waiting for you Most urgent first 2 events were rejected The newest: It is no object. See why"
    assert waiting(browser_of(tenant, "viewer")) == ""


def test_nothing_waits_where_nothing_is_wrong(browser):
    assert waiting(browser) == ""
