"""Journeys and people over the API."""

from datetime import timedelta

from tests import recorded
from tests.recorded import AT


def test_a_journey_is_answered_as_documented(client, bearer, tenant):
    recorded.session(
        tenant, ("page_view", {"page_type": "home", "page_url": "https://shop.example/"}), ("purchase", {"order_id": "o1"}), user_id="u1"
    )
    recorded.order(tenant, "o1", gross="20", buyer_id="u1", product_id="p1", product="Lamp", visitor="v1", session="s1")
    answer = client.get("/users/journey/u1", headers=bearer(tenant, "analyst"))
    assert answer.status_code == 200
    step = {"event_name": None, "product": None, "amount": None, "currency": None, "order_id": None, "search_term": None, "rating": None}
    assert answer.get_json() == {
        "user_id": "u1",
        "identified": True,
        "visitor_ids": ["v1"],
        "converted": True,
        "total_sessions": 1,
        "total_orders": 1,
        "net_revenue": 20.0,
        "sessions": [
            {
                "session_id": "s1",
                "visitor_id": "v1",
                "started_at": "2025-01-10T10:00:00+00:00",
                "ended_at": "2025-01-10T10:01:00+00:00",
                "device_type": "mobile",
                "channel": "direct",
                "country": "DE",
                "converted": True,
                "pages": 1,
                "steps": [
                    step
                    | {
                        "page_type": "home",
                        "event": "page_view",
                        "event_type": "page_view",
                        "timestamp": "2025-01-10T10:00:00+00:00",
                        "page_url": "https://shop.example/",
                        "properties": {},
                    },
                    step
                    | {
                        "page_type": None,
                        "event": "purchase",
                        "event_type": "purchase",
                        "timestamp": "2025-01-10T10:01:00+00:00",
                        "page_url": None,
                        "order_id": "o1",
                        "properties": {},
                    },
                ],
            }
        ],
        "orders": [
            {
                "order_id": "o1",
                "kind": "sale",
                "ordered_at": "2025-01-10T10:00:00+00:00",
                "status": "paid",
                "amount": 20.0,
                "lines": [{"product_id": "p1", "product": "Lamp", "quantity": 1, "amount": 20.0}],
            }
        ],
    }


def test_a_visitor_and_ids_with_slashes_have_journeys_and_the_limit_is_kept(client, bearer, tenant):
    headers = bearer(tenant)
    for number in range(3):
        recorded.session(tenant, "page_view", visitor="a/b c", session=f"s{number}", at=AT + timedelta(days=number))
    answer = client.get("/users/journey/a/b c?limit=2", headers=headers).get_json()
    assert (answer["user_id"], answer["identified"], answer["total_sessions"]) == ("a/b c", False, 3)
    assert [session["session_id"] for session in answer["sessions"]] == ["s1", "s2"]


def test_nobody_without_credentials_in_production_unknown_people_and_wrong_questions_are_refused(
    client, production, bearer, tenant, other_tenant
):
    recorded.session(other_tenant, "page_view", user_id="theirs")
    headers = bearer(tenant)
    assert production.test_client().get("/users/journey/u1").status_code == 401
    assert client.get("/users/journey/theirs", headers=headers).status_code == 404
    assert client.get("/users/journey/u1?limit=0", headers=headers).status_code == 422
    assert client.get("/users/journey/u1", headers=bearer(tenant, "customer")).status_code == 403


def test_people_are_found(client, bearer, tenant):
    recorded.customer(tenant, "u1", "Ada Berg", "ada@example.com")
    headers = bearer(tenant, "analyst")
    assert client.get("/api/v1/persons?q=ada", headers=headers).get_json() == {
        "items": [
            {
                "key": "u1",
                "kind": "customer",
                "label": "Ada Berg",
                "detail": "ada@example.com",
                "last_seen": None,
                "sessions": 0,
                "orders": 0,
                "amount": None,
            }
        ]
    }
    assert client.get("/api/v1/persons?q=a", headers=headers).status_code == 422
    assert client.get("/api/v1/persons", headers=headers).status_code == 422
    assert client.get("/api/v1/persons?q=ada").status_code == 401
    assert client.get("/api/v1/persons?q=ada", headers=bearer(tenant, "customer")).status_code == 403
