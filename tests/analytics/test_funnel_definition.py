"""Funnels as JSON: read, written, refused."""

from datetime import timedelta

import pytest

from analytics.funnel import CHECKOUT, PAGES, Definition, Exclusion, Step
from errors import Invalid

VIEW, PAY = {"kind": "event", "value": "view_item"}, {"kind": "event", "value": "purchase"}


def test_what_is_written_is_read_again():
    steps = (
        Step("name", "Start%", "like"),
        Step("page", "/cart", optional=True, any_of=(Step("property", "2", "at_least", key="items.quantity"),)),
        Step("page_type", "confirmation"),
    )
    definition = Definition("Mine", steps, (Exclusion(1, Step("event", "error")),), None, "person")

    assert Definition.parse(definition.as_dict()) == definition
    assert [Definition.parse(standard.as_dict()) for standard in (CHECKOUT, PAGES)] == [CHECKOUT, PAGES]


def test_what_is_left_out_has_its_default_and_events_their_canonical_name():
    found = Definition.parse({"steps": [{"value": "Product Viewed"}, {"kind": "event", "value": "order_completed"}]})

    assert found == Definition("Funnel", (Step("event", "view_item"), Step("event", "purchase")), (), timedelta(days=7), "session")
    assert found.labels == ["Viewed a product", "Paid"]


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ([], "definition"),
        ({"steps": [VIEW, PAY], "colour": 1}, "definition"),
        ({"steps": "view"}, "steps"),
        ({"steps": [VIEW]}, "steps"),
        ({"steps": [VIEW] * 11}, "steps"),
        ({"steps": [VIEW, PAY | {"optional": True}]}, "steps"),
        ({"steps": [VIEW, "pay"]}, "steps.1"),
        ({"steps": [VIEW, {"kind": "event", "value": ""}]}, "steps.1.value"),
        ({"steps": [VIEW, {"kind": "event", "value": "x" * 501}]}, "steps.1.value"),
        ({"steps": [VIEW, {"kind": "event", "value": "x", "operator": "at_least"}]}, "steps.1.operator"),
        ({"steps": [VIEW, {"kind": "property", "key": "price", "operator": "at_least", "value": "much"}]}, "steps.1.value"),
        ({"steps": [VIEW, {"kind": "property", "key": "price", "operator": "at_least", "value": "inf"}]}, "steps.1.value"),
        ({"steps": [VIEW, PAY | {"any_of": [{"kind": "moon", "value": "x"}]}]}, "steps.1.any_of.0.kind"),
        ({"steps": [VIEW, PAY], "window": True}, "window"),
        ({"steps": [VIEW, PAY], "window": 10**9}, "window"),
        ({"steps": [VIEW, PAY], "unit": "cow"}, "unit"),
        ({"steps": [VIEW, PAY], "name": 7}, "name"),
        ({"steps": [VIEW, PAY], "exclusions": [{"after_step": 0, "step": VIEW}]}, "exclusions.0.after_step"),
        ({"steps": [VIEW, PAY], "exclusions": [{"after_step": 1, "step": VIEW}] * 7}, "exclusions"),
    ],
)
def test_what_cannot_be_read_is_named(raw, field):
    with pytest.raises(Invalid) as refused:
        Definition.parse(raw)
    assert list(refused.value.fields) == [field]
