"""The value that every question takes: its periods, its filters, and the conditions it becomes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from analytics import scope
from analytics.scope import Filters, OneOf, Scope

BERLIN = "Europe/Berlin"


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_whole_days_begin_and_end_at_the_shops_midnight():
    found = scope.days("t", date(2026, 3, 28), date(2026, 3, 29), tz=BERLIN)
    assert (found.start, found.end) == (at(2026, 3, 27, 23), at(2026, 3, 29, 22))  # the 29th has 23 hours


def test_whole_days_are_compared_with_as_many_whole_days_before_across_a_change_of_the_clock():
    found = scope.days("t", date(2026, 3, 29), date(2026, 4, 4), tz=BERLIN).previous()
    assert (found.start, found.end) == (at(2026, 3, 21, 23), at(2026, 3, 28, 23))


def test_a_piece_of_a_day_is_compared_with_the_same_time_before():
    found = Scope("t", at(2026, 1, 5, 10), at(2026, 1, 5, 14), BERLIN).previous()
    assert (found.start, found.end) == (at(2026, 1, 5, 6), at(2026, 1, 5, 10))


def test_a_chosen_comparison_takes_the_place_of_the_period_before_and_ends_there():
    chosen = at(2025, 1, 1), at(2025, 1, 8)
    found = Scope("t", at(2026, 1, 1), at(2026, 1, 8), compare=chosen).previous()
    assert (found.start, found.end, found.compare) == (*chosen, None)


def test_the_comparison_keeps_shop_zone_and_filters():
    found = Scope("t", at(2026, 1, 1), at(2026, 1, 2), BERLIN, Filters(device=OneOf(("mobile",))), "USD", True).previous()
    assert (found.tenant, found.tz, found.filters.device.values, found.currency, found.bots) == ("t", BERLIN, ("mobile",), "USD", True)


@pytest.mark.parametrize(
    ("text", "values", "negated"),
    [("", (), False), ("!", (), False), ("mobile", ("mobile",), False), ("!a,b", ("a", "b"), True), ("a,,b,", ("a", "b"), False)],
)
def test_a_filter_is_read_from_and_written_as_a_list_with_an_exclamation_mark_for_not(text, values, negated):
    found = OneOf.parse(text)
    assert (found.values, found.negated, bool(found)) == (values, negated, bool(values))
    assert OneOf.parse(str(found)) == found


def test_only_chosen_filters_are_bound_and_asked():
    narrowed = Scope(
        "t", at(2026, 1, 1), at(2026, 1, 2), filters=Filters(channel=OneOf(("email",), True), device=OneOf(("mobile", "tablet")))
    )
    assert {name: value for name, value in narrowed.params.items() if name.startswith("only_")} == {
        "only_channel": ["email"],
        "only_device": ["mobile", "tablet"],
    }
    for condition in (narrowed.sessions, narrowed.events, narrowed.orders):
        assert condition.text.endswith(" AND channel NOT IN {only_channel:Array(String)} AND device_type IN {only_device:Array(String)}")


def test_a_scope_without_a_zone_in_its_times_is_a_mistake():
    naive = at(2026, 1, 1).replace(tzinfo=None)
    with pytest.raises(AssertionError):
        Scope("t", naive, naive + timedelta(days=1))
