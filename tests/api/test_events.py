"""Document 003's events."""

from actions import persons, tenants
from actions.persons import Sighting
from jobs import ingest as consumer
from tests.ingesting import AT

EVENT = {"user_id": "u-known", "action": "AddToCart", "timestamp": "2024-01-15T10:30:00Z", "properties": {"product_id": "p456"}}


def test_an_event_of_a_known_user_is_recorded_and_listed(client, servers):
    tenants.demo()
    persons.see(tenants.DEMO, [Sighting("u-known", AT)])
    answer = client.post("/api/event", json=EVENT)
    assert (answer.status_code, answer.json["success"], answer.json["message"]) == (201, True, "Event tracked successfully")
    consumer.drain()
    listed = client.get("/api/events?per_page=100").json
    (found,) = [event for event in listed["events"] if event["id"] == answer.json["event_id"]]
    assert {name: found[name] for name in ("user_id", "action", "properties")} == {
        "user_id": "u-known",
        "action": "AddToCart",
        "properties": {"product_id": "p456"},
    }
    assert listed["pagination"]["per_page"] == 100


def test_an_unknown_user_gets_the_documented_answer(client, servers):
    tenants.demo()
    answer = client.post("/api/event", json=EVENT | {"user_id": "nobody-here"})
    assert (answer.status_code, answer.json["error"]) == (400, "User nobody-here not found")


def test_an_event_without_an_action_and_a_page_that_is_none_are_refused(client, servers):
    assert client.post("/api/event", json={"user_id": "u-known"}).status_code == 400
    assert [client.get(f"/api/events?{query}").status_code for query in ("page=0", "per_page=1000", "page=x")] == [400, 400, 400]


def test_in_production_both_need_credentials(production):
    client = production.test_client()
    assert [client.post("/api/event", json=EVENT).status_code, client.get("/api/events").status_code] == [401, 401]
