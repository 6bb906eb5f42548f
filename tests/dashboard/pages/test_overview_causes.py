"""The causes of a change, in words and money."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from analytics import values
from analytics.overview import Cause, Overview
from analytics.scope import days
from dashboard.pages import overview_causes
from tests.dashboard.conftest import texts

SCOPE = days("shop", date(2025, 1, 8), date(2025, 1, 14))
NOTHING = values.of(None, None)


def overview(*causes, now="0", before="0"):
    made = [Cause(kind, "", dimension, value, Decimal(amount)) for kind, dimension, value, amount in causes]
    return Overview(replace(NOTHING, net_revenue=Decimal(now)), replace(NOTHING, net_revenue=Decimal(before)), made)


def explained(found, scope=SCOPE):
    body, sub = overview_causes.explain(found, scope)
    return texts(body), sub


def test_causes_stand_by_size_with_segments_below_and_a_rest_that_is_said():
    found = overview(
        ("visits", None, None, "-20"),
        ("conversion", None, None, "75"),
        ("average_order", None, None, "0"),
        ("refunds", None, None, "-5"),
        ("unexplained", None, None, "3"),
        ("segment", "country", "DE", "60"),
        now="153",
        before="100",
    )
    assert explained(found) == (
        "More orders per visit +€75.00 Fewer visits −€20.00 More refunds −€5.00 Not explained : +€3.00 Where it shows most Germany +€60.00",
        "€53.00 more than 1 – 7 Jan 2025",
    )


def test_what_rounding_leaves_is_no_cause():
    assert explained(overview(("visits", None, None, "10"), ("unexplained", None, None, "-0.01"), now="10"))[0] == "More visits +€10.00"


def test_a_period_that_runs_is_compared_up_to_the_same_hour():
    today = datetime.now(UTC).date()
    running = days("shop", today - timedelta(days=6), today)
    assert explained(overview(before="5"), running)[1].endswith(", up to the same hour")


def test_without_an_earlier_period_nothing_is_claimed():
    body, sub = explained(Overview(NOTHING, None, []))
    assert (body, sub) == ("Too few to say There is nothing from 1 – 7 Jan 2025 to compare with.", "")
