"""What do those who left cost? Their own cart, else an average order, times the share of their peers that gets to the end."""

from dataclasses import dataclass
from decimal import Decimal

from analytics import numbers


@dataclass(frozen=True)
class Left:
    """Who left at one step: `carts` is the value of the carts that `count - cartless` of them left behind."""

    count: int
    cartless: int
    carts: Decimal


def lost(left: Left, reached: int, converted: int, average_order: Decimal | None) -> Decimal | None:
    """The revenue that those who left at a step would have brought, had they gone on as their peers do; rounded to cents.

    `reached` is all who reached the step, `converted` who reached the last one. None where nobody did, or where somebody
    left without a cart and no order is known whose value could stand for it.
    """
    if not left.count:
        return Decimal("0.00")
    if not converted or (left.cartless and average_order is None):
        return None
    value = left.carts + left.cartless * (average_order or Decimal(0))
    return numbers.cents(value * converted / reached)
