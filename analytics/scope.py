"""Which data a question is about: one shop, one half-open period, its filters, and how to show it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from stores.clickhouse import Sql

FILTER_COLUMNS = {"channel": "channel", "country": "country", "device": "device_type"}


@dataclass(frozen=True)
class OneOf:
    """A multi-select filter: the value is one of `values`, or none of them with `negated`. No values means no filter."""

    values: tuple[str, ...] = ()
    negated: bool = False

    @classmethod
    def parse(cls, text: str) -> "OneOf":
        """`mobile,tablet` is one of the two; `!mobile` is anything else; `` is everything."""
        negated = text.startswith("!")
        values = tuple(value for value in text.lstrip("!").split(",") if value)
        return cls(values, negated and bool(values))

    def __str__(self) -> str:
        return ("!" if self.negated else "") + ",".join(self.values)

    def __bool__(self) -> bool:
        return bool(self.values)


@dataclass(frozen=True)
class Filters:
    """What the rows are narrowed to."""

    channel: OneOf = field(default_factory=OneOf)
    country: OneOf = field(default_factory=OneOf)
    device: OneOf = field(default_factory=OneOf)

    def __bool__(self) -> bool:
        return any((self.channel, self.country, self.device))


@dataclass(frozen=True)
class Scope:
    """One value for every question. `start` and `end` are aware UTC instants, `end` excluded."""

    tenant: str
    start: datetime
    end: datetime
    tz: str = "UTC"  # of days and hours: the shop's unless another was asked
    filters: Filters = field(default_factory=Filters)
    currency: str = "EUR"  # the shop's, in which all money is counted
    bots: bool = False  # count what bots did, too
    compare: tuple[datetime, datetime] | None = None  # the comparison period where it is not the one just before

    def __post_init__(self):
        assert self.start.tzinfo and self.end.tzinfo, "a Scope holds aware times"

    def previous(self) -> "Scope":
        """The comparison period: `compare` where it was chosen, else as long a time just before; whole days where this is whole days."""
        start, end = self.compare or self._just_before()
        return replace(self, start=start, end=end, compare=None)

    def _just_before(self) -> tuple[datetime, datetime]:
        zone = ZoneInfo(self.tz)
        local_start, local_end = self.start.astimezone(zone), self.end.astimezone(zone)
        if not (_is_midnight(local_start) and _is_midnight(local_end)):
            return self.start - (self.end - self.start), self.start
        # Whole days are compared with whole days: a change to summer time must not shift the earlier period by an hour.
        days = (local_end.date() - local_start.date()).days
        return midnight(local_start.date() - timedelta(days=days), self.tz), self.start

    @property
    def params(self) -> dict:
        """What `sessions` and `events` bind."""
        bound = {"tenant": self.tenant, "start": self.start, "end": self.end, "tz": self.tz, "bots": int(self.bots)}
        for name in FILTER_COLUMNS:
            if chosen := getattr(self.filters, name):
                bound[f"only_{name}"] = list(chosen.values)
        return bound

    @property
    def sessions(self) -> Sql:
        """The condition on `sessions` and `funnel_sessions`: those that start in the period. `day` is UTC and only prunes."""
        return Sql(
            "customer_id = {tenant:String} AND day >= toDate({start:DateTime64(3, 'UTC')}) AND day <= toDate({end:DateTime64(3, 'UTC')})"
            " AND started_at >= {start:DateTime64(3, 'UTC')} AND started_at < {end:DateTime64(3, 'UTC')}"
            " AND (is_bot = 0 OR {bots:UInt8} = 1)" + self._filtered()
        )

    @property
    def events(self) -> Sql:
        """The condition on `events_raw`."""
        return Sql(
            "customer_id = {tenant:String} AND timestamp >= {start:DateTime64(3, 'UTC')} AND timestamp < {end:DateTime64(3, 'UTC')}"
            " AND (is_bot = 0 OR {bots:UInt8} = 1)" + self._filtered()
        )

    @property
    def orders(self) -> Sql:
        """The condition on `order_lines`; `day` is in the shop's zone and only prunes, by a day more on both sides."""
        return Sql(
            "customer_id = {tenant:String}"
            " AND day >= toDate({start:DateTime64(3, 'UTC')}) - 1 AND day <= toDate({end:DateTime64(3, 'UTC')}) + 1"
            " AND ordered_at >= {start:DateTime64(3, 'UTC')} AND ordered_at < {end:DateTime64(3, 'UTC')}"
            " AND (is_bot = 0 OR {bots:UInt8} = 1)" + self._filtered()
        )

    def _filtered(self) -> str:
        parts = []
        for name, column in FILTER_COLUMNS.items():
            if chosen := getattr(self.filters, name):
                parts.append(f" AND {column} {'NOT IN' if chosen.negated else 'IN'} {{only_{name}:Array(String)}}")
        return "".join(parts)


def midnight(day: date, tz: str) -> datetime:
    """The instant at which `day` begins in `tz`, as aware UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(tz)).astimezone(UTC)


def days(tenant: str, first: date, last: date, *, tz: str = "UTC", **more) -> Scope:
    """The Scope of the whole days `first` to `last`, both included, in `tz`."""
    return Scope(tenant, midnight(first, tz), midnight(last + timedelta(days=1), tz), tz, **more)


def _is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
