"""Numbers and times as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from dashboard import formats


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0, "0"),
        (1284, "1,284"),
        (9999.6, "10.0k"),
        (48_213, "48.2k"),
        (999_950, "1.00M"),
        (1_240_000, "1.24M"),
        (12_400_000, "12.4M"),
        (-2_000, "−2,000"),
    ],
)
def test_compact_keeps_three_digits_and_never_says_1000k(value, text):
    assert formats.compact(value) == text


@pytest.mark.parametrize(
    ("value", "exact", "text"),
    [
        (None, False, "–"),
        (Decimal("79.17"), False, "€79.17"),
        (Decimal("8321"), False, "€8.3k"),
        (Decimal("412800"), False, "€412.8k"),
        (Decimal("999999"), False, "€1.00M"),
        (Decimal("1290.5"), True, "€1,290.50"),
        (Decimal("-3900"), False, "−€3.9k"),
        (Decimal(0), False, "€0.00"),
    ],
)
def test_money_is_short_in_tiles_and_exact_in_receipts(value, exact, text):
    assert formats.money(value, "EUR", exact=exact) == text


def test_a_currency_without_a_sign_of_its_own_is_written_out():
    assert formats.money(Decimal(5), "SEK") == "SEK 5.00"


@pytest.mark.parametrize(("share", "text"), [(None, "–"), (0.0312, "3.12%"), (0.312, "31.2%"), (0.0, "0.00%"), (-0.05, "−5.00%")])
def test_small_shares_have_two_digits(share, text):
    assert formats.percent(share) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "–"), (0, "0 s"), (45, "45 s"), (72, "1 min 12 s"), (3605, "1 h"), (11_100, "3 h 5 min"), (187_200, "2 d 4 h")],
)
def test_durations_have_two_units_at_most(seconds, text):
    assert formats.duration(seconds) == text


@pytest.mark.parametrize(
    ("now", "before", "points", "moved"),
    [
        (412.8, 380.8, False, ("up", "8.4%")),
        (Decimal("79.17"), Decimal("80.30"), False, ("down", "1.4%")),
        (100, 100, False, ("level", "")),
        (5, 0, False, None),
        (0, 0, False, ("level", "")),
        (None, 5, False, None),
        (0.0312, 0.0291, True, ("up", "0.21 points")),
        (0.02, 0, True, ("up", "2.00 points")),
        (300_000, 100, False, ("up", "299,900.0%")),
    ],
)
def test_a_change_is_unknown_where_there_was_nothing_before(now, before, points, moved):
    assert formats.change(now, before, points=points) == moved


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 10, 23), date(2026, 11, 19), "23 Oct – 19 Nov 2026"),
        (date(2026, 11, 13), date(2026, 11, 19), "13 – 19 Nov 2026"),
        (date(2026, 11, 19), date(2026, 11, 19), "19 Nov 2026"),
        (date(2010, 12, 1), date(2011, 12, 9), "1 Dec 2010 – 9 Dec 2011"),
    ],
)
def test_a_range_of_days_says_nothing_twice(first, last, text):
    assert formats.days(first, last) == text


@pytest.mark.parametrize(
    ("when", "text"),
    [
        (None, "–"),
        (datetime(2026, 11, 19, 13, 32, tzinfo=UTC), "14:32"),
        (datetime(2026, 11, 18, 13, 32, tzinfo=UTC), "yesterday 14:32"),
        (datetime(2026, 11, 18, 23, 30, tzinfo=UTC), "00:30"),  # it is the 19th in Berlin already
        (datetime(2026, 3, 1, 9, 0, tzinfo=UTC), "1 Mar, 10:00"),
        (datetime(2025, 3, 1, 9, 0, tzinfo=UTC), "1 Mar 2025, 10:00"),
    ],
)
def test_a_moment_is_told_in_the_shops_zone(when, text):
    assert formats.moment(when, "Europe/Berlin", now=datetime(2026, 11, 19, 20, 0, tzinfo=UTC)) == text


@pytest.mark.parametrize(("seconds", "text"), [(40, "40 seconds"), (240, "4 min"), (10_800, "3 h"), (86_400, "1 day"), (200_000, "2 days")])
def test_age_has_one_unit(seconds, text):
    assert formats.age(seconds) == text


def test_words_are_made_of_what_a_machine_wrote():
    assert [formats.words(value) for value in ("organic_search", "email", "")] == ["Organic search", "Email", "Not known"]


def test_counted_knows_one():
    assert [formats.counted(1, "order"), formats.counted(1284, "order"), formats.counted(2, "person", "people")] == [
        "1 order",
        "1,284 orders",
        "2 people",
    ]
