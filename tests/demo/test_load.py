"""The demo shop comes through the log, once, and goes away again."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

import models
from demo import load, marks, people, removal, simulate
from demo.plan import Plan, midnight_s, shop_day
from jobs import ingest
from stores import clickhouse, postgres

TODAY = shop_day(datetime.now(UTC))


@pytest.fixture(autouse=True)
def no_patience(monkeypatch):
    """There is no consumer beside the tests: the loader's own steps in at once."""
    monkeypatch.setattr(load, "PATIENCE_S", 0)
    monkeypatch.setattr(removal, "GRACE_S", 0)


@pytest.fixture
def recent(tenant) -> str:
    """A shop that has everything but the last two days."""
    marks.set_anchor(tenant, TODAY)
    marks.set_until(tenant, datetime.fromtimestamp(midnight_s(TODAY - timedelta(days=1)), UTC))
    return tenant


STORED_SQL = """
SELECT count() AS events, uniqExact(event_id) AS ids, groupUniqArray(origin) AS origins, max(timestamp) AS last FROM events_raw
WHERE customer_id = {tenant:String}"""
SESSIONS_SQL = """
SELECT sum(event_count) AS events, sum(order_count) AS orders, sum(revenue) AS revenue FROM sessions FINAL
WHERE customer_id = {tenant:String}"""
NET_SQL = """
SELECT countIf(kind = 'sale' AND line = 0) AS orders, sumIf(gross - discount, kind = 'sale') AS revenue FROM order_lines FINAL
WHERE customer_id = {tenant:String}"""


def one(sql: str, tenant: str) -> dict:
    [row] = clickhouse.query(sql, {"tenant": tenant})
    return row


def test_a_load_brings_the_events_of_the_plan_and_a_second_adds_nothing(recent):
    start = marks.read(recent).until
    now = datetime.now(UTC)
    planned = [event for day in simulate.events(Plan(TODAY), start, now) for event in day]

    assert load.fill(recent)["events"] in range(len(planned), len(planned) + 50)  # some happened since
    assert load.fill(recent)["events"] < 50
    assert marks.read(recent).until >= now

    stored = one(STORED_SQL, recent)
    assert stored["origins"] == ["demo"]
    assert len(planned) <= stored["events"] == stored["ids"] < len(planned) + 50


def test_what_the_sessions_earn_is_what_the_orders_say(recent):
    load.fill(recent)
    sessions, orders = one(SESSIONS_SQL, recent), one(NET_SQL, recent)
    assert sessions["orders"] == orders["orders"] > 0
    assert sessions["revenue"] == orders["revenue"] > Decimal(100)


def test_a_load_that_was_killed_goes_on_and_counts_nothing_twice(recent):
    start = marks.read(recent).until
    first = next(simulate.events(Plan(TODAY), start, datetime.now(UTC)))
    load.record(recent, first)  # and then it dies, before it notes how far it came
    load.fill(recent)
    stored = one(STORED_SQL, recent)
    assert stored["events"] == stored["ids"] > len(first)


def test_customers_have_names_and_addresses(recent):
    load.fill(recent)
    everybody = people.load(Plan(TODAY))
    names = dict(zip(everybody.user_id.tolist(), everybody.name.tolist(), strict=True))
    with postgres.session(recent) as db:
        customers = db.query(models.Customer).filter(models.Customer.email.is_not(None)).all()
    assert len(customers) > 20
    assert all(customer.name == names[customer.customer_id] for customer in customers)


def test_a_removal_takes_what_was_simulated_and_nothing_else(recent):
    load.fill(recent)
    with postgres.session(recent) as db:
        db.add(models.Customer(tenant=recent, customer_id="somebody", name="Real Person", traits={}))

    assert removal.run(recent) > 0

    assert one(STORED_SQL, recent)["events"] == 0
    assert one(SESSIONS_SQL, recent)["events"] == 0
    assert one(NET_SQL, recent)["orders"] == 0
    assert marks.read(recent) == marks.Marks(anchor=None, until=None, removed=True, guests=0, guests_day=None)
    with postgres.session(recent) as db:
        assert [customer.customer_id for customer in db.query(models.Customer)] == ["somebody"]


def test_after_a_removal_it_can_be_loaded_again(recent):
    removal.run(recent)
    marks.set_removed(recent, False)
    marks.set_anchor(recent, TODAY)
    marks.set_until(recent, datetime.fromtimestamp(midnight_s(TODAY), UTC))
    count = load.fill(recent)["events"]
    assert one(STORED_SQL, recent)["events"] == count


def test_an_empty_shop_begins_ninety_days_ago(tenant):
    now = datetime(2026, 6, 30, 12, tzinfo=UTC)
    assert load._beginning(tenant, now) == (Plan(date(2026, 6, 30)), datetime(2026, 4, 1, 22, tzinfo=UTC))
    assert marks.read(tenant).anchor == date(2026, 6, 30)


def test_after_a_long_pause_only_the_last_ninety_days_are_made_up_for(tenant):
    marks.set_anchor(tenant, date(2026, 1, 10))
    marks.set_until(tenant, datetime(2026, 1, 20, tzinfo=UTC))
    assert load._beginning(tenant, datetime(2026, 6, 30, 12, tzinfo=UTC)) == (Plan(date(2026, 1, 10)), datetime(2026, 4, 1, 22, tzinfo=UTC))


def test_marks_of_one_shop_are_not_those_of_another(tenant, other_tenant):
    marks.set_guests(tenant, TODAY, 70)
    assert marks.read(tenant).guests_of(TODAY) == 70
    assert marks.read(tenant).guests_of(TODAY - timedelta(days=1)) == 0
    assert marks.read(other_tenant).guests_of(TODAY) == 0


def test_nothing_is_left_in_the_log(recent):
    load.fill(recent)
    assert ingest.drain() == 0
