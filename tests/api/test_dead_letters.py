"""Refused events over the API."""

import pytest

from actions import accounts, dead_letters
from actions.dead_letters import Refused
from api import auth
from jobs import ingest as consumer
from stores import clickhouse


@pytest.fixture
def sign_in(app, tenant):
    """`sign_in(role)`: the headers of somebody of this role in `tenant`."""

    def headers(role: str) -> dict:
        name = f"{role}-{tenant}"
        account = accounts.create(email=f"{name}@x.test", username=name, password="a long password")
        accounts.join(account, tenant, role)
        with app.test_request_context():
            return {"Authorization": f"Bearer {auth.issue_token(accounts.identity(account, tenant))}"}

    return headers


@pytest.fixture
def letter(tenant):
    dead_letters.put(tenant, [Refused(b'{"visitor_id": "v1"}\xff', "The event is not UTF-8.")], origin="browser", request_id="r1")
    return dead_letters.newest(tenant).rows[0]


def test_they_are_listed_read_mended_and_sent_again(client, tenant, letter, sign_in):
    headers, address = sign_in("admin"), f"/api/v1/dead-letters/{letter.id}"
    listed = client.get("/api/v1/dead-letters/", headers=headers).json
    assert (listed["total"], [(row["id"], row["raw"], row["reason"]) for row in listed["items"]]) == (
        1,
        [(str(letter.id), '{"visitor_id": "v1"}\ufffd', "The event is not UTF-8.")],
    )
    assert client.get(address, headers=headers).json["request_id"] == "r1"
    assert client.post(f"{address}/replay", json={}, headers=headers).status_code == 422
    sent = client.post(f"{address}/replay", json={"event": {"event_type": "page_view", "visitor_id": "v1"}}, headers=headers)
    assert (sent.status_code, sent.json["replayed_at"] is not None) == (200, True)
    assert client.post(f"{address}/replay", json={}, headers=headers).status_code == 409
    consumer.drain()
    assert clickhouse.query("SELECT count() AS n FROM events_raw WHERE customer_id = {t:String}", {"t": tenant}) == [{"n": 1}]


def test_one_is_thrown_away(client, letter, sign_in):
    headers, address = sign_in("admin"), f"/api/v1/dead-letters/{letter.id}"
    assert client.delete(address, headers=headers).status_code == 204
    assert client.get(address, headers=headers).status_code == 404


def test_who_may_not_change_events_does_not_see_them(client, letter, sign_in):
    assert client.get("/api/v1/dead-letters/").status_code == 401
    assert client.get("/api/v1/dead-letters/", headers=sign_in("viewer")).status_code == 403


def test_another_shops_letter_is_not_there(client, sign_in, other_tenant):
    dead_letters.put(other_tenant, [Refused(b"{}", "no")], origin="browser")
    foreign = dead_letters.newest(other_tenant).rows[0]
    assert client.get(f"/api/v1/dead-letters/{foreign.id}", headers=sign_in("admin")).status_code == 404
