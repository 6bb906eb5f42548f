"""How do people read this number or time? Unknown (None) is always an en dash, never 0."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

NONE = "–"
MINUS = "\u2212"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF ", "PLN": "zł "}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def symbol(currency: str) -> str:
    """What stands in front of an amount: € for EUR, the code itself where no sign is common."""
    return SYMBOLS.get(currency, f"{currency} ")


def whole(value) -> str:
    """1,284: all digits, for rows."""
    return NONE if value is None else _signed(f"{abs(value):,.0f}", value)


def compact(value) -> str:
    """1,284 · 48.2k · 1.24M: at most three significant digits from 10,000 on."""
    if value is None:
        return NONE
    size = abs(float(value))
    # The limits are where rounding reaches the next unit: 999,950 is 1.00M, not 1000.0k.
    for unit, limit, divisor in (("B", 999_500_000, 1e9), ("M", 999_950, 1e6), ("k", 9_999.5, 1e3)):
        if size >= limit:
            scaled = size / divisor
            return _signed(f"{scaled:.{_digits(unit, scaled)}f}{unit}", value)
    return _signed(f"{size:,.0f}", value)


def money(value, currency: str = "EUR", exact: bool = False) -> str:
    """€79.17 · €8.3k · €412.8k for tiles and axes; exact, to the cent, for rows and receipts."""
    if value is None:
        return NONE
    size = abs(value)
    return _signed(symbol(currency) + (f"{size:,.2f}" if exact or size < 1000 else _short(size)), value)


def percent(share, digits: int | None = None) -> str:
    """A share 0..1 as 3.12% (two digits below 10%, else one)."""
    if share is None:
        return NONE
    digits = (2 if abs(share) < 0.1 else 1) if digits is None else digits
    return _signed(f"{abs(share) * 100:.{digits}f}%", share)


def points(share) -> str:
    """A difference of shares, 0..1, as 0.21 points; never a percentage."""
    return NONE if share is None else _signed(f"{abs(share) * 100:.2f} points", share)


def duration(seconds) -> str:
    """45 s · 1 min 12 s · 3 h 5 min · 2 d 4 h: two units at most, zero units left out."""
    if seconds is None:
        return NONE
    left, parts = int(seconds), []
    for name, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        amount, left = divmod(left, size)
        if parts or amount or name == "s":
            parts.append((amount, name))
    return " ".join(f"{amount} {name}" for n, (amount, name) in enumerate(parts[:2]) if amount or n == 0)


def change(now, before, *, points: bool = False, digits: int = 1) -> tuple[str, str] | None:
    """("up", "8.4%"), ("down", "0.21 points") or ("level", ""); None when it cannot be known."""
    if now is None or before is None:
        return None
    if now == before:
        return "level", ""
    if before == 0 and not points:
        return None
    difference = float(now - before) if points else float(now) / float(before) - 1
    size = f"{abs(difference) * 100:.{2 if points else digits}f}"
    if float(size) == 0:
        return "level", ""
    return ("up" if difference > 0 else "down"), f"{size} points" if points else f"{float(size):,.{digits}f}%"


def day(when: date, today: date | None = None) -> str:
    """19 Nov, with the year where it is not this one."""
    text = f"{when.day} {MONTHS[when.month - 1]}"
    return text if today and today.year == when.year else f"{text} {when.year}"


def days(first: date, last: date) -> str:
    """23 Oct – 19 Nov 2026 · 13 – 19 Nov 2026 · 19 Nov 2026; both days included."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} – {day(last)}"
    return f"{day(first, last)} – {day(last)}"


def moment(when: datetime | None, tz: str, now: datetime | None = None) -> str:
    """14:32 today, yesterday 14:32, 19 Nov, 14:32, and the year where it is another; in the zone `tz`."""
    if when is None:
        return NONE
    local = when.astimezone(ZoneInfo(tz))
    today = (now or datetime.now(ZoneInfo(tz))).astimezone(ZoneInfo(tz)).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return f"yesterday {local:%H:%M}"
    return f"{day(local.date(), today)}, {local:%H:%M}"


def age(seconds: float) -> str:
    """40 seconds · 4 min · 3 h · 2 days: one unit, for how old something is."""
    for size, name in ((86400, "day"), (3600, "h"), (60, "min")):
        if seconds >= size:
            amount = int(seconds // size)
            return f"{amount} {name}{'s' if name == 'day' and amount != 1 else ''}"
    return f"{int(seconds)} seconds"


def counted(amount: int, one: str, many: str | None = None) -> str:
    """1 order · 1,284 orders."""
    return f"{whole(amount)} {one if amount == 1 else many or one + 's'}"


def words(value: str) -> str:
    """organic_search as Organic search; `Not known` for what is empty."""
    text = value.replace("_", " ").strip()
    return text[:1].upper() + text[1:] if text else "Not known"


def _short(size) -> str:
    return f"{float(size) / 1e3:.1f}k" if size < 999_950 else compact(size)


def _digits(unit: str, scaled: float) -> int:
    if unit == "k":
        return 1
    return 2 if scaled < 10 else 1 if scaled < 1000 else 0


def _signed(text: str, value) -> str:
    return MINUS + text if value < 0 else text
