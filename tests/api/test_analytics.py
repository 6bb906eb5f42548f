"""GET /analytics/funnel, /analytics/funnel/dropoffs and /analytics/conversion-rates of document 000."""

from datetime import timedelta

import pytest

from tests import recorded

PERIOD = {"start_date": "2025-01-01", "end_date": "2025-01-31", "tz": "UTC"}


def page(kind):
    return ("page_view", {"page_type": kind, "page_url": f"https://shop.example/{kind}"})


@pytest.fixture
def shop(tenant):
    """Of four who saw home, three searched, two came to payment, one was confirmed: the others' last steps are home, search, payment."""
    stages = ("home", "search", "payment", "confirmation")
    for number in range(4):
        recorded.session(tenant, *map(page, stages[: number + 1]), visitor=f"v{number}", session=f"s{number}")
    return tenant


def ask(client, bearer, shop, path, **more):
    return client.get(path, query_string=PERIOD | more, headers=bearer(shop, "analyst"))


def test_the_funnel_counts_persons_step_by_step(client, bearer, shop):
    found = ask(client, bearer, shop, "/analytics/funnel").get_json()
    steps = [(s["step"], s["users"], s["conversion_rate"], s["step_conversion_rate"], s["drop_off"]) for s in found["steps"]]
    assert steps == [
        ("home", 4, 1.0, 1.0, 1),
        ("search", 3, 0.75, 0.75, 1),
        ("payment", 2, 0.5, 2 / 3, 1),
        ("confirmation", 1, 0.25, 0.5, 0),
    ]
    assert [s["drop_off_rate"] for s in found["steps"]] == [0.25, 1 / 3, 0.5, 0.0]
    assert [s["median_seconds_to_next"] for s in found["steps"]] == [60.0, 60.0, 60.0, None]
    assert (found["total_users"], found["overall_conversion_rate"], found["currency"]) == (4, 0.25, "EUR")


def test_a_device_narrows_the_funnel(client, bearer, shop):
    recorded.session(shop, page("home"), visitor="d", session="d", device_type="desktop")
    assert ask(client, bearer, shop, "/analytics/funnel", device_type="desktop").get_json()["total_users"] == 1
    assert ask(client, bearer, shop, "/analytics/funnel", device_type="!desktop").get_json()["total_users"] == 4
    assert ask(client, bearer, shop, "/analytics/funnel", device_type="toaster").status_code == 422


def test_drop_offs_say_how_many_left_and_where_most_did(client, bearer, shop):
    recorded.session(shop, page("home"), page("account"), visitor="w", session="w")
    found = ask(client, bearer, shop, "/analytics/funnel/dropoffs").get_json()
    assert [(d["from_step"], d["to_step"], d["users_lost"]) for d in found["dropoffs"]] == [
        ("home", "search", 2),
        ("search", "payment", 1),
        ("payment", "confirmation", 1),
    ]
    assert sum(reason["users"] for reason in found["dropoffs"][0]["reasons"]) == 2
    assert {"page": "account", "users": 1, "share": 0.5} in found["dropoffs"][0]["went_to"]
    assert (found["bottleneck"]["from_step"], found["bottleneck"]["to_step"]) == ("home", "search")


def test_the_rates_stand_beside_those_of_the_period_before(client, bearer, shop):
    recorded.session(shop, page("home"), page("search"), visitor="e", session="e", at=recorded.AT - timedelta(days=30))
    recorded.session(shop, page("home"), visitor="f", session="f", at=recorded.AT - timedelta(days=30))
    found = ask(client, bearer, shop, "/analytics/conversion-rates").get_json()
    assert found["steps"][0] == {
        "from_step": "home",
        "to_step": "search",
        "conversion_rate": 0.75,
        "previous_conversion_rate": 0.5,
        "change_percent": 50.0,
    }
    assert len(found["history"]) == 31
    assert [day for day in found["history"] if day["conversion_rate"] is not None] == [{"date": "2025-01-10", "conversion_rate": 0.25}]


def test_production_asks_who_it_is(production, client, bearer, tenant):
    for path in ("/analytics/funnel", "/analytics/funnel/dropoffs", "/analytics/conversion-rates"):
        assert production.test_client().get(path).status_code == 401
        assert client.get(path, headers=bearer(tenant, "customer")).status_code == 403
