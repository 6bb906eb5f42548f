"""What share goes on, now and before: counted by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from analytics import rates
from analytics.funnel import Definition, Step
from analytics.rates import StepRate
from analytics.scope import days
from tests.analytics.test_funnel import SHORT


def test_each_step_has_its_rate_of_now_and_of_before_and_each_day_its_own(tenant, session_of):
    scope = days(tenant, date(2025, 1, 11), date(2025, 1, 12))
    day = datetime(2025, 1, 11, 9, tzinfo=UTC)
    session_of("view_item", "add_to_cart", at=day)
    session_of("view_item", "add_to_cart", "purchase", at=day)
    session_of("view_item", at=day)
    session_of("view_item", "add_to_cart", "purchase", at=day - timedelta(days=1))
    session_of("view_item", at=day - timedelta(days=2))
    session_of("view_item", at=day - timedelta(days=3))  # before the period that it is compared with

    found = rates.run(scope, SHORT)

    assert found.steps == [
        StepRate("Viewed a product", "Added to cart", 2 / 3, 1 / 2, (2 / 3 - 1 / 2) / (1 / 2)),
        StepRate("Added to cart", "Paid", 1 / 2, 1.0, -0.5),
    ]
    assert found.history == [(date(2025, 1, 11), 1 / 3), (date(2025, 1, 12), None)]


def test_a_chosen_comparison_period_is_used_and_an_unknown_one_is_none(tenant, session_of):
    scope = days(tenant, date(2025, 1, 11), date(2025, 1, 11))
    session_of("view_item", "add_to_cart", at=datetime(2025, 1, 11, 9, tzinfo=UTC))
    session_of("view_item", "add_to_cart", at=datetime(2024, 1, 11, 9, tzinfo=UTC))
    last_year = (datetime(2024, 1, 11, tzinfo=UTC), datetime(2024, 1, 12, tzinfo=UTC))

    assert rates.run(scope, SHORT).steps[0] == StepRate("Viewed a product", "Added to cart", 1.0, None, None)
    assert rates.run(replace(scope, compare=last_year), SHORT).steps[0] == StepRate("Viewed a product", "Added to cart", 1.0, 1.0, 0.0)


def test_a_skipped_step_has_its_rate_from_the_one_before_that_is_not_optional(session_of, scope):
    session_of("view_item", "add_to_cart", "purchase")
    session_of("view_item", "purchase")
    steps = (Step("event", "view_item"), Step("event", "add_to_cart", optional=True), Step("event", "purchase"))

    found = rates.run(scope, Definition("Test", steps)).steps

    assert [(r.from_label, r.to_label, r.share) for r in found] == [
        ("Viewed a product", "Added to cart", 0.5),
        ("Viewed a product", "Paid", 1.0),
    ]
