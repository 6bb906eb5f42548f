"""Amounts as senders write them, as exact numbers of ten-thousandths."""

from decimal import Decimal, InvalidOperation

SCALE = 10_000  # the stores keep four decimals
LIMIT = 10**11  # an amount beyond a hundred thousand million is no price, and its sums would not fit

_TENTHS = Decimal("0.0001")


def amount(value) -> Decimal | None:
    """The amount that a number or a text such as `19.99`, `1,234.50` or `€ 5` names, with four decimals; None where it names none."""
    if value is None or isinstance(value, bool):
        return None
    try:
        # A float is read as its shortest text: 0.29 is 0.29, not 0.28999….
        number = Decimal(value if isinstance(value, int) else _digits(str(value)))
        if not number.is_finite() or abs(number) >= LIMIT:
            return None
        return number.quantize(_TENTHS)
    except InvalidOperation:
        return None


def units(value: Decimal | None) -> int:
    """Ten-thousandths of `value`; 0 for None."""
    return int(value * SCALE) if value is not None else 0


def _digits(text: str) -> str:
    text = text.strip().strip("€$£¥ ").replace(" ", "")
    if "," in text and "." in text:
        return text.replace(".", "").replace(",", ".") if text.rindex(",") > text.rindex(".") else text.replace(",", "")
    # One comma with one or two digits after it is a decimal comma; otherwise it groups thousands.
    whole, comma, rest = text.rpartition(",")
    return f"{whole}.{rest}" if comma and len(rest) in (1, 2) else text.replace(",", "")
