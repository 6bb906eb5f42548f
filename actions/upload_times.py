"""A time as a file writes it, as milliseconds since 1970 UTC. Which form it is in is guessed from all values, with the evidence."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
FORMS = {
    "iso": "year-month-day",
    "dmy": "day/month/year",
    "mdy": "month/day/year",
    "epoch_s": "seconds since 1970",
    "epoch_ms": "milliseconds since 1970",
}

DAY_FIRST_OR_NOT = re.compile(
    r"\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})"
    r"(?:[ T,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,6}))?)?\s*([AaPp]\.?[Mm]\.?)?)?\s*",
    re.ASCII,
)
YEAR_FIRST = re.compile(
    r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AP]M)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?\s*",
    re.IGNORECASE | re.ASCII,
)
SECONDS = re.compile(r"\s*\d{9,10}(\.\d+)?\s*", re.ASCII)
MILLISECONDS = re.compile(r"\s*\d{12,13}\s*", re.ASCII)


@dataclass(frozen=True)
class Guess:
    """In which form a column's times are."""

    form: str  # one of FORMS
    share: float  # of the values that are a time in this form, 0..1
    has_zone: bool  # each value says its zone, so that none need be chosen
    is_sure: bool  # False where day and month could be exchanged
    evidence: str  # why, in words


def guess(values: Iterable[str]) -> Guess | None:
    """The form that most of `values` are in; None where fewer than 9 of 10 are times."""
    present = [value for value in values if value.strip()]
    if not present:
        return None
    for pattern, form in ((MILLISECONDS, "epoch_ms"), (SECONDS, "epoch_s")):
        if (share := _share(present, pattern)) >= 0.9:
            return Guess(form, share, True, True, FORMS[form])
    if (share := _share(present, YEAR_FIRST)) >= 0.9:
        zoned = all((found := YEAR_FIRST.fullmatch(value)) is None or found[9] for value in present)
        return Guess("iso", share, zoned, True, "The year comes first")
    if (share := _share(present, DAY_FIRST_OR_NOT)) >= 0.9:
        return _day_or_month_first(present, share)
    return None


def _share(values: list[str], pattern: re.Pattern) -> float:
    return sum(1 for value in values if pattern.fullmatch(value)) / len(values)


def _day_or_month_first(values: list[str], share: float) -> Guess:
    """A number above 12 cannot be a month: it decides. Where there is none, the usual order of the way it is written."""
    found = [match for value in values if (match := DAY_FIRST_OR_NOT.fullmatch(value))]
    first = next((m for m in found if int(m[1]) > 12), None)
    second = next((m for m in found if int(m[2]) > 12), None)
    if first and not second:
        return Guess("dmy", share, False, True, f"{first[0].strip()} has no 13th month")
    if second and not first:
        return Guess("mdy", share, False, True, f"{second[0].strip()} has no 13th month")
    if first and second:
        more_days = sum(int(m[1]) > 12 for m in found) >= sum(int(m[2]) > 12 for m in found)
        return Guess(
            "dmy" if more_days else "mdy", share, False, False, f"{first[0].strip()} and {second[0].strip()} contradict each other"
        )
    american = any(m[8] for m in found)
    return Guess("mdy" if american else "dmy", share, False, False, "No day above 12: day and month could be exchanged")


def reader(form: str, zone: str) -> Callable[[str], int | None]:
    """A function from the text of a time to ms since 1970 UTC, None where it is none. Naive times are in `zone`.

    A time that the clock shows twice (end of summer time) is the earlier one; one that it skips counts on from the hour before.
    """
    tz = ZoneInfo(zone)
    read = {"iso": _iso, "dmy": _dmy, "mdy": _mdy, "epoch_s": _epoch_s, "epoch_ms": _epoch_ms}[form]

    @lru_cache(maxsize=65_536)
    def milliseconds(text: str) -> int | None:
        try:
            moment = read(text, tz)  # fold=0: the earlier of two; in a gap the offset from before it
        except (ValueError, OverflowError):
            return None
        if moment is None or not EARLIEST <= moment < LATEST:
            return None
        return (moment - EARLIEST) // timedelta(milliseconds=1)

    return milliseconds


def _iso(text: str, tz: tzinfo) -> datetime | None:
    found = YEAR_FIRST.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, half, zone = found.groups()
    tz = _offset(zone) if zone else tz
    return datetime(int(year), int(month), int(day), _hour(hour, half), int(minute or 0), int(second or 0), _micros(fraction), tz)


def _dmy(text: str, tz: tzinfo) -> datetime | None:
    return _numbered(text, tz, day=1, month=2)


def _mdy(text: str, tz: tzinfo) -> datetime | None:
    return _numbered(text, tz, day=2, month=1)


def _numbered(text: str, tz: tzinfo, *, day: int, month: int) -> datetime | None:
    found = DAY_FIRST_OR_NOT.fullmatch(text)
    if not found:
        return None
    year = int(found[3])
    if len(found[3]) == 2:
        year += 2000 if year < 70 else 1900
    hour = _hour(found[4], found[8])
    return datetime(year, int(found[month]), int(found[day]), hour, int(found[5] or 0), int(found[6] or 0), _micros(found[7]), tz)


def _hour(text: str | None, half: str | None) -> int:
    hour = int(text or 0)
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("an hour with am or pm is from 1 to 12")
    return hour % 12 + (12 if half[0] in "pP" else 0)


def _micros(fraction: str | None) -> int:
    return int((fraction or "0").ljust(6, "0")[:6])


def _offset(text: str) -> tzinfo:
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    ahead = timedelta(hours=int(text[1:3]), minutes=int(text[3:].lstrip(":") or 0))
    return timezone(-ahead if text[0] == "-" else ahead)


def _epoch_s(text: str, _tz: tzinfo) -> datetime | None:
    return EARLIEST + timedelta(milliseconds=round(float(text) * 1000)) if SECONDS.fullmatch(text) else None


def _epoch_ms(text: str, _tz: tzinfo) -> datetime | None:
    return EARLIEST + timedelta(milliseconds=int(text)) if MILLISECONDS.fullmatch(text) else None
