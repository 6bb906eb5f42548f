"""Properties find their event again, also where several share an instant and where one came twice."""

from analytics.funnel import Definition, Step
from stores import clickhouse
from tests.analytics.conftest import event
from tests.analytics.test_funnel import counts

DEAR = Step("property", "50", "at_least", key="price")


def test_only_the_event_with_the_property_counts_at_its_own_place(session_of, scope):
    session_of(event("view_item", properties={"price": 60}), "search", event("view_item", properties={"price": 10}), "purchase")
    session_of(event("view_item", properties={"price": 10}), "search", event("view_item", properties={"price": 60}), "purchase")
    search, pay = Step("event", "search"), Step("event", "purchase")

    assert counts(scope, Definition("Test", (DEAR, search, pay))) == [2, 1, 1]
    assert counts(scope, Definition("Test", (search, DEAR, pay))) == [2, 1, 1]


def test_sessions_with_and_without_shared_instants_are_counted_side_by_side(session_of, scope):
    session_of(event("search", after=0, seq=0), event("view_item", after=0, seq=1, properties={"price": 60}), event("purchase", after=1))
    session_of(event("view_item", after=0, seq=0, properties={"price": 60}), event("search", after=0, seq=1), event("purchase", after=1))
    session_of("search", event("view_item", properties={"price": 60}), "purchase")
    search, pay = Step("event", "search"), Step("event", "purchase")

    for unit in ("session", "visitor"):
        assert counts(scope, Definition("Test", (search, DEAR, pay), unit=unit)) == [3, 2, 2]


TWICE_SQL = "INSERT INTO events_raw SELECT * FROM events_raw WHERE customer_id = {tenant:String}"


def test_an_event_that_is_stored_twice_until_the_next_merge_is_one_event(tenant, session_of, scope):
    session_of(event("view_item", after=0, seq=0, properties={"price": 60}), event("search", after=0, seq=1))
    session_of(event("view_item", properties={"price": 60}))
    clickhouse.command(TWICE_SQL, {"tenant": tenant})

    assert counts(scope, Definition("Test", (DEAR, DEAR))) == [2, 0]
    assert counts(scope, Definition("Test", (DEAR, Step("event", "search")))) == [2, 1]
