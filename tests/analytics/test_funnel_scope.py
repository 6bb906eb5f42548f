"""Which sessions a funnel is about: period, time zone, filters, bots, groups, and how the share moves."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from analytics import funnel
from analytics.scope import Filters, OneOf, days
from errors import Invalid
from tests.analytics.test_funnel import counts, events

SHORT = events("view_item", "purchase")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), [5, 3]),
        (Filters(device=OneOf(("mobile",))), [3, 1]),
        (Filters(device=OneOf(("mobile", "tablet"))), [4, 2]),
        (Filters(device=OneOf(("mobile",), negated=True)), [2, 2]),
        (Filters(country=OneOf(("FR",))), [2, 1]),
        (Filters(country=OneOf(("FR",), negated=True), device=OneOf(("mobile",))), [1, 0]),
        (Filters(channel=OneOf(("email",))), [1, 1]),
        (Filters(channel=OneOf(("email", "direct"), negated=True)), [0, 0]),
    ],
)
@pytest.mark.parametrize("unit", ["session", "visitor"])
def test_filters_narrow_the_sessions_also_by_what_they_are_not(session_of, scope, filters, expected, unit):
    session_of("view_item", "purchase", device="desktop", country="DE", channel="email")
    session_of("view_item", "purchase", device="mobile", country="FR")
    session_of("view_item", device="mobile", country="FR")
    session_of("view_item", device="mobile", country="DE")
    session_of("view_item", "purchase", device="tablet", country="DE")

    assert counts(replace(scope, filters=filters), replace(SHORT, unit=unit)) == expected


@pytest.mark.parametrize("unit", ["session", "visitor", "person"])
def test_bots_count_only_where_asked_for(session_of, scope, unit):
    session_of("view_item", "purchase", bot=True)
    session_of("view_item")

    assert counts(scope, replace(SHORT, unit=unit)) == [1, 0]
    assert counts(replace(scope, bots=True), replace(SHORT, unit=unit)) == [2, 1]


@pytest.mark.parametrize("unit", ["session", "visitor"])
def test_a_session_belongs_to_the_day_of_the_shop_on_which_it_starts(tenant, session_of, unit):
    session_of("view_item", "purchase", at=datetime(2025, 3, 29, 22, 59, 59, tzinfo=UTC))  # 23:59:59 in Berlin, the day before
    session_of("view_item", "purchase", at=datetime(2025, 3, 29, 23, 0, tzinfo=UTC))  # midnight
    session_of("view_item", "purchase", at=datetime(2025, 3, 30, 21, 59, 59, tzinfo=UTC))  # still the 23 hours of 30 March
    session_of("view_item", "purchase", at=datetime(2025, 3, 30, 22, 0, tzinfo=UTC))

    one_day = days(tenant, date(2025, 3, 30), date(2025, 3, 30), tz="Europe/Berlin")
    assert counts(one_day, replace(SHORT, unit=unit)) == [2, 2]
    assert counts(days(tenant, date(2025, 3, 30), date(2025, 3, 30)), replace(SHORT, unit=unit)) == [2, 2]
    assert counts(one_day.previous(), replace(SHORT, unit=unit)) == [1, 1]


def test_another_shops_sessions_are_never_counted(session_of, scope, other_tenant):
    session_of("view_item", "purchase")

    assert counts(replace(scope, tenant=other_tenant), SHORT) == [0, 0]


def test_a_breakdown_gives_each_value_its_own_steps_largest_first(session_of, scope):
    session_of("view_item", "purchase", device="mobile")
    session_of("view_item", device="mobile")
    session_of("view_item", "purchase", device="desktop")
    session_of("view_item", device="")
    session_of("search", device="tablet")

    found = funnel.run(scope, SHORT, breakdown="device")

    assert [s.count for s in found.steps] == [4, 2]
    assert [(g.value, [(s.count, s.share, s.median_ms) for s in g.steps]) for g in found.groups] == [
        ("mobile", [(2, 1.0, 10_000), (1, 0.5, None)]),
        ("", [(1, 1.0, None), (0, 0.0, None)]),
        ("desktop", [(1, 1.0, 10_000), (1, 1.0, None)]),
    ]


def test_a_visitor_is_in_the_group_of_the_session_in_which_they_began(session_of, scope):
    from datetime import timedelta

    session_of("search", visitor="v1", device="tablet", at=scope.start)
    session_of("view_item", visitor="v1", device="mobile", at=scope.start + timedelta(hours=1))
    session_of("view_item", "purchase", visitor="v1", device="desktop", at=scope.start + timedelta(hours=2))

    found = funnel.run(scope, replace(SHORT, unit="visitor"), breakdown="device")

    assert [(g.value, [s.count for s in g.steps]) for g in found.groups] == [("mobile", [1, 1])]


@pytest.mark.parametrize("column", ["browser", "os", "region", "source", "medium", "campaign", "channel", "country"])
def test_every_breakdown_tells_its_values_apart(session_of, scope, column):
    session_of("view_item", "purchase", **{column: "one"})
    session_of("view_item", **{column: "two"})

    found = funnel.run(scope, SHORT, breakdown=column)

    assert {g.value: [s.count for s in g.steps] for g in found.groups} == {"one": [1, 1], "two": [1, 0]}


def test_an_unknown_breakdown_is_refused(scope):
    with pytest.raises(Invalid, match="breakdown"):
        funnel.run(scope, SHORT, breakdown="shoe_size")


def test_the_share_over_time_has_every_day_of_the_shop(tenant, session_of):
    session_of("view_item", "purchase", at=datetime(2025, 10, 24, 22, 30, tzinfo=UTC))  # 00:30 on the 25th in Berlin
    session_of("view_item", at=datetime(2025, 10, 25, 21, 59, tzinfo=UTC))  # 23:59 on the 25th
    session_of("view_item", "purchase", at=datetime(2025, 10, 26, 22, 59, tzinfo=UTC))  # 23:59 on the 26th, which has 25 hours
    scope = days(tenant, date(2025, 10, 25), date(2025, 10, 27), tz="Europe/Berlin")

    found = funnel.over_time(scope, SHORT, "day")

    assert [(r.start, r.complete, r.group, r.entered, r.converted, r.share) for r in found] == [
        (datetime(2025, 10, 24, 22, tzinfo=UTC), True, None, 2, 1, 0.5),
        (datetime(2025, 10, 25, 22, tzinfo=UTC), True, None, 1, 1, 1.0),
        (datetime(2025, 10, 26, 23, tzinfo=UTC), True, None, 0, 0, None),
    ]


def test_the_share_over_time_by_group_and_hour_across_the_doubled_hour(tenant, session_of):
    session_of("view_item", "purchase", at=datetime(2025, 10, 26, 0, 30, tzinfo=UTC), device="mobile")  # 02:30 summer time
    session_of("view_item", at=datetime(2025, 10, 26, 1, 30, tzinfo=UTC), device="mobile")  # 02:30 winter time
    session_of("view_item", at=datetime(2025, 10, 26, 1, 40, tzinfo=UTC), device="desktop")
    scope = replace(
        days(tenant, date(2025, 10, 26), date(2025, 10, 26), tz="Europe/Berlin"),
        start=datetime(2025, 10, 26, 0, tzinfo=UTC),
        end=datetime(2025, 10, 26, 2, tzinfo=UTC),
    )

    found = funnel.over_time(scope, SHORT, "hour", breakdown="device")

    assert [(r.group, r.start.hour, r.entered, r.converted) for r in found] == [
        ("mobile", 0, 1, 1),
        ("mobile", 1, 1, 0),
        ("desktop", 0, 0, 0),
        ("desktop", 1, 1, 0),
    ]


def test_a_visitor_belongs_to_the_day_on_which_their_way_begins(session_of, scope):
    from datetime import timedelta

    noon = scope.start + timedelta(hours=12)
    session_of("view_item", visitor="v1", at=noon)
    session_of("purchase", visitor="v1", at=noon + timedelta(days=2))

    first_days = replace(scope, end=scope.start + timedelta(days=3))
    found = funnel.over_time(first_days, replace(SHORT, unit="visitor"), "day")

    assert [(r.entered, r.converted) for r in found] == [(1, 1), (0, 0), (0, 0)]
