"""Which data does an address ask for?"""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from actions import accounts
from analytics.scope import Filters, OneOf, Scope
from dashboard import scope_url
from stores import postgres

NOW = datetime(2026, 11, 19, 13, 32, tzinfo=UTC)


@pytest.fixture
def identity(tenant):
    with postgres.owner() as connection:
        connection.execute(text("UPDATE tenants SET timezone = 'Europe/Berlin', currency = 'GBP' WHERE id = :id"), {"id": tenant})
    return accounts.Identity(None, "", "", "", "", tenant, "manager", frozenset())


def test_an_empty_query_is_28_days_of_the_shop_with_its_zone_and_currency(identity):
    assert scope_url.scope("", identity, NOW) == Scope(
        identity.tenant,
        datetime(2026, 10, 22, 22, tzinfo=UTC),  # summer time still
        datetime(2026, 11, 19, 23, tzinfo=UTC),
        "Europe/Berlin",
        Filters(),
        "GBP",
        False,
        compare=(datetime(2026, 9, 24, 22, tzinfo=UTC), datetime(2026, 10, 22, 12, 32, tzinfo=UTC)),
    )


def test_a_full_query_is_read_whole(identity):
    query = "?from=2010-12-01&to=2010-12-31&compare_from=2010-11-01&channel=email,direct&country=!DE&device=mobile&tz=UTC&bots=1&view=7"
    assert scope_url.scope(query, identity, NOW) == Scope(
        identity.tenant,
        datetime(2010, 12, 1, tzinfo=UTC),
        datetime(2011, 1, 1, tzinfo=UTC),
        "UTC",
        Filters(OneOf(("email", "direct")), OneOf(("DE",), negated=True), OneOf(("mobile",))),
        "GBP",
        True,
        compare=(datetime(2010, 11, 1, tzinfo=UTC), datetime(2010, 12, 2, tzinfo=UTC)),
    )


@pytest.mark.parametrize(
    "query",
    ["?period=month", "?from=2026-13-01&to=2026-12-01", "?from=2026-12-02&to=2026-12-01", "?compare=other", "?tz=Mars/Base", "?from=x"],
)
def test_what_cannot_be_read_is_the_default(query):
    assert scope_url.read(query) == scope_url.read("")


def test_the_query_is_read_alike_as_text_and_as_dash_hands_it_over():
    assert scope_url.read({"period": "7d", "device": "!mobile"}) == scope_url.read("?period=7d&device=!mobile")


def test_links_carry_period_and_comparison_and_leave_filters_behind():
    query = "?period=7d&compare=year&country=DE&tab=2"
    assert scope_url.carry("/funnel", query) == "/app/funnel?period=7d&compare=year"
    assert scope_url.carry_all("/journeys", query, who="u1") == "/app/journeys?period=7d&compare=year&country=DE&who=u1"
    assert scope_url.carry("/", "") == "/app/"


def test_a_pages_own_state_is_left_out_where_it_is_the_default():
    assert scope_url.with_parameter("?period=7d&metric=orders", "metric", "net_revenue", "net_revenue") == "?period=7d"
    assert scope_url.with_parameter("?period=7d", "metric", "orders", "net_revenue") == "?period=7d&metric=orders"
    assert scope_url.with_parameter("?metric=orders", "metric", "net_revenue", "net_revenue") == ""


def test_comparison_can_be_off():
    assert [scope_url.compares(query) for query in ("", "?compare=none", "?compare=none&compare_from=2026-01-01")] == [True, False, True]


def test_filters_are_told_in_words(tenant):
    filters = Filters(OneOf(("organic_search",)), OneOf(("DE", "FR")), OneOf(("mobile",), negated=True))
    scope = Scope(tenant, NOW, NOW, filters=filters)
    assert scope_url.filter_names(scope) == ["Organic search", "Germany or France", "not Mobile"]


def test_a_chart_shows_the_last_day_of_the_comparison_whole(identity):
    scope = scope_url.scope("?period=7d", identity, NOW)
    assert scope_url.whole_days(scope.previous()).end == datetime(2026, 11, 12, 23, tzinfo=UTC)
    assert scope_url.day_range(scope.previous()) == "6 – 12 Nov 2026"
    assert scope_url.is_open(scope, NOW)


def test_days_of_a_query_are_both_included():
    assert scope_url.read("?from=2026-11-01&to=2026-11-01").days(date(2030, 1, 1)) == (date(2026, 11, 1), date(2026, 11, 1))
