"""What each number means: the one definition that every page, answer and export uses. docs/metrics.md says the same in tables."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Metric:
    """A number that is shown by name. `good` is the direction that is good news, None where nobody can say."""

    key: str
    name: str
    unit: Literal["money", "count", "share", "duration"]
    definition: str
    good: Literal["up", "down"] | None


_ALL = (
    Metric("net_revenue", "Net revenue", "money", "Gross revenue less discounts and refunds, without tax and shipping.", "up"),
    Metric("gross_revenue", "Gross revenue", "money", "Quantity times price of all lines sold, without orders that fraud holds.", "up"),
    Metric("discounts", "Discounts", "money", "What was taken off the price of the lines in gross revenue.", None),
    Metric("refunds", "Refunds", "money", "Returned lines, refunds and cancelled orders, each on its own day.", "down"),
    Metric("orders", "Orders", "count", "Orders placed in the period, without those that fraud holds.", "up"),
    Metric("conversion", "Conversion", "share", "Sessions with a purchase, of all sessions.", "up"),
    Metric("average_order", "Average order", "money", "Gross revenue less discounts, per order.", "up"),
    Metric("visitors", "Visitors", "count", "Different browsers with a session in the period.", None),
    Metric("users", "Users", "count", "Different persons with a session in the period: browsers of one signed-in shopper are one.", None),
    Metric("sessions", "Sessions", "count", "Visits that start in the period.", None),
    Metric("bounce_rate", "Bounce rate", "share", "Sessions of one page view and nothing else, of all sessions.", "down"),
)

METRICS: dict[str, Metric] = {metric.key: metric for metric in _ALL}
