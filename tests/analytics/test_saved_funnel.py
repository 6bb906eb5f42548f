"""A saved funnel answers what the sessions themselves answer, from what was worked out ahead."""

from dataclasses import replace
from datetime import timedelta

import pytest

from actions import funnels
from analytics import funnel, saved_funnel
from analytics.funnel import Definition, Exclusion, Step
from analytics.scope import Filters, OneOf
from errors import Invalid
from jobs import funnels as worked_out
from tests.analytics.conftest import event

STEPS = (Step("event", "view_item"), Step("event", "add_to_cart", optional=True), Step("event", "purchase"))
DEFINITION = Definition("Saved", STEPS, (Exclusion(2, Step("event", "error")),), timedelta(hours=1))


@pytest.fixture
def saved(tenant, session_of):
    """A funnel that was saved before its sessions came, and filled."""
    session_of("view_item", "add_to_cart", event("purchase", revenue="90"), device="mobile", channel="email")
    session_of("view_item", event("purchase", revenue="50"), device="mobile", country="FR")
    session_of("view_item", "add_to_cart", cart="30", device="desktop")
    session_of("view_item", "add_to_cart", "error", "purchase", device="desktop")
    session_of("view_item", bot=True)
    session_of("search")
    made = funnels.create(tenant, DEFINITION, account_id=None)
    worked_out.fill(tenant=tenant, number=made.number)
    return funnels.load(tenant, made.id).saved


@pytest.mark.parametrize("breakdown", [None, "device", "channel", "country", "browser"])
@pytest.mark.parametrize(
    "change",
    [
        {},
        {"bots": True},
        {"filters": Filters(device=OneOf(("mobile",)))},
        {"filters": Filters(country=OneOf(("FR",), negated=True), channel=OneOf(("direct",)))},
        {"tz": "Asia/Tokyo"},
    ],
)
def test_the_answer_is_the_same_as_from_the_sessions(scope, saved, breakdown, change):
    scope = replace(scope, **change)

    assert saved.is_filled
    assert saved_funnel.run(scope, saved, breakdown=breakdown) == funnel.run(scope, DEFINITION, breakdown=breakdown)
    assert saved_funnel.over_time(scope, saved, "day", breakdown) == funnel.over_time(scope, DEFINITION, "day", breakdown)


def test_it_is_read_from_what_was_worked_out(scope, saved, session_of):
    session_of("view_item", "purchase")  # recomputed here without the funnels

    assert [s.count for s in saved_funnel.run(scope, saved).steps] == [4, 3, 2]
    assert [s.count for s in funnel.run(scope, DEFINITION).steps] == [5, 3, 3]
    assert [s.count for s in saved_funnel.run(scope, replace(saved, is_filled=False)).steps] == [5, 3, 3]


def test_visitors_are_counted_from_their_sessions(scope, saved, session_of):
    by_visitor = replace(saved, definition=replace(DEFINITION, unit="visitor"))
    session_of("view_item", visitor="v1", at=scope.start)
    session_of("purchase", visitor="v1", at=scope.start + timedelta(minutes=30))

    assert [s.count for s in saved_funnel.run(scope, by_visitor).steps] == [5, 3, 3]


def test_an_unknown_breakdown_is_refused(scope, saved):
    with pytest.raises(Invalid, match="breakdown"):
        saved_funnel.run(scope, saved, breakdown="moon")
