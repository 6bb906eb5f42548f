"""Paths over the API."""

from tests import recorded

JANUARY = "start_date=2025-01-01&end_date=2025-01-31"


def test_paths_are_answered_with_their_picture(client, bearer, tenant):
    recorded.session(tenant, *[("page_view", {"page_type": page_type}) for page_type in ("home", "cart")])
    recorded.order(tenant, "o1", gross="12.345", visitor="v1", session="s1")
    answer = client.get(f"/api/v1/paths?{JANUARY}&start=home&steps=3", headers=bearer(tenant, "analyst"))
    assert answer.status_code == 200
    assert answer.get_json() == {
        "nodes": [
            {"column": 0, "name": "home", "kind": "node", "sessions": 1},
            {"column": 1, "name": "cart", "kind": "node", "sessions": 1},
            {"column": 2, "name": None, "kind": "left", "sessions": 1},
        ],
        "links": [{"source": 0, "target": 1, "sessions": 1}, {"source": 1, "target": 2, "sessions": 1}],
        "paths": [
            {
                "steps": ["home", "cart"],
                "ended": True,
                "sessions": 1,
                "sessions_before": 0,
                "share": 1.0,
                "paid_share": 0.0,
                "revenue_per_session": 12.34,
            }
        ],
        "total_sessions": 1,
        "revenue_per_session": 12.34,
    }


def test_wrong_questions_and_callers_are_refused(client, bearer, tenant):
    headers = bearer(tenant)
    for query in ("steps=9", "by=colour", "start=a&end=b", "start_date=x"):
        assert client.get(f"/api/v1/paths?{query}", headers=headers).status_code == 422
    assert client.get("/api/v1/paths").status_code == 401
    assert client.get("/api/v1/paths", headers=bearer(tenant, "customer")).status_code == 403


def test_a_misspelt_parameter_is_refused_rather_than_ignored(client, bearer, tenant):
    answer = client.get("/api/v1/paths?begin=home", headers=bearer(tenant, "analyst"))
    assert (answer.status_code, [problem["field"] for problem in answer.get_json()["error"]["details"]]) == (422, ["begin"])
