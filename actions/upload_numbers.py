"""A number as a file writes it: currency signs, thousands, a comma for the point, and minus in three spellings."""

import re
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from actions.enrichment import money

PLACES = Decimal("0.0001")
MOST = money.LIMIT  # beyond it no price, and its sums would not fit
CURRENCY = re.compile(r"^(?:[A-Z]{3}|[$€£¥]|kr|zł)\s*|\s*(?:[A-Z]{3}|[$€£¥]|kr|zł)$")
POINT = re.compile(r"[+-]?(?:\d{1,3}(?:[,' ]\d{3})+|\d+)?(?:\.\d*)?")
COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:[.' ]\d{3})+|\d+)?(?:,\d*)?")
ONLY_COMMA = re.compile(r"[+-]?\d+,(\d{1,2}|\d{4,})|[+-]?\d{1,3}(\.\d{3})+,\d+")  # 12,5 or 1.234,50: no thousands
ONLY_POINT = re.compile(r"[+-]?\d+\.(\d{1,2}|\d{4,})|[+-]?\d{1,3}(,\d{3})+\.\d+|\.\d+")


def decimal_mark(values: Iterable[str]) -> str:
    """`,` where more values can only be read with a comma than with a point, else `.`."""
    plain = [_plain(value) for value in values]
    commas = sum(1 for value in plain if ONLY_COMMA.fullmatch(value))
    return "," if commas > sum(1 for value in plain if ONLY_POINT.fullmatch(value)) else "."


def share(values: Iterable[str], mark: str) -> float:
    """How many of the values that are not empty are numbers, 0..1."""
    present = [value for value in values if value.strip()]
    read = reader(mark)
    return sum(1 for value in present if read(value) is not None) / len(present) if present else 0.0


def reader(mark: str) -> Callable[[str], Decimal | None]:
    """A function from text to a Decimal of four places at most, None where it is no number or too large to keep."""
    pattern, thousands = (COMMA, ".' ") if mark == "," else (POINT, ",' ")

    @lru_cache(maxsize=65_536)
    def number(text: str) -> Decimal | None:
        plain = _plain(text)
        if not any(c.isdigit() for c in plain) or not pattern.fullmatch(plain):
            return None
        digits = plain.translate({ord(c): None for c in thousands}).replace(",", ".")
        value = Decimal(digits)
        if value.copy_abs() >= MOST:
            return None
        return value if value.as_tuple().exponent >= -4 else value.quantize(PLACES, ROUND_HALF_EVEN)

    return number


def _plain(text: str) -> str:
    plain = text.strip().replace("\u2212", "-").replace("\u00a0", " ").replace("\u202f", " ")
    negative = plain.startswith("(") and plain.endswith(")")
    plain = plain.strip("()") if negative else plain
    sign = "-" if negative or plain.startswith("-") else ""
    plain = plain[1:].strip() if plain.startswith(("+", "-")) else plain
    plain = CURRENCY.sub("", CURRENCY.sub("", plain))
    if plain.startswith("-") and not sign:  # €-5.00
        sign, plain = "-", plain[1:]
    if plain.endswith("-"):  # 5.00-, as ledgers write it
        sign, plain = "-", plain[:-1]
    return sign + plain.strip()
