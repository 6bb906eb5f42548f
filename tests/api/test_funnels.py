"""/api/v1/funnels: saved, changed, run, refused; and the refresh of document 000."""

import pytest

from actions import funnels
from tests.analytics.conftest import event, record

PERIOD = {"start_date": "2025-01-01", "end_date": "2025-01-31"}
BODY = {"name": "Short", "steps": [{"kind": "event", "value": "Product Viewed"}, {"kind": "event", "value": "purchase"}]}


@pytest.fixture
def call(client, bearer, tenant):
    def call(method, path, role="admin", **more):
        return client.open(f"/api/v1/funnels/{path}", method=method, headers=bearer(tenant, role), **more)

    return call


def test_a_funnel_is_saved_listed_changed_and_deleted(call):
    made = call("POST", "", json=BODY)
    assert made.status_code == 201
    id = made.get_json()["id"]
    assert made.get_json()["definition"]["steps"][0] == {"kind": "event", "value": "view_item"}  # the canonical name
    assert [one["name"] for one in call("GET", "").get_json()] == ["Short"]
    assert call("POST", "", json=BODY).status_code == 409

    changed = call("PUT", id, json=BODY | {"name": "Shorter", "window": 3600, "unit": "visitor"})
    assert (changed.get_json()["name"], changed.get_json()["definition"]["window"]) == ("Shorter", 3600)
    assert call("DELETE", id).status_code == 204
    assert call("GET", id).status_code == 404


def test_it_is_run_over_a_period_as_saved_or_as_sent(call, tenant):
    record(tenant, "view_item", event("purchase", revenue="50"), device="mobile")
    record(tenant, "view_item", device="desktop")
    id = call("POST", "", json=BODY).get_json()["id"]

    saved = call("GET", f"{id}/run", query_string=PERIOD | {"breakdown": "device"}).get_json()
    sent = call("POST", "run", query_string=PERIOD | {"breakdown": "device"}, json=BODY).get_json()

    assert saved == sent
    assert saved["steps"] == [
        {
            "label": "Viewed a product",
            "count": 2,
            "share": 1.0,
            "step_share": 1.0,
            "left": 1,
            "left_share": 0.5,
            "median_ms": 10_000,
            "revenue_lost": 25.0,
        },
        {
            "label": "Paid",
            "count": 1,
            "share": 0.5,
            "step_share": 0.5,
            "left": 0,
            "left_share": 0.0,
            "median_ms": None,
            "revenue_lost": None,
        },
    ]
    assert (saved["unit"], saved["total"], saved["average_order"]) == ("session", 2, 50.0)
    assert [(group["value"], [step["count"] for step in group["steps"]]) for group in saved["groups"]] == [
        ("desktop", [1, 0]),
        ("mobile", [1, 1]),
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x"}, "steps"),
        (BODY | {"steps": BODY["steps"][:1]}, "steps"),
        (BODY | {"steps": BODY["steps"] * 6}, "steps"),
        (BODY | {"unit": "cow"}, "unit"),
        (BODY | {"window": 0}, "window"),
        (BODY | {"colour": "red"}, "colour"),
        (BODY | {"steps": [{"kind": "moon", "value": "x"}, BODY["steps"][1]]}, "steps.0.kind"),
        (BODY | {"steps": [{"kind": "property", "value": "x"}, BODY["steps"][1]]}, "steps.0.key"),
        (BODY | {"steps": [BODY["steps"][0] | {"optional": True}, BODY["steps"][1]]}, "steps"),
        (BODY | {"exclusions": [{"after_step": 2, "step": BODY["steps"][0]}]}, "exclusions.0.after_step"),
    ],
)
def test_what_cannot_be_a_funnel_is_refused_and_named(call, body, field):
    answer = call("POST", "run", query_string=PERIOD, json=body)

    assert answer.status_code == 422
    assert [one["field"] for one in answer.get_json()["field_errors"]] == [field]


def test_who_only_reads_may_not_save_and_another_shops_funnel_is_not_found(call, client, bearer, other_tenant):
    id = call("POST", "", json=BODY).get_json()["id"]

    assert call("POST", "", role="viewer", json=BODY | {"name": "Mine"}).status_code == 403
    assert call("POST", "run", role="viewer", query_string=PERIOD, json=BODY).status_code == 200
    theirs = client.get(f"/api/v1/funnels/{id}", headers=bearer(other_tenant, "admin"))
    assert theirs.status_code == 404


def test_a_refresh_works_saved_funnels_out_anew(client, bearer, call, tenant):
    id = call("POST", "", json=BODY).get_json()["id"]
    saved = next(one for one in funnels.recent(tenant) if str(one.id) == id)
    funnels.note_filled(tenant, saved.saved, 1)

    answer = client.post("/analytics/refresh", json={}, headers=bearer(tenant, "admin"))

    body = answer.get_json()
    assert (answer.status_code, body["status"], body["keys_cleared"], body["funnels_recomputed"]) == (200, "refreshed", 0, 1)
    assert not funnels.load(tenant, saved.id).is_filled
