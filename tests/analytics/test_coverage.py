"""Which filters a period offers."""

from dataclasses import replace
from datetime import UTC, datetime

from analytics import coverage
from analytics.scope import Filters, OneOf
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
