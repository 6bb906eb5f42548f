"""The bar of chips: what it shows for a query, and what the stores fill in."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard import scope_bar
from dashboard.page import Page
from tests.analytics.conftest import record
from tests.dashboard.components.test_components import found
from tests.dashboard.conftest import texts

PAGE = Page("/x", "X", "?", "bi-x", "Home", "read:analytics", unfiltered={"device": "Imported orders have no device."})
NOW = datetime.now(UTC).replace(microsecond=0)


def part(tree, id):
    """The component with this id."""
    return next(one for one in tree._traverse() if getattr(one, "id", None) == id)


def test_the_chips_stand_as_the_query_says():
    bar = scope_bar.render(PAGE, {"period": "7d", "country": "!DE,FR", "compare": "year", "bots": "1", "tab": "2"})
    names = ("period", "compare", "country", "channel", "tz", "bots")
    values = {f"scope-{name}": part(bar, f"scope-{name}").value for name in names}
    assert values == {
        "scope-period": "7d",
        "scope-compare": "year",
        "scope-country": ["!", "DE", "FR"],
        "scope-channel": [],
        "scope-tz": None,
        "scope-bots": True,
    }
    assert part(bar, "scope").data == "?period=7d&country=!DE,FR&compare=year&bots=1&tab=2"
    assert (part(bar, "scope-days-chip").hidden, part(bar, "scope-from-chip").hidden) == (True, True)


def test_chosen_days_have_their_pickers():
    bar = scope_bar.render(PAGE, {"from": "2010-12-01", "to": "2011-12-09", "compare_from": "2009-12-01"})
    assert (part(bar, "scope-period").value, part(bar, "scope-compare").value) == ("days", "from")
    assert (part(bar, "scope-days").start_date, part(bar, "scope-days").end_date) == ("2010-12-01", "2011-12-09")
    assert part(bar, "scope-from").date == "2009-12-01"
    assert (part(bar, "scope-days-chip").hidden, part(bar, "scope-from-chip").hidden) == (False, False)


def test_a_filter_that_the_page_cannot_apply_is_struck_through_and_says_why_but_stays_in_the_url():
    bar = scope_bar.render(PAGE, {"device": "mobile"})
    assert "Imported orders have no device." in found(bar, "data-tip")
    assert part(bar, "scope-device").value == ["mobile"]


def test_the_filters_offer_what_the_period_holds_and_keep_what_is_chosen(browser, tenant):
    record(tenant, "page_view", at=NOW - timedelta(hours=1), country="FR", device="tablet", channel="organic search")
    answer = browser.call("scope-channel.options", {"scope.data": "?country=PL", "scope-country.value": ["!", "PL"]}).get_json()["response"]
    assert {name: [option["value"] for option in answer[name]["options"]] for name in answer} == {
        "scope-channel": ["!", "organic search"],
        "scope-country": ["!", "FR", "PL"],
        "scope-device": ["!", "tablet"],
    }
    assert [option["label"] for option in answer["scope-country"]["options"]] == ["All but these", "France", "Poland"]


def facts(browser, search=""):
    return browser.call("scope-facts.children", {"scope.data": search}).get_json()["response"]


def test_the_days_are_named_on_hover_and_in_print(browser):
    answer = facts(browser, "?from=2025-01-01&to=2025-01-31&country=DE&device=!mobile&bots=1")
    assert answer["scope-period-chip"]["data-tip"] == "1 – 31 Jan 2025"
    assert answer["scope-print"]["children"] == "1 – 31 Jan 2025 · Germany · not Mobile · with bots"


def test_a_shop_without_events_has_no_time(browser):
    assert facts(browser)["scope-facts"]["children"] == []


@pytest.mark.parametrize(
    ("old", "classes", "words"),
    [(timedelta(seconds=40), "fresh", f"{NOW - timedelta(seconds=40):%H:%M}"), (timedelta(hours=3, minutes=5), "fresh is-late", "3 h old")],
)
def test_numbers_that_are_late_are_told_apart(monkeypatch, tenant, old, classes, words):
    monkeypatch.setattr(scope_bar.coverage, "as_of", lambda _tenant: NOW - old)
    shown = scope_bar._time(tenant, "UTC")
    assert shown.className == classes
    assert texts(shown).endswith(words)
