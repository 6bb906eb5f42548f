"""A mapping is checked at the door and keeps its meaning through JSON."""

import pytest

from actions import upload_mapping
from actions.upload_mapping import EventName, Mapping
from errors import Invalid

ORDERS = Mapping("orders", ("order", "time", "price", "ignore"), zone="Europe/London", time_form="dmy", decimal=",")


def test_a_mapping_survives_json_and_keeps_its_hash():
    events = Mapping("events", ("time", "event", "person"), names={"cart": EventName("view_cart", "cart")})

    for mapping in (ORDERS, events):
        again = upload_mapping.from_json(mapping.to_json())
        assert (again, again.hash) == (mapping, mapping.hash)
    assert ORDERS.hash != events.hash


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "sheep"}, "kind"),
        ({"columns": ["order", "sheep"]}, "columns"),
        ({"columns": ["event"]}, "columns"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"zone": "../etc"}, "zone"),
        ({"time_form": "roman"}, "time_form"),
        ({"decimal": ";"}, "decimal"),
        ({"names": {"a": {}}}, "names"),
    ],
)
def test_what_cannot_be_is_refused_by_field(change, field):
    with pytest.raises(Invalid) as refusal:
        upload_mapping.from_json(ORDERS.to_json() | change)

    assert list(refusal.value.fields) == [field]


def test_a_mapping_must_fit_the_file():
    assert ORDERS.checked(4) == ORDERS
    for mapping, width, words in (
        (ORDERS, 5, "Give a role for each of the 5 columns, not for 4."),
        (Mapping("orders", ("order", "order", "time", "price")), 4, "Two columns are read as Order. Choose one."),
        (Mapping("events", ("time", "keep")), 2, "Choose the column for Event or Page, Person or Visitor."),
    ):
        with pytest.raises(Invalid) as refusal:
            mapping.checked(width)
        assert refusal.value.message == words


def test_giving_a_role_takes_it_from_the_column_that_had_it():
    assert upload_mapping.with_role(ORDERS, 3, "price").columns == ("order", "time", "ignore", "price")
    assert upload_mapping.with_role(ORDERS, 0, "ignore").columns == ("ignore", "time", "price", "ignore")


def test_names_and_times_are_changed_one_by_one():
    assert upload_mapping.with_name(ORDERS, "cart", "view_cart").names == {"cart": EventName("view_cart")}
    changed = upload_mapping.with_time(ORDERS, "UTC", "mdy")
    assert (changed.zone, changed.time_form) == ("UTC", "mdy")
