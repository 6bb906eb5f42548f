"""The consumer: every accepted event once, whatever comes twice, late, broken or in the middle of a crash."""

import threading
import uuid

import pytest
from sqlalchemy import select

import models
from actions import dead_letters, event_schema, ingest
from actions.event_schema import Client, Entry
from errors import Unavailable
from jobs import ingest as consumer
from jobs import ingest_batch, order_lines
from stores import clickhouse, event_log, postgres, redis
from tests.ingesting import AT_MS, LATER_MS, event, orders, send, sessions

EVENTS_SQL = "SELECT event_type, visitor_id, timestamp FROM events_raw FINAL WHERE customer_id = {t:String} ORDER BY timestamp, seq"


def events(tenant: str) -> list[tuple[str, str]]:
    return [(row["event_type"], row["visitor_id"]) for row in clickhouse.query(EVENTS_SQL, {"t": tenant})]


def customers(tenant: str) -> dict:
    table = models.Customer
    with postgres.session(tenant) as db:
        return {row.customer_id: (row.name, row.email, row.traits) for row in db.scalars(select(table).where(table.tenant == tenant))}


def test_an_id_counts_once_and_its_first_delivery_wins(tenant):
    first, second = event("page_view", 0, id="e1"), event("purchase", 50, id="e1", visitor_id="v2")
    send(tenant, first, second)
    send(tenant, event("search", 99, id="e1"))
    assert (events(tenant), [row[3] for row in sessions(tenant)]) == ([("page_view", "v1")], [["page_view"]])


def test_the_same_id_in_two_shops_is_two_events(tenant, other_tenant):
    id = str(uuid.uuid4())
    send(tenant, event("page_view", 0, id=id))
    send(other_tenant, event("page_view", 0, id=id))
    assert events(tenant) == events(other_tenant) == [("page_view", "v1")]


def test_events_without_ids_are_each_their_own(tenant):
    send(tenant, *(event("page_view", 0) for _ in range(3)))
    assert len(events(tenant)) == 3


@pytest.mark.parametrize("step", ["event_ids", "sessions", "orders", "done"])
def test_a_consumer_killed_at_any_step_loses_nothing_and_doubles_nothing(tenant, monkeypatch, step):
    class Killed(BaseException):
        """As near to SIGKILL as one process gets: nobody catches it."""

    def kill(*_, **__):
        raise Killed

    insert = clickhouse.insert
    at = {
        "event_ids": (
            clickhouse,
            "insert",
            lambda table, *args, **kwargs: kill() if table == "event_ids" else insert(table, *args, **kwargs),
        ),
        "sessions": (ingest_batch.sessions, "recompute", kill),
        "orders": (order_lines, "bury", kill),
        "done": (type(event_log.current()), "done", kill),
    }
    told = [event("page_view", 0, id="a"), event("purchase", 5, id="b", user_id="ann", properties={"order_id": "o", "total": "5"})]
    ingest.record_events(tenant, told, received_at=LATER_MS)
    with monkeypatch.context() as patch:
        patch.setattr(*at[step])
        with pytest.raises(Killed):
            consumer.drain()
    send(tenant, event("page_view", 7, id="a"))  # the client tries again, under another time
    assert events(tenant) == [("page_view", "v1"), ("purchase", "v1")]
    assert sessions(tenant) == [("v1", "s1", "ann", ["page_view", "purchase"], 1, 0.0, 5.0)]
    assert [(row[0], row[7]) for row in orders(tenant)] == [("o", "5.0000")]
    assert event_log.current().backlog() == 0


def test_clickhouse_away_loses_nothing(tenant, monkeypatch):
    def away(*_, **__):
        raise Unavailable("ClickHouse does not answer.")

    ingest.record_events(tenant, [event("page_view", 0)], received_at=LATER_MS)
    with monkeypatch.context() as patch:
        patch.setattr(clickhouse, "insert", away)
        with pytest.raises(Unavailable):
            consumer.drain()
    assert event_log.current().backlog() == 1
    consumer.drain()
    assert events(tenant) == [("page_view", "v1")]


def test_an_event_that_the_store_refuses_is_buried_alone(tenant, monkeypatch):
    insert = clickhouse.insert

    def picky(table, rows, **kwargs):
        if table == "events_raw" and "poison" in rows["event_type"].to_pylist():
            raise clickhouse.DatabaseError("Code: 407. DB::Exception: … (DECIMAL_OVERFLOW)")
        insert(table, rows, **kwargs)

    monkeypatch.setattr(clickhouse, "insert", picky)
    ingest.record_events(tenant, [event(name, second) for second, name in enumerate("a b poison c d".split())], received_at=LATER_MS)
    ingest.record_events(tenant, [event("e", 9)], received_at=LATER_MS)
    consumer.drain()
    assert [name for name, _ in events(tenant)] == ["a", "b", "c", "d", "e"]
    assert [(letter.reason, b"poison" in letter.raw) for letter in dead_letters.newest(tenant).rows] == [
        ("The store refused this event.", True)
    ]


def test_one_shops_trouble_does_not_stop_another(tenant, other_tenant, monkeypatch):
    recompute = ingest_batch.recompute

    def picky(shop, touched):
        if shop == tenant:
            raise clickhouse.DatabaseError("Code: 1. DB::Exception: …")
        recompute(shop, touched)

    for shop in (tenant, other_tenant):
        ingest.record_events(shop, [event("page_view", 0)], received_at=LATER_MS)
    with monkeypatch.context() as patch:
        patch.setattr(ingest_batch, "recompute", picky)
        consumer.drain()
    assert (len(sessions(tenant)), len(sessions(other_tenant)), event_log.current().backlog()) == (0, 1, 1)
    consumer.drain()
    assert (len(sessions(tenant)), event_log.current().backlog()) == (1, 0)


def test_an_entry_that_cannot_be_read_and_one_of_no_shop_hold_nobody_up(tenant):
    event_log.current().append("x", b"\x00 no entry", 1)
    ingest.record_events("no-such-shop", [event("page_view", 0)], received_at=LATER_MS)
    send(tenant, event("page_view", 0))
    assert (events(tenant), event_log.current().backlog()) == ([("page_view", "v1")], 0)


def test_people_become_customers_and_keep_what_is_told_of_them(tenant):
    send(
        tenant,
        event("page_view", 0, user_id="bob"),
        event("identify", 1, user_id="ann", properties={"firstName": "Ann", "lastName": "Lee", "plan": "pro"}),
    )
    send(tenant, event("identify", 2, user_id="ann", properties={"email": "ann@x.test", "plan": "free"}))
    assert customers(tenant) == {
        "bob": (None, None, {}),
        "ann": ("Ann Lee", "ann@x.test", {"firstName": "Ann", "lastName": "Lee", "plan": "free"}),
    }


def test_times_and_flags_are_stored(tenant):
    ahead, off = event("page_view", 999_999, visitor_id="ahead"), event("page_view", 0, visitor_id="off", sent_at=AT_MS + 60_000)
    send(tenant, ahead, off, event("page_view", visitor_id="none", timestamp=None, time_flag="unreadable"))
    rows = clickhouse.query(
        "SELECT visitor_id, timestamp, time_flag FROM events_raw FINAL WHERE customer_id = {t:String} ORDER BY visitor_id", {"t": tenant}
    )
    assert [(row["visitor_id"], int(row["timestamp"].timestamp() * 1000) - LATER_MS, row["time_flag"]) for row in rows] == [
        ("ahead", 0, "future"),
        ("none", 0, "unreadable"),
        ("off", -60_000, "corrected"),
    ]


def test_events_of_many_months_come_in_one_batch(tenant):
    send(tenant, *(event("page_view", -month * 31 * 86_400, session_id=f"s{month}") for month in range(150)))
    assert len(events(tenant)) == 150


def test_live_pages_hear_of_new_events_and_when_the_numbers_are_of(tenant):
    with redis.connection().pubsub() as channel:
        channel.subscribe(f"live:{tenant}")
        send(tenant, event("page_view", 0, event_name="Home"))
        heard = [message["data"] for _ in range(20) if (message := channel.get_message(timeout=0.2)) and message["type"] == "message"]
    assert heard == [b'[{"event_type": "page_view", "event_name": "Home", "visitor_id": "v1", "timestamp": "2025-01-10T12:00:00.000Z"}]']
    assert 0 <= ingest.now_ms() - int(redis.connection().get(f"as_of:{tenant}")) < 60_000


def test_a_second_consumer_waits_for_the_first(servers):
    first, second, stop = postgres.Lock(consumer.LOCK), threading.Thread(target=lambda: consumer.run(stop)), threading.Event()
    assert first.take()
    second.start()
    ingest.mark("nobody")
    assert not event_log.current().is_stored(ingest.mark("nobody"))
    first.release()
    position = ingest.mark("nobody")
    for _ in range(100):
        if event_log.current().is_stored(position):
            break
        stop.wait(0.1)
    stop.set()
    second.join(20)
    assert event_log.current().is_stored(position)


def test_halves_of_an_entry_are_all_of_it():
    whole = Entry("t", 1, "browser", "", Client(), [event(str(n)) for n in range(3)], [])
    first, second = consumer._halves([whole])
    assert [e.event_type for e in first[0].events] + [e.event_type for e in second[0].events] == ["0", "1", "2"]
    assert consumer._halves(first and [Entry("t", 1, "browser", "", Client(), whole.events[:1], [])]) == []


def test_an_upload_keeps_what_its_mapping_decided(tenant):
    chosen = event("Kasse", 0, event="begin_checkout", page_type="checkout", device_type="Desktop", channel="paid_search", country="AT")
    ingest.record_events(tenant, [chosen], import_id="up-1", received_at=LATER_MS)
    consumer.drain()
    names = "event_type, event, page_type, device_type, channel, country, origin, import_id"
    (row,) = clickhouse.query(
        "SELECT $names FROM events_raw FINAL WHERE customer_id = {t:String}", {"t": tenant}, names=clickhouse.Sql(names)
    )
    assert list(row.values()) == ["Kasse", "begin_checkout", "checkout", "desktop", "paid search", "AT", "upload", "up-1"]
    assert event_schema.ORIGINS[3] == "upload"
