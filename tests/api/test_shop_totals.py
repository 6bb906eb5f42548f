"""GET /api/analytics of document 003."""

from datetime import UTC, datetime, timedelta

from tests import recorded


def test_the_totals_are_answered_in_the_documented_envelope(client, bearer, tenant):
    now = datetime.now(UTC)
    recorded.session(tenant, ("login", {"event_type": "Login"}), ("add_to_cart", {"event_type": "AddToCart"}), at=now, user_id="u1")
    recorded.session(tenant, ("login", {"event_type": "Login"}), session="s2", at=now - timedelta(days=2))
    recorded.customer(tenant, "u1")
    answer = client.get("/api/analytics", headers=bearer(tenant, "analyst")).get_json()
    days = [(now - timedelta(days=2)).date(), now.date()]
    assert answer["success"] is True
    assert answer["timestamp"].startswith(now.date().isoformat())
    assert answer["data"] | {"daily_events": []} == {
        "total_events": 3,
        "daily_active_users": 1,
        "total_users": 1,
        "top_actions": [{"action": "Login", "count": 2}, {"action": "AddToCart", "count": 1}],
        "daily_events": [],
    }
    assert [day["date"] for day in answer["data"]["daily_events"]][0] == days[0].isoformat()
    assert sum(day["count"] for day in answer["data"]["daily_events"]) == 3


def test_production_asks_who_it_is(production, client, bearer, tenant):
    refused = production.test_client().get("/api/analytics")
    assert (refused.status_code, type(refused.get_json()["error"])) == (401, str)
    assert client.get("/api/analytics", headers=bearer(tenant, "customer")).status_code == 403
