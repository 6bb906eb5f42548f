"""The page Journeys: who is found, who is worth a look, and one person's line."""

import pytest

from dashboard.pages import journeys
from tests import recorded
from tests.dashboard.conftest import texts
from tests.recorded import AT


@pytest.fixture
def ada(tenant):
    """Ada looks at a lamp on her phone and buys it; a stranger leaves a cart at the checkout."""
    recorded.customer(tenant, "u1", "Ada Berg", "ada@example.com")
    lamp = {"product_id": "p1", "properties": '{"product_id": "p1", "name": "Lamp", "price": 139}'}
    home = ("page_view", {"page_type": "home", "page_url": "https://shop.example/"})
    recorded.session(tenant, home, ("view_item", lamp), ("purchase", {"order_id": "48102"}), user_id="u1")
    recorded.order(tenant, "48102", gross="139", buyer_id="u1", product="Lamp", payment="card", visitor="v1", session="s1")
    recorded.session(tenant, "begin_checkout", visitor="v2", session="s2", cart="59", at=AT + recorded.MINUTE * 90)


def draw(browser, show="all", who="u1", sessions=20):
    values = {"journey-asked.data": {"who": who, "sessions": sessions}, "journey-show.value": show, "url.search": f"?who={who}"}
    answer = browser.call("journey-line.children", values)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def said(answer) -> dict[str, str]:
    return {name: texts(part["children"]) for name, part in answer["response"].items()}


@pytest.mark.usefixtures("ada")
def test_a_persons_line_tells_what_they_did_in_order(browser):
    shown = said(draw(browser))
    assert shown["journey-name"] == "Ada Berg"
    assert shown["journey-sub"] == "1 session on 1 browser, 10 Jan 2025 – 10 Jan 2025. Times in UTC"
    assert shown["journey-line"] == (
        "Fri 10 Jan 2025, 10:00 Mobile, Safari · Direct · 2 min · 1 page 10:00 Came to the home page 10:01 Viewed Lamp €139.00 "
        "10:02 Order 48102 Paid by card €139.00 1 × Lamp €139.00"
    )
    assert shown["journey-facts"] == (
        "E-mail ada@example.com First seen 10 Jan 2025 Last seen 10 Jan 2025, 10:02 Sessions 1 Orders 1 Net revenue €139.00"
    )
    assert shown["journey-browsers"] == "Mobile, Safari v1 since 10 Jan 2025"


@pytest.mark.usefixtures("ada")
def test_only_orders_and_feedback_leave_the_looking_out(browser):
    assert "Viewed" not in said(draw(browser, "orders"))["journey-line"]
    assert "Order 48102" in said(draw(browser, "orders"))["journey-line"]


@pytest.mark.usefixtures("ada")
def test_an_unnamed_visitor_has_a_line_with_the_cart_that_was_left(browser):
    shown = said(draw(browser, who="v2"))
    assert shown["journey-name"] == "Visitor v2"
    assert "11:30 Left with a full cart" in shown["journey-line"]
    assert "€59.00 open" in shown["journey-line"]


def test_somebody_unknown_is_said_to_be_unknown(browser):
    state = draw(browser, who="nobody")["sideUpdate"]["journey-card-state"]["children"]
    assert texts(state) == "There is no such thing Nobody in this shop is known as nobody."


@pytest.mark.usefixtures("ada")
def test_the_search_shows_each_hit_with_its_kind_and_leads_to_the_person(browser):
    answer = browser.call("journey-hits.children", {"journey-q.value": "ada"}).get_json()["response"]["journey-hits"]["children"]
    assert texts(answer).startswith("Ada Berg ada @example.com Person 1 order, €139.00")
    assert answer["props"]["children"][0]["props"]["href"] == "/app/journeys?who=u1"
    order = browser.call("journey-hits.children", {"journey-q.value": "48102"}).get_json()["response"]["journey-hits"]["children"]
    assert texts(order).startswith("Order 48102 Ada Berg Order €139.00")
    nobody = browser.call("journey-hits.children", {"journey-q.value": "zz top"}).get_json()["response"]["journey-hits"]["children"]
    assert texts(nobody) == "Nobody here is called “zz top”."
    assert browser.call("journey-hits.children", {"journey-q.value": "a"}).get_json()["response"]["journey-hits"]["children"] == []


@pytest.mark.usefixtures("ada")
def test_before_a_search_the_newest_people_stand_there(browser):
    answer = browser.call("journey-newest.children", {"journey-asked.data": {"who": None, "sessions": 20}}).get_json()
    shown = texts(answer["response"]["journey-newest"]["children"])
    assert shown == "Left at the checkout, visitor v2 €59.00 open 10 Jan 2025, 11:30 Order 48102, Ada Berg €139.00 10 Jan 2025, 10:00"


def test_an_empty_shop_says_what_will_stand_there(browser):
    answer = browser.call("journey-newest.children", {"journey-asked.data": {"who": None, "sessions": 20}}).get_json()
    assert texts(answer["sideUpdate"]["journey-news-state"]["children"]).startswith("No news yet")


def test_earlier_sessions_are_one_link_away(browser, tenant):
    for number in range(3):
        recorded.session(tenant, "page_view", session=f"s{number}", user_id="u1", at=AT + number * recorded.MINUTE * 60)
    answer = draw(browser, sessions=1)["response"]["journey-line"]["children"]
    link = answer["props"]["children"][0]["props"]["children"]["props"]
    assert (texts(link["children"]), link["href"]) == ("Show 2 of 2 earlier sessions", "/app/journeys?who=u1&sessions=21")


def test_the_page_keeps_what_the_address_asks_for():
    page = journeys.layout(who="u1", show="orders", sessions="40")
    assert page["journey-asked"].data == {"who": "u1", "sessions": 40}
    assert page["journey-show"].value == "orders"
    assert journeys.layout(who="u1", show="nothing", sessions="many")["journey-asked"].data == {"who": "u1", "sessions": 20}
    assert journeys.layout(q="ada")["journey-q"].value == "ada"
