"""The parameters of a question's scope: read, refused, named."""

from datetime import UTC, datetime

import pytest
from flask import g

from analytics.scope import Filters, OneOf
from api.scope_query import ScopeQuery


@pytest.fixture
def load(app, tenant):
    def load(**given):
        with app.test_request_context():
            g.tenant = tenant
            return ScopeQuery().load(given)

    return load


def at(*parts) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_days_are_whole_and_the_last_is_included(load):
    scope = load(start_date="2025-03-29", end_date="2025-03-30", tz="Europe/Berlin")
    assert (scope.start, scope.end, scope.tz, scope.currency) == (at(2025, 3, 28, 23), at(2025, 3, 30, 22), "Europe/Berlin", "EUR")


def test_times_are_instants_in_the_zone_they_name_or_else_in_that_of_the_question(load):
    scope = load(start_date="2025-01-10T10:00:00+02:00", end_date="2025-01-10T12:00:00", tz="Europe/Berlin")
    assert (scope.start, scope.end) == (at(2025, 1, 10, 8), at(2025, 1, 10, 11))


def test_without_a_period_it_is_the_last_30_days(load):
    scope = load()
    assert (scope.end - scope.start).days == 30
    assert scope.start < datetime.now(UTC) <= scope.end


def test_filters_may_be_several_and_negated(load):
    scope = load(device_type="mobile,tablet", country="!de", channel="email", bots="1")
    assert scope.filters == Filters(channel=OneOf(("email",)), country=OneOf(("DE",), True), device=OneOf(("mobile", "tablet")))
    assert scope.bots is True


def test_the_comparison_is_the_period_before_a_year_before_or_a_chosen_one(load):
    period = {"start_date": "2024-02-29", "end_date": "2024-02-29"}
    assert load(**period, compare="previous").compare is None
    assert load(**period, compare="year").compare == (at(2023, 2, 28), at(2023, 3, 1))
    assert load(**period, compare_from="2020-05-01").compare == (at(2020, 5, 1), at(2020, 5, 2))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("start_date", "yesterday-ish"),
        ("start_date", "2025-02-30"),
        ("start_date", "2999-01-01"),
        ("compare_from", "0001-01-01"),
        ("end_date", "9999-12-31"),
        ("start_date", "0001-01-01T00:00:00+14:00"),
        ("device_type", "toaster"),
        ("tz", "Mars/Olympus"),
        ("currency", "USD"),
        ("compare", "luck"),
        ("compare_from", "soon"),
        ("bots", "perhaps"),
        ("colour", "red"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(client, bearer, tenant, field, value):
    answer = client.get("/dashboard/metrics", query_string={field: value}, headers=bearer(tenant, "analyst"))

    assert answer.status_code == 422
    assert [one["field"] for one in answer.get_json()["field_errors"]] == [field]
