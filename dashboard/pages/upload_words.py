"""How uploads are spoken of: sizes, periods, rows."""

from datetime import datetime
from zoneinfo import ZoneInfo

from actions import upload_sniffing
from actions.uploads import Upload
from dashboard import formats

UNITS = ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB"))


def size(count: int) -> str:
    """45.0 MB; 812 bytes."""
    unit, name = next(((unit, name) for unit, name in UNITS if count >= unit), (1, "bytes"))
    return f"{count / unit:.1f} {name}" if unit > 1 else f"{count} {name}"


def rows(upload: Upload) -> str:
    """541,909 rows, and nothing where nobody counted yet."""
    known = upload.look.get("rows")
    return formats.counted(known, "row") if known is not None else ""


def facts(upload: Upload, period: str = "") -> str:
    """541,909 rows · 45.0 MB · UTF-8 · comma · 1 Dec 2010 – 9 Dec 2011."""
    look = upload.look
    encoding = upload_sniffing.ENCODING_NAMES.get(look["encoding"], look["encoding"])
    delimiter = upload_sniffing.DELIMITER_NAMES.get(look["delimiter"], "own separator")
    return " · ".join(
        part for part in (rows(upload), size(upload.size), encoding, delimiter, "gzip" if look["packed"] else "", period) if part
    )


def period(first: datetime | None, last: datetime | None, tz: str) -> str:
    """1 Dec 2010 – 9 Dec 2011, in days of `tz`; nothing where there are no times."""
    if first is None or last is None:
        return ""
    zone = ZoneInfo(tz)
    return formats.days(first.astimezone(zone).date(), last.astimezone(zone).date())


def months(first: datetime, last: datetime, tz: str) -> str:
    """Dec 2010 – Dec 2011, or Dec 2010."""
    names = [f"{formats.MONTHS[at.month - 1]} {at.year}" for at in (moment.astimezone(ZoneInfo(tz)) for moment in (first, last))]
    return names[0] if names[0] == names[1] else " – ".join(names)


def shop_name(filename: str) -> str:
    """Online retail for online_retail.csv.gz."""
    stem = filename
    for ending in (".gz", ".csv", ".tsv", ".txt"):
        stem = stem[: -len(ending)] if stem.lower().endswith(ending) else stem
    words = " ".join(stem.replace("_", " ").replace("-", " ").split())
    return (words[:1].upper() + words[1:])[:80] or "New shop"
