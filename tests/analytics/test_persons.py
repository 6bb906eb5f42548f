"""The search for a person: by name, e-mail, visitor, order, and which hit stands first."""

from decimal import Decimal

from analytics import persons
from analytics.persons import Person
from tests import recorded
from tests.recorded import AT, MINUTE


def test_a_customer_is_found_by_name_e_mail_and_id_with_what_they_did(tenant):
    recorded.customer(tenant, "u1", "Ada Berg", "ada.berg@example.com")
    recorded.session(tenant, "page_view", user_id="u1")
    recorded.order(tenant, "o77", gross="30", discount="5", buyer_id="u1")
    recorded.order(tenant, "o77", kind="refund", gross="5", buyer_id="u1", at=AT + MINUTE)
    common = {"key": "u1", "label": "Ada Berg", "detail": "ada.berg@example.com", "last_seen": AT + MINUTE, "sessions": 1, "orders": 1}
    ada = Person(kind="customer", amount=Decimal(20), **common)
    assert persons.search(tenant, "berg") == [Person(kind="customer", amount=Decimal(20), **common)]
    assert persons.search(tenant, "ADA BERG") == [ada]
    assert persons.search(tenant, "example.com") == [Person(kind="e-mail", amount=Decimal(20), **common)]
    assert persons.search(tenant, "u1") == [ada]
    assert persons.search(tenant, "example") == []  # everybody is at example.com


def test_an_order_leads_to_who_placed_it(tenant):
    recorded.customer(tenant, "u1", "Ada Berg")
    recorded.order(tenant, "48102", gross="19", line=0, buyer_id="u1")
    recorded.order(tenant, "48102", gross="1", line=1, buyer_id="u1")
    found = [Person("u1", "order", "48102", "Ada Berg", AT, orders=1, amount=Decimal(20))]
    assert persons.search(tenant, "48102") == found
    assert persons.search(tenant, "#481") == found


def test_a_visitor_is_found_by_the_beginning_of_its_id(tenant):
    recorded.session(tenant, "page_view", visitor="b7-9f31", user_id="u1")
    recorded.session(tenant, "page_view", visitor="user:b7", session="s2")
    assert persons.search(tenant, "b7-") == [Person("b7-9f31", "visitor", "b7-9f31", "Mobile, Safari · u1", AT, sessions=1)]


def test_equal_comes_before_beginning_and_beginning_before_containing(tenant):
    recorded.customer(tenant, "c1", "Marianne Roth")
    recorded.customer(tenant, "c2", "Ann Lee")
    recorded.customer(tenant, "c3", "Ann")
    assert [person.label for person in persons.search(tenant, "ann")] == ["Ann", "Ann Lee", "Marianne Roth"]
    assert [person.label for person in persons.search(tenant, "ann", limit=1)] == ["Ann"]


def test_less_than_two_letters_wild_cards_and_other_shops_find_nobody(tenant, other_tenant):
    recorded.customer(tenant, "c1", "Ada 100% Berg")
    recorded.customer(other_tenant, "c2", "Ada Theirs")
    recorded.session(other_tenant, "page_view", visitor="Ada")
    assert persons.search(tenant, " a ") == []
    assert persons.search(tenant, "%%") == []
    assert [person.key for person in persons.search(tenant, "100%")] == ["c1"]
    assert [person.key for person in persons.search(tenant, "Ada")] == ["c1"]
