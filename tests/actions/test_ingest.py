"""What is recorded is on disk, in entries of bearable size; what is refused is kept to be read."""

from actions import dead_letters, event_schema, ingest
from actions.dead_letters import Refused
from actions.event_schema import Client
from errors import Unavailable
from jobs import ingest as consumer
from stores import clickhouse, event_log
from tests.ingesting import LATER_MS, event, line, sessions


def accept(tenant, *found, **more):
    return ingest.accept(tenant, found, origin="browser", client=Client(), received_at=LATER_MS, **more)


def test_events_without_a_session_are_given_one_and_calls_about_people_none(tenant):
    first, second, call = (
        event("page_view", 0, session_id=""),
        event("search", 60, session_id=""),
        event("identify", 61, session_id="", user_id="u"),
    )
    outcome = accept(tenant, first, second, call)
    assert (outcome.accepted, first.session_id == second.session_id != "", call.session_id) == (3, True, "")
    consumer.drain()
    assert [(row[2], row[3]) for row in sessions(tenant)] == [("u", ["page_view", "search"])]


def test_what_is_refused_is_a_dead_letter_and_the_rest_is_accepted(tenant):
    outcome = accept(tenant, event("page_view"), Refused(b"\xff", "The event is not UTF-8."), request_id="r1")
    assert (outcome.accepted, outcome.refused) == (1, [Refused(b"\xff", "The event is not UTF-8.")])
    (letter,) = dead_letters.newest(tenant).rows
    assert (letter.raw, letter.reason, letter.origin, letter.request_id) == (b"\xff", "The event is not UTF-8.", "browser", "r1")


def test_without_the_database_refusals_are_answered_all_the_same(tenant, monkeypatch):
    def away(*_, **__):
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr(dead_letters, "put", away)
    assert accept(tenant, Refused(b"", "no")).accepted == 0


def test_many_events_are_several_entries_and_one_position(tenant, monkeypatch):
    monkeypatch.setattr(ingest, "MAX_ENTRY", 2)
    before = event_log.current().backlog()
    position = ingest.record_events(tenant, [event("page_view", n) for n in range(5)], import_id="up-1")
    assert (event_log.current().backlog() - before, event_log.current().is_stored(position)) == (5, False)
    consumer.drain()
    assert event_log.current().is_stored(position)
    rows = clickhouse.query(
        "SELECT count() AS n, any(import_id) AS import FROM events_raw FINAL WHERE customer_id = {t:String}", {"t": tenant}
    )
    assert rows == [{"n": 5, "import": "up-1"}]


def test_a_mark_is_stored_after_everything_before_it(tenant):
    ingest.record_order_lines(tenant, [line("o", 1, "1")], import_id="up-1")
    position = ingest.mark(tenant)
    assert not event_log.current().is_stored(position)
    consumer.drain()
    assert event_log.current().is_stored(position)


def test_an_entry_holds_what_the_web_process_decided(tenant):
    told = event("page_view", 5, id="e1", sent_at=7)
    ingest.record_events(tenant, [told], origin="segment", received_at=9, client=Client("Mozilla", "DE"))
    delivered = consumer.gather(10)
    entry = event_schema.decode(delivered[-1].body)
    assert (entry.tenant, entry.origin, entry.received_at, entry.client, entry.events) == (
        tenant,
        "segment",
        9,
        Client("Mozilla", "DE"),
        [told],
    )
