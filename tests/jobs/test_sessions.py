"""Sessions equal the truth, however late, shuffled and often their events come."""

import json
import random
import uuid
from collections import defaultdict

import pytest

from actions import event_schema, ingest
from actions.event_schema import Client, Entry, Event
from jobs import ingest as consumer
from jobs import ingest_batch, sessions
from jobs.known_ids import KnownIds
from stores import clickhouse
from tests.ingesting import AT_MS, event, send
from tests.ingesting import sessions as stored

DAY_MS = 86_400_000


def test_a_session_is_written_from_its_events_in_order(tenant):
    send(tenant, event("purchase", 30, properties={"order_id": "o1", "total": "19.98"}), event("page_view", 0), event("view_item", 10))
    assert stored(tenant) == [("v1", "s1", "", ["page_view", "view_item", "purchase"], 1, 0.0, 30.0)]


def test_events_of_one_instant_stand_in_the_order_of_the_request(tenant):
    send(tenant, event("view_item", 0, seq=1), event("page_view", 0, seq=0), event("add_to_cart", 0, seq=2))
    assert stored(tenant) == [("v1", "s1", "", ["page_view", "view_item", "add_to_cart"], 0, 0.0, 0.0)]


def test_two_visitors_with_the_same_session_id_have_two_sessions(tenant):
    send(tenant, event("page_view", 0), event("page_view", 5, visitor_id="v2"))
    assert stored(tenant) == [("v1", "s1", "", ["page_view"], 0, 0.0, 0.0), ("v2", "s1", "", ["page_view"], 0, 5.0, 5.0)]


def test_a_late_event_moves_the_start_to_the_day_before_and_leaves_one_session(tenant):
    send(tenant, event("page_view", 0), event("purchase", 60))
    send(tenant, event("search", -86_400))
    assert stored(tenant) == [("v1", "s1", "", ["search", "page_view", "purchase"], 1, -86_400.0, 60.0)]


def test_an_identify_names_the_person_of_all_sessions_of_the_browser(tenant):
    send(tenant, event("page_view", 0), event("page_view", 9_000, session_id="s2"), event("page_view", 0, visitor_id="v2", session_id="s3"))
    send(tenant, event("identify", 10_000, session_id="", user_id="ann"))
    assert [(visitor, session, user) for visitor, session, user, *_ in stored(tenant)] == [
        ("v1", "s1", "ann"),
        ("v2", "s3", ""),
        ("v1", "s2", "ann"),
    ]


def test_a_sessions_own_last_user_counts_before_the_browsers(tenant):
    send(tenant, event("identify", 0, session_id="", user_id="ann"), event("login", 5, user_id="bob"))
    assert [user for _, _, user, *_ in stored(tenant)] == ["bob"]


def test_the_cart_at_the_end_is_what_was_added_since_the_last_purchase(tenant):
    send(
        tenant,
        event("add_to_cart", 0, properties={"price": "10.00", "quantity": 2}),
        event("purchase", 1, properties={"order_id": "o", "total": "20.00"}),
        event("add_to_cart", 2, properties={"price": "7.50", "quantity": 2}),
        event("remove_from_cart", 3, properties={"price": "7.50"}),
    )
    (row,) = clickhouse.query("SELECT cart_value, revenue FROM sessions FINAL WHERE customer_id = {t:String}", {"t": tenant})
    assert {name: str(value) for name, value in row.items()} == {"cart_value": "7.5000", "revenue": "20.0000"}


def test_a_session_keeps_a_thousand_steps_and_counts_them_all(tenant):
    send(tenant, *(event("page_view", second, seq=second) for second in range(1_200)))
    rows = clickhouse.query(
        "SELECT event_count, length(events) AS steps, ms[1000] AS last_ms, dateDiff('second', started_at, ended_at) AS seconds "
        "FROM sessions FINAL WHERE customer_id = {t:String}",
        {"t": tenant},
    )
    assert rows == [{"event_count": 1200, "steps": 1000, "last_ms": 999_000, "seconds": 1199}]


def test_recomputing_twice_changes_nothing(tenant):
    send(tenant, event("page_view", 0), event("purchase", 5))
    before = stored(tenant)
    touched = clickhouse.frame(
        "SELECT visitor_id, session_id, min(timestamp) AS first, max(timestamp) AS last FROM events_raw WHERE customer_id = {t:String} "
        "GROUP BY visitor_id, session_id",
        {"t": tenant},
    )
    first, second = sessions.recompute_touched(tenant, touched), sessions.recompute_touched(tenant, touched)
    assert (stored(tenant), second > first) == (before, True)


# The proof: deliveries late by up to two days, shuffled, some of them twice under another time, one session in twenty lasting for days.


def truth(seed: int, count: int = 300) -> list[Event]:
    """The events as they happened."""
    chance = random.Random(seed)
    names = ["page_view", "view_item", "add_to_cart", "purchase", "search"]
    events = []
    for number in range(count):
        start = AT_MS + chance.randrange(4 * DAY_MS)
        pace = 30_000_000 if number % 20 == 0 else 40_000
        for step in range(1 + chance.randrange(12)):
            about = {"visitor_id": f"v{number % 90}", "session_id": f"s{number % 7}-{number % 90}", "page_url": f"https://x.test/{step}"}
            name = chance.choice(names)
            money = json.dumps({"total": "19.99", "order_id": f"o{number}-{step}"}) if name == "purchase" else "{}"
            id = uuid.UUID(int=chance.getrandbits(128)).bytes
            events.append(Event(event_id=id, event_type=name, seq=step, timestamp=start + pace * (step // 2), properties=money, **about))
    return events


def deliveries(seed: int) -> list[Event]:
    """The events as they arrive."""
    chance = random.Random(seed + 1)
    sent = []
    for original in truth(seed):
        delay = 0 if chance.random() < 0.5 else chance.randrange(2 * DAY_MS)
        sent.append((original.timestamp + delay, original))
        if chance.random() < 0.1:
            fields = {name: getattr(original, name) for name in Event.__struct_fields__}
            again = Event(**fields | {"timestamp": original.timestamp + 7_000})
            sent.append((original.timestamp + delay + 1 + chance.randrange(DAY_MS), again))
    return [event for _, event in sorted(sent, key=lambda pair: pair[0])]


FINGERPRINT_SQL = """
SELECT count() AS sessions, sum(event_count) AS happened, sum(order_count) AS purchases, sum(revenue) AS money,
    groupBitXor(cityHash64(visitor_id, session_id, day, event_count, started_at, ended_at, arrayStringConcat(events, ','),
        arrayStringConcat(paths, ','), arrayMap(x -> toString(x), ms))) AS print
FROM sessions FINAL WHERE customer_id = {tenant:String}"""


def fingerprint(tenant: str) -> dict:
    (row,) = clickhouse.query(FINGERPRINT_SQL, {"tenant": tenant})
    return row


def arrive(tenant: str, seed: int, batches: int = 12) -> dict:
    """Let all deliveries arrive in `batches`, each by the real consumer's halves; the fingerprint of what is stored."""
    known, sent = KnownIds(), deliveries(seed)
    known.load()
    size = -(-len(sent) // batches)
    for number in range(0, len(sent), size):
        entry = Entry(tenant, AT_MS + 10 * DAY_MS, "server", "", Client(), sent[number : number + size], [])
        for shop, touched in ingest_batch.record(ingest_batch.prepare([entry]), known).items():
            ingest_batch.recompute(shop, touched)
    return fingerprint(tenant)


@pytest.fixture
def expected(other_tenant):
    """The fingerprint of the truth, stored at once."""
    return lambda seed: _at_once(other_tenant, seed)


def _at_once(tenant: str, seed: int) -> dict:
    by_session = defaultdict(list)
    for happened in truth(seed):
        by_session[happened.visitor_id, happened.session_id].append(happened)
    ingest.record_events(tenant, [event for events in by_session.values() for event in events], received_at=AT_MS + 10 * DAY_MS)
    consumer.drain()
    return fingerprint(tenant)


def test_late_shuffled_and_doubled_deliveries_end_as_the_truth(tenant, expected):
    assert arrive(tenant, 1) == expected(1)


def test_without_the_look_up_of_ids_they_would_not(tenant, expected, monkeypatch):
    monkeypatch.setenv("ECAP_TEST_FAULTS", "skip-id-lookup")
    found = arrive(tenant, 1)
    monkeypatch.delenv("ECAP_TEST_FAULTS")
    assert found != expected(1)


def test_without_the_known_bounds_they_would_not(tenant, expected, monkeypatch):
    blind = sessions.HOURS_SQL.replace("WHERE customer_id = {tenant:String} AND sh IN $touched", "WHERE sh IN $touched AND 0")
    monkeypatch.setattr(sessions, "HOURS_SQL", blind)
    found = arrive(tenant, 1)
    monkeypatch.undo()
    assert found != expected(1)


def test_without_burying_they_would_not(tenant, expected, monkeypatch):
    monkeypatch.setattr(sessions, "bury", lambda tenant, run: None)
    found = arrive(tenant, 1)
    monkeypatch.undo()
    assert found != expected(1)


def test_an_erased_visitor_leaves_no_session(tenant):
    send(tenant, event("page_view", 0), event("page_view", 0, visitor_id="v2", session_id="s2"))
    touched = sessions.touched_by_import(tenant, "")
    clickhouse.command(
        "ALTER TABLE events_raw DELETE WHERE customer_id = {t:String} AND visitor_id = 'v1'", {"t": tenant}, settings={"mutations_sync": 2}
    )
    sessions.recompute_touched(tenant, touched)
    assert [(visitor, session) for visitor, session, *_ in stored(tenant)] == [("v2", "s2")]


@pytest.mark.parametrize("most", [1, 1000])
def test_hours_far_apart_are_read_one_by_one_or_from_the_first_to_the_last(tenant, monkeypatch, most):
    monkeypatch.setattr(sessions, "MOST_HOURS", most)
    send(tenant, event("page_view", -10 * 86_400), event("purchase", 0))
    assert stored(tenant) == [("v1", "s1", "", ["page_view", "purchase"], 1, -864_000.0, 0.0)]


def test_another_shops_sessions_are_not_touched(tenant, other_tenant):
    send(other_tenant, event("page_view", 0))
    send(tenant, event("page_view", 0), event("purchase", 5))
    assert (len(stored(other_tenant)), len(stored(tenant))) == (1, 1)


def test_an_event_id_is_made_the_same_way_every_time():
    assert event_schema.event_uuid("a", "1") == event_schema.event_uuid("a", "1") != event_schema.event_uuid("b", "1")
