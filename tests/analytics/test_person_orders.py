"""Who placed an order, and what remains of it."""

from decimal import Decimal

from analytics import person_orders
from tests import recorded
from tests.recorded import AT, MINUTE


def test_the_owner_is_the_buyer_else_whoever_the_session_belongs_to(tenant, other_tenant):
    recorded.order(tenant, "o1", buyer_id="u1")
    recorded.session(tenant, "purchase", visitor="v2", session="s2")
    recorded.order(tenant, "o2", visitor="v2", session="s2")
    recorded.session(tenant, "purchase", visitor="v3", session="s3", user_id="u3")
    recorded.order(tenant, "o3", visitor="v3", session="s3")
    recorded.order(tenant, "o4")
    recorded.order(other_tenant, "o5", buyer_id="u5")
    assert [person_orders.owner(tenant, f"o{n}") for n in range(1, 6)] == ["u1", "v2", "u3", None, None]


def test_net_leaves_out_what_is_held_and_takes_off_what_was_returned_or_cancelled(tenant):
    recorded.order(tenant, "o1", gross="50", discount="5", buyer_id="u1")
    recorded.order(tenant, "o1", kind="refund", gross="10", buyer_id="u1", at=AT + MINUTE)
    recorded.order(tenant, "o2", gross="20", buyer_id="u1")
    recorded.order(tenant, "o2", kind="cancellation", gross="20", buyer_id="u1", at=AT + MINUTE)
    recorded.order(tenant, "o3", gross="70", buyer_id="u1", status="held")
    recorded.order(tenant, "o4", kind="adjustment", gross="0", buyer_id="u1")
    orders = person_orders.run(tenant, "u1", [])
    assert [order.kind for order in orders] == ["refund", "cancellation", "sale", "sale", "sale"]
    assert person_orders.net(orders) == Decimal(35)
