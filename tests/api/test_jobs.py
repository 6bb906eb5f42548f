"""Background work over the API: seen, stopped and tried again by the shop it belongs to."""

from uuid import uuid4

import pytest

from jobs import queue


@pytest.fixture
def job(tenant) -> str:
    return str(queue.enqueue("forget", tenant=tenant))


def test_a_job_is_shown_as_it_stands(client, bearer, tenant, job):
    answer = client.get(f"/api/v1/jobs/{job}", headers=bearer(tenant, "viewer")).get_json()
    assert answer | {"created_at": ""} == {
        "id": job,
        "kind": "forget",
        "state": "waiting",
        "progress": 0.0,
        "message": "",
        "result": None,
        "error": None,
        "created_at": "",
        "started_at": None,
        "finished_at": None,
    }
    assert answer["created_at"].endswith("+00:00")


def test_a_job_is_stopped_and_tried_again(client, bearer, tenant, job):
    headers = bearer(tenant, "manager")
    assert client.post(f"/api/v1/jobs/{job}/stop", headers=headers).get_json()["state"] == "stopped"
    assert client.post(f"/api/v1/jobs/{job}/retry", headers=headers).get_json()["state"] == "waiting"
    assert client.post(f"/api/v1/jobs/{job}/retry", headers=headers).status_code == 409


def test_another_shops_job_and_an_unknown_one_are_not_found(client, bearer, other_tenant, job):
    headers = bearer(other_tenant)
    for path in (f"/api/v1/jobs/{job}", f"/api/v1/jobs/{uuid4()}"):
        assert client.get(path, headers=headers).status_code == 404
        assert client.post(f"{path}/stop", headers=headers).status_code == 404
    assert client.get("/api/v1/jobs/", headers=headers).get_json() == []


def test_the_list_is_for_administrators(client, bearer, tenant, job):
    assert [one["id"] for one in client.get("/api/v1/jobs/", headers=bearer(tenant)).get_json()] == [job]
    assert client.get("/api/v1/jobs/", headers=bearer(tenant, "manager")).status_code == 403
    assert client.post(f"/api/v1/jobs/{job}/stop", headers=bearer(tenant, "viewer")).status_code == 403
    assert client.get(f"/api/v1/jobs/{job}").status_code == 401
