"""Which data does an address ask for? The query of a page's URL, read into a Scope and back into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo, available_timezones

from actions import accounts, tenants
from analytics import countries
from analytics.scope import Filters, OneOf, Scope, midnight
from dashboard import auth, formats, periods
from dashboard.page import FILTERS

DEFAULT_PERIOD = "28d"
DEFAULT_COMPARE = "previous"
# What a link to another page keeps; filters stay behind, since not every page can apply them.
CARRIED = ("period", "from", "to", "compare", "compare_from")


@dataclass(frozen=True)
class Asked:
    """What the query says, unreadable parts left at their defaults. `first` and `last` are days, both included."""

    period: str  # a key of periods.NAMES, or "days" with first and last
    first: date | None = None
    last: date | None = None
    compare: str = DEFAULT_COMPARE  # a key of periods.COMPARISONS, or "from" with compare_from
    compare_from: date | None = None
    filters: Mapping[str, OneOf] = field(default_factory=dict)
    tz: str | None = None
    bots: bool = False

    def days(self, today: date) -> tuple[date, date]:
        """The period's first and last day, both included."""
        return (self.first, self.last) if self.period == "days" else periods.days(self.period, today)


def read(search: str | Mapping[str, str] | None) -> Asked:
    """The query `?period=7d&device=!mobile`, or its parameters as Dash hands them to layout(**query)."""
    query = dict(search) if isinstance(search, Mapping) else dict(parse_qsl((search or "").lstrip("?")))
    first, last, compare_from = (_day(query.get(name)) for name in ("from", "to", "compare_from"))
    asked = Asked(
        period=query.get("period") if query.get("period") in periods.NAMES else DEFAULT_PERIOD,
        compare=query.get("compare") if query.get("compare") in periods.COMPARISONS else DEFAULT_COMPARE,
        filters={name: chosen for name in FILTERS if (chosen := OneOf.parse(query.get(name, "")))},
        tz=query.get("tz") if query.get("tz") in available_timezones() else None,
        bots=query.get("bots") == "1",
    )
    if first and last and first <= last:
        asked = replace(asked, period="days", first=first, last=last)
    return replace(asked, compare="from", compare_from=compare_from) if compare_from else asked


def scope(search: str | Mapping[str, str] | None, identity: accounts.Identity | None = None, now: datetime | None = None) -> Scope:
    """The Scope of the query in the caller's shop; its zone and currency are the shop's unless the query names a zone."""
    asked = read(search)
    shop = tenants.load((identity or auth.identity()).tenant)
    tz, now = asked.tz or shop.timezone, now or datetime.now(UTC)
    first, last = asked.days(now.astimezone(ZoneInfo(tz)).date())
    before = periods.earlier(first, last, asked.compare, asked.compare_from)
    return Scope(
        shop.id,
        midnight(first, tz),
        midnight(last + timedelta(days=1), tz),
        tz,
        Filters(**asked.filters),
        shop.currency,
        asked.bots,
        compare=periods.comparison(first, last, before, tz, now),
    )


def compares(search: str | Mapping[str, str] | None) -> bool:
    """Whether the page should compare at all."""
    return read(search).compare != "none"


def whole_days(earlier: Scope) -> Scope:
    """A comparison period up to the end of its last day: a chart shows it whole, where tiles compare equal hours."""
    last = (earlier.end - timedelta(microseconds=1)).astimezone(ZoneInfo(earlier.tz)).date()
    return replace(earlier, end=midnight(last + timedelta(days=1), earlier.tz))


def is_open(scope: Scope, now: datetime | None = None) -> bool:
    """Whether the period is not over yet."""
    return scope.end > (now or datetime.now(UTC))


def has_begun(moment: datetime) -> bool:
    """Whether the moment is not in the future."""
    return moment <= datetime.now(UTC)


def wall_clock(moment: datetime, tz: str) -> str:
    """2026-11-19T14:00:00: the time on a clock in `tz`, as charts take it."""
    return moment.astimezone(ZoneInfo(tz)).replace(tzinfo=None).isoformat()


def day_range(scope: Scope) -> str:
    """23 Oct – 19 Nov 2026, in the scope's zone."""
    zone = ZoneInfo(scope.tz)
    return formats.days(scope.start.astimezone(zone).date(), (scope.end - timedelta(microseconds=1)).astimezone(zone).date())


def filter_names(scope: Scope) -> list[str]:
    """What the filters leave, in words: ["Germany or France", "not Mobile"]."""
    chosen = [(name, getattr(scope.filters, name)) for name in FILTERS]
    return [("not " if one.negated else "") + " or ".join(label(name, value) for value in one.values) for name, one in chosen if one]


def label(name: str, value: str) -> str:
    """How a filter's value is called: Germany for DE, Organic search for organic_search."""
    return countries.name(value) if name == "country" else formats.words(value)


def carry(path: str, search: str | None, keep: tuple[str, ...] = CARRIED, **more: str) -> str:
    """`/app` + path, with the parameters of `search` that go along, and `more`."""
    kept = {name: value for name, value in parse_qsl((search or "").lstrip("?")) if name in keep} | more
    return f"/app{path}" + (f"?{urlencode(kept, safe=',!')}" if kept else "")


def carry_all(path: str, search: str | None, **more: str) -> str:
    """Like carry, with the filters too: for a link that means the very same data."""
    return carry(path, search, (*CARRIED, *FILTERS, "tz", "bots"), **more)


def with_parameter(search: str | None, name: str, value: str, default: str) -> str:
    """The query with `name` set, or without it where the value is the default; for a page's own state in the URL."""
    kept = {key: kept for key, kept in parse_qsl((search or "").lstrip("?")) if key != name}
    if value != default:
        kept[name] = value
    return f"?{urlencode(kept, safe=',!')}" if kept else ""


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
