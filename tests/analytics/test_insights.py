"""Sentences that say what was counted."""

from decimal import Decimal

from analytics import insights
from analytics.funnel import Reached


def reached(count: int, left: int, lost: Decimal | None) -> Reached:
    return Reached("Viewed a product", count, 1.0, 1.0, left, left / count, None, lost)


def test_a_drop_off_is_said_with_its_size_its_most_frequent_sign_and_its_cost():
    said = insights.drop_off(reached(3000, 1210, Decimal("4211.005")), "Paid", "visitor", ("Went to search", 750, 750 / 1210), "EUR")

    assert said == (
        "1,210 of 3,000 visitors (40.3%) left after Viewed a product and did not reach Paid. "
        "The most frequent last sign, with 750 of them (62.0%): went to search. "
        "At their peers' rate they would have brought EUR 4,211.00."
    )


def test_what_is_not_known_is_not_said():
    assert insights.drop_off(reached(1, 1, None), "Paid", "person", None, "EUR") == (
        "1 of 1 person (100.0%) left after Viewed a product and did not reach Paid."
    )
    assert insights.drop_off(reached(5, 0, None), "Paid", "session", None, "EUR") == "Nobody left between Viewed a product and Paid."
    assert insights.share(None) == "–"
