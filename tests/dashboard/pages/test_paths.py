"""The page Paths: its picture, its table, its findings and its drawer."""

import pytest

from dashboard.pages import paths
from tests import recorded
from tests.dashboard.conftest import texts

JANUARY = "?from=2025-01-01&to=2025-01-31"


@pytest.fixture
def visits(tenant):
    """40 sessions go home, cart and leave; one buys for 30."""
    for number in range(40):
        recorded.session(tenant, *_views("home", "cart"), session=f"s{number}")
    recorded.session(tenant, *_views("home", "cart"), ("purchase", {"page_type": "confirmation"}), session="paid")
    recorded.order(tenant, "o1", gross="30", visitor="v1", session="paid")


def _views(*page_types):
    return [("page_view", {"page_type": page_type}) for page_type in page_types]


def draw(browser, node="home", direction="start", by="page_type", steps="3", search=JANUARY):
    values = {"paths-node.value": node, "paths-steps.value": steps, "paths-by.value": by, "paths-direction.value": direction}
    answer = browser.call("paths-sankey.figure", values | {"scope.data": search})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


@pytest.mark.usefixtures("visits")
def test_the_picture_has_a_column_a_step_and_the_table_the_whole_ways(browser):
    drawn = draw(browser)["response"]
    assert drawn["paths-sankey"]["figure"]["layout"]["meta"] == {
        "columns": ["From", "To", "Sessions"],
        "rows": [["Home", "Cart", 41], ["Cart", "Confirmation", 1], ["Cart", "Left", 40]],
    }
    assert drawn["paths-nodes"]["data"] == ["home", "cart", "confirmation", None]
    assert drawn["paths-title"]["children"] == "Where they went from “Home”"
    assert drawn["paths-sub"]["children"] == "41 sessions, 3 steps. Grey: left. The same again in a row counts once."
    rows = [(row["path"], row["sessions"], row["paid"], row["revenue"]) for row in drawn["paths-table"]["rowData"]]
    assert rows == [("Home → Cart → Left", 40, 0.0, 0.0), ("Home → Cart → Confirmation", 1, 1.0, 30.0)]
    assert texts(drawn["paths-findings"]["children"]) == "Most leave after Cart 98% of 41 leave there Start at Cart"
    assert drawn["paths-findings-sub"]["children"] == "Against 1 – 31 Dec 2024"


@pytest.mark.usefixtures("visits")
def test_towards_an_end_the_words_turn_round(browser):
    drawn = draw(browser, "confirmation", "end")["response"]
    assert drawn["paths-title"]["children"] == "How they came to “Confirmation”"
    assert drawn["paths-table-title"]["children"] == "Whole paths to “Confirmation”"
    assert [row["path"] for row in drawn["paths-table"]["rowData"]] == ["Home → Cart → Confirmation"]


@pytest.mark.usefixtures("visits")
def test_what_can_be_chosen_is_what_there_is_and_the_usual_one_is_chosen(browser):
    def chosen(by, direction, now=None, asked=None):
        values = {"scope.data": JANUARY, "paths-by.value": by, "paths-direction.value": direction}
        values |= {"paths-node.value": now, "paths-asked.data": asked}
        response = browser.call("paths-node.options", values).get_json()["response"]["paths-node"]
        return [option["label"] for option in response["options"]], response["value"]

    assert chosen("page_type", "start") == (["Where they came in", "Cart", "Home", "Confirmation"], "home")
    assert chosen("page_type", "end") == (["Cart", "Home", "Confirmation"], "confirmation")
    assert chosen("page_type", "start", asked="cart")[1] == "cart"
    assert chosen("event", "start", now="cart") == (["Where they came in", "Page view", "Purchase"], "page_view")


@pytest.mark.usefixtures("visits")
def test_filters_that_leave_nothing_are_named(browser):
    state = draw(browser, search=JANUARY + "&device=tablet")["sideUpdate"]["paths-card-state"]["children"]
    assert texts(state).startswith("No sessions match these filters")


def test_what_is_chosen_stands_in_the_address(browser):
    values = {"paths-node.value": "cart", "paths-steps.value": "5", "paths-by.value": "event", "url.search": "?device=mobile&end=home"}
    found = [one for one in browser.client.get("/app/_dash-dependencies").get_json() if one["output"].startswith("url.search")]
    mine = next(one for one in found if one["inputs"][0]["id"] == "paths-node")
    answer = browser.call(mine["output"], values | {"paths-direction.value": "start"}).get_json()
    assert answer["response"]["url"]["search"] == "?device=mobile&start=cart&by=event&steps=5"


def test_a_click_on_a_node_starts_there_and_one_on_a_flow_does_nothing(browser):
    def click(point):
        values = {"paths-sankey.clickData": {"points": [point]}, "paths-nodes.data": ["home", None], "paths-direction.value": "start"}
        return browser.call("paths-node.value@", values).get_json()["response"]

    assert click({"customdata": 0})["paths-node"]["value"] == "home"
    assert click({"customdata": 1}) == {}
    assert click({"value": 5}) == {}


@pytest.mark.usefixtures("visits")
def test_a_row_opens_its_drawer_with_ways_to_go_on(browser):
    rows = draw(browser)["response"]["paths-table"]["rowData"]
    values = {"paths-table.cellClicked": {"rowId": "1"}, "paths-table.rowData": rows, "paths-by.value": "page_type", "url.search": JANUARY}
    drawer = browser.call("paths-drawer.is_open", values).get_json()["response"]["paths-drawer"]
    assert (drawer["is_open"], drawer["title"]) == (True, "This path")
    assert texts(drawer["children"]) == (
        "1 Home 2 Cart 3 Confirmation Sessions 1 Sessions before 0 Of all these sessions 2.44% Paid 100.0% What you can do "
        "Start at Home Start at Confirmation End at Confirmation"
    )


def test_the_page_keeps_what_the_address_asks_for():
    page = paths.layout(end="purchase", by="event", steps="5")
    assert (page["paths-direction"].value, page["paths-asked"].data) == ("end", "purchase")
    assert (page["paths-by"].value, page["paths-steps"].value) == ("event", "5")
    assert paths.layout(by="colour", steps="9")["paths-by"].value == "page_type"
