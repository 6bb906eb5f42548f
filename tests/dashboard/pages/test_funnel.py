"""The page Funnel: the funnel, its groups, the drawer of those who left, and its address."""

import json

import pytest

from actions import funnels
from analytics.funnel import CHECKOUT, Definition, Step
from dashboard.pages import funnel_edit, funnel_parts, funnel_state
from tests.analytics.conftest import event, record
from tests.dashboard.conftest import texts

JANUARY = "?from=2025-01-01&to=2025-01-31"
SHORT = Definition("Short", (Step("event", "view_item"), Step("event", "purchase")))


@pytest.fixture
def visits(tenant):
    """Four sessions see a product; two put it into the cart, one of them goes to the end and pays 80."""
    record(tenant, "view_item", "add_to_cart", "begin_checkout", "add_payment_info", event("purchase", revenue="80"), device="mobile")
    record(tenant, "view_item", "add_to_cart", "search", device="desktop")
    record(tenant, "view_item", device="desktop")
    record(tenant, "view_item", device="desktop", country="FR")


def draw(browser, asked=None, by="device", search=JANUARY):
    values = {"scope.data": search, "funnel-asked.data": asked, "funnel-by.value": by}
    answer = browser.call("funnel-plot.children", values)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


@pytest.mark.usefixtures("visits")
def test_the_funnel_says_who_goes_on_who_leaves_and_what_it_costs(browser):
    drawn = draw(browser)["response"]
    first, second, *_, last = drawn["funnel-plot"]["children"]["props"]["children"]

    assert texts(first) == "1 Viewed a product 4 100.0% 50.0% continue 10 s to next 2 left €40.00 lost"
    assert texts(second) == "2 Added to cart 2 50.0% 50.0% continue 10 s to next 1 left €40.00 lost"
    assert texts(last) == "5 Paid 1 25.0% Average order €80.00 €80.00 revenue"
    assert drawn["funnel-title"]["children"] == "Checkout"
    assert texts(drawn["funnel-sub"]["children"]) == (
        "25.0% of sessions went from “Viewed a product” to “Paid” within 7 days, No earlier data to compare"
    )
    rows = [(row["name"], row["count"], row["share"], row["change"]) for row in drawn["funnel-table"]["rowData"]]
    assert rows == [("Desktop", 3, 0.0, None), ("Mobile", 1, 1.0, None)]


@pytest.mark.usefixtures("visits")
def test_the_breakdown_and_the_unit_come_from_the_address(browser):
    drawn = draw(browser, {"unit": "visitor"}, by="country")["response"]
    assert [row["name"] for row in drawn["funnel-table"]["rowData"]] == ["Germany", "France"]
    assert drawn["funnel-unit"]["value"] == "visitor"
    assert drawn["funnel-groups-title"]["children"] == "By country"


@pytest.mark.usefixtures("visits")
def test_a_saved_funnel_is_shown_by_its_id_and_another_shops_is_not(browser, tenant, other_tenant):
    saved = funnels.create(tenant, SHORT, account_id=None)
    theirs = funnels.create(other_tenant, SHORT, account_id=None)
    assert draw(browser, {"funnel": str(saved.id)})["response"]["funnel-title"]["children"] == "Short"
    assert draw(browser, {"funnel": str(theirs.id)})["response"]["funnel-title"]["children"] == "Checkout"


@pytest.mark.usefixtures("visits")
def test_filters_that_leave_nothing_are_named(browser):
    state = draw(browser, search=JANUARY + "&device=tablet")["sideUpdate"]["funnel-card-state"]["children"]
    assert texts(state).startswith("No sessions match these filters")


def test_what_is_chosen_goes_into_the_address_and_comes_back(tenant):
    asked = funnel_state.edited("", SHORT)
    search = funnel_state.in_address("?device=mobile", asked)

    assert search.startswith("?device=mobile&steps=")
    chosen = funnel_state.chosen(tenant, asked)
    assert (chosen.key, chosen.definition, chosen.is_changed) == ("", SHORT, True)
    assert funnel_state.in_address(search, {}) == "?device=mobile"


@pytest.mark.parametrize("asked", [{"steps": "{"}, {"steps": "[]"}, {"steps": '{"steps": []}'}, {"funnel": "7"}, {"unit": "cows"}, None])
def test_an_address_that_cannot_be_read_shows_the_standard_funnel(tenant, asked):
    assert funnel_state.chosen(tenant, asked).definition == CHECKOUT


def test_a_draft_stands_for_the_definition_it_was_made_from():
    definition = Definition.parse(
        {
            "name": "All",
            "unit": "person",
            "window": None,
            "steps": [
                {"kind": "event", "value": "view_item"},
                {"kind": "page", "value": "/x%", "operator": "like", "optional": True, "any_of": [{"kind": "name", "value": "X"}]},
                {"kind": "property", "key": "price", "operator": "at_least", "value": "5"},
            ],
            "exclusions": [{"after_step": 2, "step": {"kind": "event", "value": "error"}}],
        }
    )

    assert funnel_edit.definition(funnel_edit.draft(definition)) == definition


def test_edits_change_the_draft_and_nothing_else():
    draft = funnel_edit.draft(SHORT)
    before = json.dumps(draft)

    def act(do, step, alt=0):
        return {"type": "funnel-act", "do": do, "step": step, "alt": alt}

    longer = funnel_edit.changed(draft, act("add", 0), 1)
    moved = funnel_edit.changed(longer, act("up", 2), 1)
    optional = funnel_edit.changed(moved, {"type": "funnel-flag", "step": 1}, ["yes"])
    either = funnel_edit.changed(optional, act("or", 1), 1)
    paged = funnel_edit.changed(either, {"type": "funnel-part", "step": 1, "alt": 1, "part": "kind"}, "like")
    excluded = funnel_edit.changed(paged, act("without", 2), 1)
    named = funnel_edit.changed(excluded, {"type": "funnel-not", "step": 2, "alt": 0}, "feedback")

    made = funnel_edit.definition(named)
    assert made.labels == ["Viewed a product", "Viewed a product or /sale/%", "Paid"]
    assert [step.optional for step in made.steps] == [False, True, False]
    assert [(one.after_step, one.step.value) for one in made.exclusions] == [(2, "feedback")]
    assert funnel_edit.definition(funnel_edit.changed(named, act("remove", 1), 1)).labels == ["Viewed a product", "Paid"]
    assert json.dumps(draft) == before


def test_a_window_is_said_in_words():
    from datetime import timedelta

    said = [funnel_parts.window_words(w) for w in (None, timedelta(days=7), timedelta(hours=1), timedelta(minutes=90))]
    assert said == ["", " within 7 days", " within 1 hour", " within 90 minutes"]
