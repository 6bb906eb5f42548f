"""Which filters a period offers."""

from dataclasses import replace
from datetime import UTC, datetime

from analytics import coverage
from analytics.scope import Filters, OneOf
from stores import redis
from tests import recorded


def test_the_values_of_the_period_most_frequent_first_from_sessions_and_orders(tenant, other_tenant, scope):
    recorded.session(tenant, "page_view", session="s1", country="DE", channel="email")
    recorded.session(tenant, "page_view", session="s2", country="AT", channel="")
    recorded.session(tenant, "page_view", session="s3", country="AT", device_type="tablet")
    recorded.session(tenant, "page_view", session="s4", country="CH", at=datetime(2025, 2, 1, tzinfo=UTC))
    recorded.session(other_tenant, "page_view", country="FR")
    recorded.order(tenant, "o1", country="GB")
    options = {"channel": ["direct", "email"], "country": ["AT", "DE", "GB"], "device": ["mobile", "tablet"]}
    assert coverage.filter_options(scope) == options
    assert coverage.filter_options(replace(scope, filters=Filters(country=OneOf(("DE",))))) == options


def test_an_empty_shop_has_nothing_to_choose_from(scope):
    assert coverage.filter_options(scope) == {"channel": [], "country": [], "device": []}


def test_as_of_is_what_the_consumer_noted_else_the_arrival_of_the_newest_event(tenant, other_tenant):
    assert coverage.as_of(tenant) is None
    recorded.session(tenant, ("page_view", {"received_at": recorded.AT + recorded.MINUTE}))
    assert coverage.as_of(tenant) == recorded.AT + recorded.MINUTE
    redis.connection().set(coverage.AS_OF_KEY.format(tenant), 1_736_500_000_123)
    assert coverage.as_of(tenant) == datetime(2025, 1, 10, 9, 6, 40, 123000, UTC)
    assert coverage.as_of(other_tenant) is None
