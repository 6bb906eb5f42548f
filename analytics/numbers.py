"""Ratios and changes, computed in one place so that nothing divided by zero is ever shown as a number."""

from decimal import Decimal

CENT = Decimal("0.01")


def ratio(part: float, whole: float) -> float | None:
    """`part` of `whole` as a share, 0..1; None where there is no whole."""
    return part / whole if whole else None


def money_ratio(amount: Decimal, count: int) -> Decimal | None:
    """The amount of one, unrounded; None where there is none."""
    return amount / count if count else None


def change(now: float | Decimal | None, before: float | Decimal | None) -> float | None:
    """How much more there is than before: 0.1 is a tenth more. None where either is unknown or there was nothing before."""
    if now is None or before is None or not before:
        return None
    return float((now - before) / abs(before))


def cents(amount: Decimal | None) -> Decimal | None:
    """The amount as it is answered and shown: two digits, half a cent goes to the even one."""
    return None if amount is None else amount.quantize(CENT)
