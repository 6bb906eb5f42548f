"""Customers are made once and keep what is newest of them."""

from datetime import UTC, datetime

from sqlalchemy import select

import models
from actions import persons
from actions.persons import Sighting
from stores import postgres

EARLY, LATE = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC)


def customers(tenant: str) -> list[tuple]:
    table = models.Customer
    with postgres.session(tenant) as db:
        rows = db.scalars(select(table).where(table.tenant == tenant).order_by(table.customer_id))
        return [(row.customer_id, row.name, row.email, row.traits, row.first_seen_at) for row in rows]


def test_a_sighting_makes_a_customer_and_repeating_it_changes_nothing(tenant):
    for _ in range(2):
        persons.see(tenant, [Sighting("ann", LATE), Sighting("bob", EARLY, "Bob", "b@x.test", {"plan": "pro"})])
    assert customers(tenant) == [("ann", None, None, {}, LATE), ("bob", "Bob", "b@x.test", {"plan": "pro"}, EARLY)]


def test_what_is_new_is_added_and_the_earliest_time_stays(tenant):
    persons.see(tenant, [Sighting("ann", LATE, "Ann", None, {"a": 1, "b": 1})])
    persons.see(tenant, [Sighting("ann", EARLY, None, "a@x.test", {"b": 2})])
    assert customers(tenant) == [("ann", "Ann", "a@x.test", {"a": 1, "b": 2}, EARLY)]


def test_a_shop_knows_its_own_customers_only(tenant, other_tenant):
    persons.see(tenant, [Sighting("ann", EARLY)])
    assert [persons.exists(shop, "ann") for shop in (tenant, other_tenant)] == [True, False]


def test_thousands_at_once_are_all_kept(tenant):
    persons.see(tenant, [Sighting(f"u{n}", EARLY) for n in range(2_500)])
    assert len(customers(tenant)) == 2_500
