"""The page Data: numbers, warnings, the live debugger and its drawer."""

from datetime import UTC, datetime, timedelta

import pytest

from actions import keys, tenants
from dashboard.pages import data
from tests import recorded
from tests.dashboard.conftest import texts


@pytest.fixture
def now():
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def arrived(tenant, now):
    """A minute ago: a page view of Ada's, a purchase without an amount, a name of its own; one rejected."""
    recorded.customer(tenant, "u1", "Ada Berg")
    at = now - timedelta(minutes=3)
    home = ("page_view", {"event_type": "Page", "page_type": "home", "page_url": "https://shop.example/", "user_id": "u1"})
    ids = recorded.session(tenant, home, ("purchase", {"event_type": "Order Completed"}), "Lamp Configured", at=at)
    letter = recorded.rejected(tenant, b'{"event_type": "x"}', "No visitor and no user", at=now - timedelta(minutes=1), field="visitor_id")
    return [f"event:{id}" for id in ids] + [f"rejected:{letter}"]


def numbers(browser, metric="events"):
    answer = browser.call("data-numbers-tiles.children", {"data-metric.data": metric})
    assert answer.status_code == 200, answer.text
    return answer.get_json()["response"]


def rows(browser, show="all"):
    answer = browser.call("data-debug.children", {"data-show.value": show})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def drawer(browser, key):
    answer = browser.call("data-drawer.is_open", {"data-event.data": {"key": key, "count": 1}})
    assert answer.status_code == 200, answer.text
    return answer.get_json()["response"]["data-drawer"]


@pytest.mark.usefixtures("arrived")
def test_the_tiles_say_how_much_came_and_how_much_was_refused(browser):
    shown = texts(numbers(browser)["data-numbers-tiles"]["children"])
    assert shown.startswith("Events today 3 No earlier data to compare Rejected 25.0%")


@pytest.mark.usefixtures("arrived")
def test_each_warning_has_its_words_and_an_example(browser):
    shown = texts(numbers(browser)["data-warnings"]["children"])
    assert "1 event rejected: No visitor and no user" in shown
    assert "Purchases without an amount 1 of 1 from Browser since" in shown
    assert "New event name: Lamp Configured 1 time, kept as it is, from Browser since" in shown


@pytest.mark.usefixtures("arrived")
def test_each_tile_has_its_chart(browser):
    tables = {metric: numbers(browser, metric)["data-chart"]["figure"]["layout"]["meta"] for metric in ("events", "rejected", "delay")}
    assert (tables["events"]["columns"], tables["rejected"]["columns"]) == (["When", "Browser"], ["When", "No visitor and no user"])
    assert tables["delay"]["columns"] == ["When", "Delay"]
    assert {len(table["rows"]) for table in tables.values()} == {24}
    assert sum(row[1] for row in tables["events"]["rows"]) == 3


@pytest.mark.usefixtures("arrived")
def test_the_debugger_shows_what_came_and_what_became_of_it(browser):
    shown = [texts(row).split(" ", 1)[1] for row in rows(browser)["response"]["data-debug"]["children"]]
    assert shown == [
        "x No visitor and no user – Server Rejected",
        "Lamp Configured A name of its own, kept as it is Ada Berg Browser Accepted",
        "Order Completed purchase No amount: an order without revenue Ada Berg Browser Warning",
        "Page page_view / Ada Berg Browser Accepted",
    ]
    assert len(rows(browser, "warning")["response"]["data-debug"]["children"]) == 1
    assert len(rows(browser, "rejected")["response"]["data-debug"]["children"]) == 1


def test_an_empty_shop_is_told_how_to_begin(browser):
    assert texts(rows(browser)["sideUpdate"]["data-debugger-state"]["children"]).startswith("No events yet Put the snippet on your shop")
    assert texts(rows(browser, "rejected")["response"]["data-debug"]["children"]) == "No rejected: all that came lately is fine."
    assert texts(numbers(browser)["data-warnings"]["children"]).startswith("Nothing to fix")


def test_the_drawer_says_how_an_event_was_read_and_why(browser, arrived):
    shown = drawer(browser, arrived[0])
    words = texts(shown["children"])
    assert shown["title"] == "Page"
    assert "Event Page page_view , a known name for it Page type home , from the address Session s1 Visitor v1 Person Ada Berg" in words
    assert '"event_type": "Page"' in words
    assert "Show this journey" in words


def test_a_warning_comes_with_advice_and_a_rejected_one_can_be_sent_again(browser, arrived):
    assert "No amount: an order without revenue It is stored." in texts(drawer(browser, arrived[1])["children"])
    words = texts(drawer(browser, arrived[3])["children"])
    assert "Not stored; the answer said why. Have the sender fixed, then send it again. The field is visitor_id." in words
    assert "Send it again" in words
    values = {"data-again.n_clicks": 1, "data-event.data": {"key": arrived[3], "count": 1}}
    still = browser.call("data-sent.children", values).get_json()["response"]["data-sent"]["children"]
    assert texts(still) == "The event names neither a visitor_id nor a user_id."


def test_a_name_of_its_own_can_be_given_a_meaning(browser, arrived, tenant):
    assert "From now on, read “Lamp Configured” as" in texts(drawer(browser, arrived[2])["children"])
    values = {"data-name.n_clicks": 1, "data-meaning.value": "select_item", "data-drawer.title": "Lamp Configured"}
    said = browser.call("data-named.children", values).get_json()["response"]["data-named"]["children"]
    assert texts(said) == "“Lamp Configured” is read as select item from now on."
    assert tenants.load(tenant).event_aliases == {"Lamp Configured": "select_item"}


def test_the_snippet_carries_the_shops_own_key(browser, tenant, now):
    keys.replace_write_key(tenant)
    before = texts(browser.call("data-snippet.children", {}).get_json()["response"]["data-snippet"]["children"])
    assert f'data-key="{keys.write_key(tenant)}"' in before
    assert before.endswith("Not heard of in the last 24 hours")
    recorded.session(tenant, ("page_view", {"page_url": "https://shop.example/"}), at=now - timedelta(minutes=5))
    after = texts(browser.call("data-snippet.children", {}).get_json()["response"]["data-snippet"]["children"])
    assert after.endswith("Seen 5 min ago on shop.example")


def test_who_may_not_write_does_not_see_the_page(browser_of, tenant):
    analyst = browser_of(tenant, "viewer")
    state = analyst.call("data-debug.children", {"data-show.value": "all"}).get_json()["sideUpdate"]["data-debugger-state"]["children"]
    assert texts(state).startswith("You cannot see this")


def test_the_page_keeps_what_the_address_asks_for():
    page = data.layout(metric="delay", show="rejected", paused="1", event="event:1")
    assert (page["data-metric"].data, page["data-show"].value, page["data-live"].disabled) == ("delay", "rejected", True)
    assert page["data-event"].data == {"key": "event:1", "count": 0}
    assert data.layout(metric="x", show="x")["data-metric"].data == "events"
