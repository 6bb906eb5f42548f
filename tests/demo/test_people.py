"""The demo shop's customers are the same people all the time."""

from datetime import date

from demo import people
from demo.plan import Plan

PLAN = Plan(date(2026, 6, 30))


def test_everybody_has_an_id_and_an_address_of_their_own():
    everybody = people.load(PLAN)
    assert len(set(everybody.user_id)) == len(set(everybody.email)) == len(everybody.name) > 1000


def test_addresses_are_plain_letters_of_domains_that_nobody_owns():
    for address in people.load(PLAN).email:
        name, _, domain = address.partition("@")
        assert name.isascii() and name == name.lower() and " " not in name
        assert domain in ("example.com", "example.org", "example.net")


def test_nobody_leaves_before_joining():
    everybody = people.load(PLAN)
    assert (everybody.left > everybody.joined).all()
