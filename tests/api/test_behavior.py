"""Interactions over the API."""

from datetime import UTC, datetime, timedelta

from tests import recorded
from tests.recorded import AT

JANUARY = "start_date=2025-01-01&end_date=2025-01-31"


def ask(client, headers, query):
    answer = client.get(f"/users/behavior?{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_interactions_are_answered_as_documented(client, bearer, tenant):
    recorded.session(tenant, ("page_view", {"page_type": "home", "properties": '{"a": 1}'}), user_id="u1")
    assert ask(client, bearer(tenant, "analyst"), JANUARY) == {
        "interactions": [
            {
                "user_id": "u1",
                "visitor_id": "v1",
                "session_id": "s1",
                "page_type": "home",
                "event": "page_view",
                "event_type": "page_view",
                "event_name": None,
                "timestamp": "2025-01-10T10:00:00+00:00",
                "page_url": None,
                "properties": {"a": 1},
            }
        ],
        "total": 1,
    }


def test_each_parameter_narrows_the_answer(client, bearer, tenant):
    recorded.session(tenant, ("page_view", {"page_type": "home"}), ("search", {"page_type": "search"}), user_id="u1")
    recorded.session(tenant, ("page_view", {"page_type": "home"}), session="s2", visitor="v2", user_id="u2", device_type="desktop")
    headers = bearer(tenant)

    def found(query):
        answer = ask(client, headers, f"{JANUARY}&{query}")
        return [(row["user_id"], row["event"]) for row in answer["interactions"]], answer["total"]

    assert found("user_id=u1") == ([("u1", "search"), ("u1", "page_view")], 2)
    assert found("session_id=s2") == ([("u2", "page_view")], 1)
    assert found("page_type=search") == ([("u1", "search")], 1)
    assert found("device_type=desktop") == ([("u2", "page_view")], 1)
    assert found("user_id=u1&limit=1&offset=1") == ([("u1", "page_view")], 2)
    assert found("user_id=nobody") == ([], 0)


def test_without_a_period_it_is_the_last_thirty_days(client, bearer, tenant):
    recorded.session(tenant, "old", at=AT)
    recorded.session(tenant, "new", session="s2", at=datetime.now(UTC) - timedelta(days=20))
    assert [row["event"] for row in ask(client, bearer(tenant), "")["interactions"]] == ["new"]


def test_wrong_questions_and_callers_are_refused(client, production, bearer, tenant):
    headers = bearer(tenant)
    for query in ("start_date=yesterday", "limit=0", "limit=1001", "offset=-1", "device_type=fridge"):
        assert client.get(f"/users/behavior?{query}", headers=headers).status_code == 422
    assert client.get("/users/behavior", headers=bearer(tenant, "customer")).status_code == 403
    assert production.test_client().get("/users/behavior").status_code == 401


def test_a_misspelt_parameter_is_refused_rather_than_ignored(client, bearer, tenant):
    answer = client.get("/users/behavior?userid=u1", headers=bearer(tenant, "analyst"))
    assert (answer.status_code, [problem["field"] for problem in answer.get_json()["error"]["details"]]) == (422, ["userid"])
