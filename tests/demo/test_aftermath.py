"""What follows an order in the demo shop."""

from demo import aftermath, catalogue
from demo.baskets import Order

LAMP = catalogue.load().index("Halden Floor Lamp")  # 189.00
PILLOWCASE = catalogue.load().index("Washed Linen Pillowcase")  # 29.00


def test_a_returned_line_pays_back_what_was_paid_for_it():
    order = Order("LO1", 0, 0.0, ((LAMP, 1), (PILLOWCASE, 2)), 24_700, 2_470, "WELCOME10", 0, "card")
    facts = aftermath.refund_facts(order, ((PILLOWCASE, 2),))
    assert facts == {
        "transaction_id": "LO1",
        "currency": "EUR",
        "value": 52.2,
        "items": [{"item_id": "LO-303", "item_name": "Washed Linen Pillowcase", "item_category": "Bedding", "price": 26.1, "quantity": 2}],
    }


def test_a_whole_order_sent_back_never_pays_more_than_it_cost():
    order = Order("LO1", 0, 0.0, ((LAMP, 1), (PILLOWCASE, 3)), 27_600, 2_835, "LIGHTS15", 0, "card")
    assert round(aftermath.refund_facts(order, order.lines)["value"] * 100) <= order.value_cents
