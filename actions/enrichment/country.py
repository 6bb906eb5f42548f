"""In which country a browser stands, from its time zone where nobody says more."""

import zoneinfo
from functools import cache
from importlib import resources
from pathlib import Path


def of(given: str, of_request: str, time_zone: str) -> str:
    """ISO 3166 alpha-2 in capitals, or the sender's own text; "" unknown. What was given counts, then the proxy's header, then the zone."""
    return _code(given) or _code(of_request) or by_zone().get(time_zone, "")


def _code(text: str) -> str:
    text = text.strip()
    if len(text) != 2:
        return text[:100]
    return "" if text.upper() in ("XX", "T1", "ZZ") else text.upper()


@cache
def by_zone() -> dict[str, str]:
    """The country of each time zone, from the zone table of the system or of the tzdata package."""
    lines = (line.split("\t") for line in _table().splitlines() if line and not line.startswith("#"))
    return {fields[2]: fields[0] for fields in lines}


def _table() -> str:
    for folder in zoneinfo.TZPATH:
        path = Path(folder) / "zone.tab"
        if path.exists():
            return path.read_text(encoding="utf-8")
    return resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
