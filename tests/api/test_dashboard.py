"""GET /dashboard/metrics and /dashboard/trends of document 000."""

from datetime import UTC, datetime

import pytest

from tests import recorded

JANUARY = {"start_date": "2025-01-01", "end_date": "2025-01-31", "tz": "UTC"}
SECOND = datetime(2025, 1, 11, 9, tzinfo=UTC)


@pytest.fixture
def shop(tenant):
    """Three sessions of two visitors on two days; one paid 40 less 4, and got 6 back a day later."""
    recorded.session(tenant, "page_view", "purchase", visitor="v1", session="a")
    recorded.session(tenant, "page_view", visitor="v1", session="b", at=SECOND)
    recorded.session(tenant, "page_view", "search", visitor="v2", session="c", at=SECOND, device_type="desktop")
    recorded.order(tenant, "o1", gross="40", discount="4", visitor="v1", session="a", device_type="mobile")
    recorded.order(tenant, "o1", kind="refund", gross="6", at=SECOND, device_type="mobile")
    return tenant


def test_the_key_figures_of_a_period_stand_beside_the_period_before(client, bearer, shop):
    answer = client.get("/dashboard/metrics", query_string=JANUARY, headers=bearer(shop, "analyst"))
    figures = {
        "users": 2,
        "visitors": 2,
        "sessions": 3,
        "conversions": 1,
        "conversion_rate": 1 / 3,
        "bounce_rate": 1 / 3,
        "orders": 1,
        "revenue": 30.0,
        "gross_revenue": 40.0,
        "discounts": 4.0,
        "refunds": 6.0,
        "average_order_value": 36.0,
    }
    assert answer.get_json() == {
        "period": {"start_date": "2025-01-01T00:00:00+00:00", "end_date": "2025-02-01T00:00:00+00:00"},
        "currency": "EUR",
        "total_users": 2,
        "total_sessions": 3,
        "conversion_rate": 1 / 3,
        "revenue": 30.0,
        "figures": figures,
        "previous_period": {"start_date": "2024-12-01T00:00:00+00:00", "end_date": "2025-01-01T00:00:00+00:00"},
        "previous": None,
    }


def test_the_trend_has_a_point_for_each_day_also_for_one_without_events(client, bearer, shop):
    asked = {"start_date": "2025-01-10", "end_date": "2025-01-12", "tz": "UTC", "device_type": "mobile"}
    answer = client.get("/dashboard/trends", query_string=asked, headers=bearer(shop, "analyst")).get_json()
    points = [(p["period"], p["sessions"], p["conversions"], p["revenue"], p["complete"]) for p in answer["series"]]
    assert points == [("2025-01-10", 1, 1, 36.0, True), ("2025-01-11", 1, 0, -6.0, True), ("2025-01-12", 0, 0, 0.0, True)]
    assert (answer["granularity"], answer["tz"], answer["currency"]) == ("daily", "UTC", "EUR")


def test_another_shop_sees_nothing_of_it(client, bearer, shop, other_tenant):
    answer = client.get("/dashboard/metrics", query_string=JANUARY, headers=bearer(other_tenant, "analyst")).get_json()
    assert (answer["total_users"], answer["revenue"], answer["conversion_rate"]) == (0, 0.0, None)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"start_date": "yesterday-ish"}, "start_date"),
        ({"start_date": "2025-02-01", "end_date": "2025-01-01"}, "end_date"),
        ({"start_date": "1990-01-01"}, "start_date"),
        ({"device_type": "toaster"}, "device_type"),
        ({"tz": "Mars/Olympus"}, "tz"),
        ({"compare_from": "2025-13-01"}, "compare_from"),
        ({"devicetype": "mobile"}, "devicetype"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(client, bearer, tenant, asked, field):
    answer = client.get("/dashboard/metrics", query_string=asked, headers=bearer(tenant, "analyst"))
    assert answer.status_code == 422
    assert [problem["field"].rpartition(".")[2] for problem in answer.get_json()["error"]["details"]] == [field]


def test_times_without_a_zone_are_in_the_zone_that_was_asked(client, bearer, tenant):
    asked = {"start_date": "2025-03-30T00:00:00", "end_date": "2025-03-30", "tz": "Europe/Berlin", "compare_from": "2025-03-01"}
    answer = client.get("/dashboard/metrics", query_string=asked, headers=bearer(tenant, "analyst")).get_json()
    assert answer["period"] == {"start_date": "2025-03-29T23:00:00+00:00", "end_date": "2025-03-30T22:00:00+00:00"}
    assert answer["previous_period"] == {"start_date": "2025-02-28T23:00:00+00:00", "end_date": "2025-03-01T22:00:00+00:00"}


def test_production_asks_who_it_is(production, client, bearer, tenant):
    assert production.test_client().get("/dashboard/metrics").status_code == 401
    assert client.get("/dashboard/trends", headers=bearer(tenant, "customer")).status_code == 403
