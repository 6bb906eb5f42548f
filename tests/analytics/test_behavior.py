"""Interactions: whose, of which session, on which kind of page."""

from dataclasses import replace
from datetime import UTC, datetime

from analytics import behavior
from analytics.behavior import Interaction, Interactions
from analytics.scope import Filters, OneOf
from tests import recorded
from tests.recorded import AT, MINUTE


def test_a_users_interactions_are_all_of_their_sessions_newest_first(tenant, scope):
    recorded.session(
        tenant,
        ("page_view", {"page_type": "home", "page_url": "https://shop.example/", "event_type": "Page", "event_name": "Home"}),
        ("login", {"user_id": "u1", "properties": '{"method": "mail"}'}),
    )
    recorded.session(tenant, "page_view", visitor="v2", session="s2", user_id="u2")

    common = {"user_id": "u1", "visitor_id": "v1", "session_id": "s1"}
    assert behavior.run(scope, user_id="u1") == Interactions(
        [
            Interaction(
                **common,
                page_type=None,
                event="login",
                event_type="login",
                event_name=None,
                timestamp=AT + MINUTE,
                page_url=None,
                properties={"method": "mail"},
            ),
            Interaction(
                **common,
                page_type="home",
                event="page_view",
                event_type="Page",
                event_name="Home",
                timestamp=AT,
                page_url="https://shop.example/",
                properties={},
            ),
        ],
        2,
    )


def test_they_can_be_narrowed_to_a_session_and_a_page_type_together(tenant, scope):
    recorded.session(tenant, ("page_view", {"page_type": "home"}), ("search", {"page_type": "search"}))
    recorded.session(tenant, ("page_view", {"page_type": "home"}), session="s2")

    def found(**asked):
        answer = behavior.run(scope, **asked)
        return [(row.session_id, row.page_type) for row in answer.rows], answer.total

    assert found(session_id="s1") == ([("s1", "search"), ("s1", "home")], 2)
    assert found(page_type="home", session_id="s2") == ([("s2", "home")], 1)
    assert found(page_type="cart") == ([], 0)


def test_pages_of_the_list_follow_each_other_and_the_total_stays(tenant, scope):
    recorded.session(tenant, "one", "two", "three")
    pages = [behavior.run(scope, limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [([row.event for row in page.rows], page.total) for page in pages] == [(["three", "two"], 3), (["one"], 3), ([], 3)]


def test_events_of_one_instant_keep_the_order_in_which_they_were_sent(tenant, scope):
    recorded.session(tenant, ("first", {"timestamp": AT}), ("second", {"timestamp": AT}), ("third", {"timestamp": AT}))
    assert [row.event for row in behavior.run(scope).rows] == ["third", "second", "first"]


def test_an_event_that_was_stored_twice_counts_once(tenant, scope):
    [event_id] = recorded.session(tenant, "page_view")
    recorded.session(tenant, ("page_view", {"event_id": event_id}))
    answer = behavior.run(scope)
    assert (len(answer.rows), answer.total) == (1, 1)


def test_the_period_is_half_open_and_filters_bots_and_other_shops_apply(tenant, other_tenant, scope):
    first, after = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC)
    recorded.session(tenant, ("first", {"timestamp": first}), ("after", {"timestamp": after}))
    recorded.session(tenant, "desktop", session="s2", device_type="desktop")
    recorded.session(tenant, "robot", session="s3", is_bot=1)
    recorded.session(other_tenant, "theirs")

    def events(scope):
        return sorted(row.event for row in behavior.run(scope).rows)

    assert events(scope) == ["desktop", "first"]
    assert events(replace(scope, filters=Filters(device=OneOf(("desktop",))))) == ["desktop"]
    assert events(replace(scope, filters=Filters(device=OneOf(("desktop",), negated=True)))) == ["first"]
    assert events(replace(scope, bots=True)) == ["desktop", "first", "robot"]


def test_properties_that_are_no_object_are_none():
    assert [behavior.properties(text) for text in ("", "[1]", "{", '{"a": 1}')] == [{}, {}, {}, {"a": 1}]
