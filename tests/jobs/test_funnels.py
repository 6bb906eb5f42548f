"""Saved funnels follow their sessions: touched, moved, gone."""

import pyarrow as pa
import pytest

from actions import funnels
from analytics import saved_funnel
from analytics.funnel import Definition, Step
from jobs import funnels as worked_out
from jobs import sessions
from stores import clickhouse
from tests.analytics.conftest import START, event, record

DEFINITION = Definition("Saved", (Step("event", "view_item"), Step("event", "purchase")))


@pytest.fixture
def made(tenant):
    made = funnels.create(tenant, DEFINITION, account_id=None)
    worked_out.fill(tenant=tenant, number=made.number)
    return funnels.load(tenant, made.id)


def counts(scope, made) -> list[int]:
    return [step.count for step in saved_funnel.run(scope, made.saved).steps]


def touch(tenant: str, visitor: str, session: str) -> None:
    """Recompute a session as the consumer does after a batch."""
    touched = pa.table({"visitor_id": [visitor], "session_id": [session], "first": [START], "last": [START]})
    with sessions.run_of(tenant) as run:
        sessions.recompute(tenant, run, touched)
        worked_out.recompute(tenant, run)


def test_a_touched_session_is_worked_out_again_and_nothing_is_counted_twice(tenant, scope, made):
    record(tenant, "view_item", visitor="v1", session="s1")
    touch(tenant, "v1", "s1")
    assert counts(scope, made) == [1, 0]

    record(tenant, event("purchase", after=60), visitor="v1", session="s1")
    for _ in range(2):
        touch(tenant, "v1", "s1")
    assert counts(scope, made) == [1, 1]


def test_a_session_that_an_earlier_event_moves_to_another_day_is_not_left_behind(tenant, scope, made):
    from datetime import timedelta

    record(tenant, "view_item", visitor="v1", session="s1")
    touch(tenant, "v1", "s1")
    record(tenant, "page_view", visitor="v1", session="s1", at=START - timedelta(days=9))
    touch(tenant, "v1", "s1")

    assert counts(scope, made) == [1, 0]


ERASE_SQL = "ALTER TABLE events_raw DELETE WHERE customer_id = {tenant:String} AND event = 'view_item' SETTINGS mutations_sync = 1"


def test_a_session_that_no_longer_enters_is_buried(tenant, scope, made):
    record(tenant, "view_item", "search", visitor="v1", session="s1")
    touch(tenant, "v1", "s1")
    assert counts(scope, made) == [1, 0]

    clickhouse.command(ERASE_SQL, {"tenant": tenant})
    touch(tenant, "v1", "s1")
    assert counts(scope, made) == [0, 0]


def test_filling_says_how_many_sessions_entered_and_replaces_what_was_there(tenant, scope, made):
    record(tenant, "view_item")
    record(tenant, "search", "purchase")

    assert worked_out.fill(tenant=tenant, number=made.number) == {"sessions": 1}
    changed = funnels.change(tenant, made.id, Definition("Saved", (Step("event", "search"), Step("event", "purchase"))))
    assert not changed.is_filled
    assert worked_out.fill(tenant=tenant, number=made.number) == {"sessions": 1}
    assert counts(scope, funnels.load(tenant, made.id)) == [1, 1]


def test_what_was_worked_out_for_a_deleted_funnel_goes_with_it(tenant, made):
    record(tenant, "view_item")
    worked_out.fill(tenant=tenant, number=made.number)
    funnels.delete(tenant, made.id)

    assert worked_out.fill(tenant=tenant, number=made.number) == {"sessions": 0}
    assert worked_out._count(tenant, made.number) == 0


def test_another_shops_funnel_is_not_touched(tenant, other_tenant, scope, made):
    record(tenant, "view_item", visitor="v1", session="s1")
    touch(tenant, "v1", "s1")
    theirs = funnels.create(other_tenant, DEFINITION, account_id=None)
    worked_out.fill(tenant=other_tenant, number=theirs.number)

    assert counts(scope, made) == [1, 0]
