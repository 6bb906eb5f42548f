"""Customers from a small file, all rows or none."""

import io

import pytest

from actions import customers, upload_profiles
from actions.upload_profiles import Profile
from errors import Invalid


def bring(tenant: str, text: str) -> tuple[int, int]:
    return customers.bring(tenant, io.BytesIO(text.encode()))


def listed(tenant: str) -> list[tuple]:
    return [(one.customer_id, one.name, one.email) for one in customers.newest(tenant)]


def test_new_and_known_customers(tenant):
    assert bring(tenant, "user_id,name,email\nu1,Ann,ann@example.com\nu2,Bob,bob@example.com\n") == (2, 2)
    assert bring(tenant, "user_id,name,email\nu2,,b@example.com\nu3,Cy,cy@example.com\nu3,Cyd,\n") == (1, 2)

    assert listed(tenant) == [("u3", "Cyd", None), ("u2", "Bob", "b@example.com"), ("u1", "Ann", "ann@example.com")]


def test_of_one_person_the_last_row_counts_and_what_is_the_same_is_no_change(tenant):
    profiles = [Profile("u1", "Ann", "", {"town": "Ulm"}), Profile("u1", "Ann B.", "", {})]

    assert upload_profiles.upsert(tenant, profiles) == (1, 0)
    assert upload_profiles.upsert(tenant, profiles) == (0, 0)
    assert upload_profiles.upsert(tenant, [Profile("u1", "", "", {"town": "Bonn"})]) == (0, 1)
    assert upload_profiles.upsert(tenant, []) == (0, 0)


def test_a_bad_line_or_a_missing_column_keeps_everything_out(tenant):
    with pytest.raises(Invalid, match=r"Nothing was stored\. Line 3: person is empty\."):
        bring(tenant, "user_id,name,email\nu1,Ann,ann@example.com\n,Bob,bob@example.com\n")
    with pytest.raises(Invalid, match="The file lacks the column email"):
        bring(tenant, "user_id,name\nu1,Ann\n")
    assert listed(tenant) == []


def test_another_shop_sees_none(tenant, other_tenant):
    bring(tenant, "user_id,name,email\nu1,Ann,ann@example.com\n")

    assert listed(other_tenant) == []
