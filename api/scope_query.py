"""The query parameters that say which data a question is about, read into one Scope."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import marshmallow as ma
from flask import g
from flask_smorest import Blueprint

from actions import tenants
from analytics import scope
from analytics.scope import Filters, OneOf, Scope

DEFAULT_DAYS = 30  # where no period is asked: the last 30 days, today included
LONGEST = timedelta(days=3660)
YEARS = range(1971, 2200)
DEVICES = ("desktop", "mobile", "tablet")
DAY_OR_TIME = "a day (2026-11-25) or a time (2026-11-25T14:30:00Z); one without a zone is in `tz`"


class DayOrTime(ma.fields.Field):
    """A date or an aware or naive datetime, in ISO 8601."""

    default_error_messages = {
        "invalid": f"This is not {DAY_OR_TIME.partition(';')[0]}.",
        "year": f"The year is one from {YEARS[0]} to {YEARS[-1]}.",
    }

    def _deserialize(self, value, attr, data, **kwargs) -> date | datetime:
        try:
            found = date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value.replace(" ", "+"))
        except (TypeError, ValueError):
            raise self.make_error("invalid") from None
        if found.year not in YEARS:  # before and after, zones and the stores overflow
            raise self.make_error("year")
        return found


class ScopeQuery(ma.Schema):
    """Loads into a Scope of the caller's shop. A parameter that no question of the path knows is refused."""

    class Meta:
        unknown = ma.RAISE

    start_date = DayOrTime(metadata={"type": "string", "description": f"first day or instant: {DAY_OR_TIME}"})
    end_date = DayOrTime(metadata={"type": "string", "description": "last day, included, or the instant at which the period ends"})
    tz = ma.fields.String(metadata={"description": "time zone of days and hours, such as Europe/Berlin; the shop's where left out"})
    device_type = ma.fields.String(metadata={"description": "desktop, mobile, tablet; several by comma; a first ! means all but these"})
    channel = ma.fields.String(metadata={"description": "channels by comma; a first ! means all but these"})
    country = ma.fields.String(metadata={"description": "countries (ISO 3166 alpha-2) by comma; a first ! means all but these"})
    bots = ma.fields.Boolean(load_default=False, metadata={"description": "count what bots did, too"})
    currency = ma.fields.String(metadata={"description": "the shop's own, for answers are in no other"})
    compare = ma.fields.String(
        validate=ma.validate.OneOf(("previous", "year")),
        metadata={"description": "the period to compare with: the one just before (previous), or the same days a year before (year)"},
    )
    compare_from = ma.fields.Date(metadata={"description": "first day of the period to compare with; the one just before where left out"})

    @ma.validates("tz")
    def _check_tz(self, value: str, **_):
        if value not in available_timezones():
            raise ma.ValidationError("There is no such time zone; the name is one of IANA's, such as Europe/Berlin.")

    @ma.validates("device_type")
    def _check_devices(self, value: str, **_):
        if unknown := [device for device in OneOf.parse(value).values if device not in DEVICES]:
            raise ma.ValidationError(f"There is no device type {unknown[0]!r}; there are {', '.join(DEVICES)}.")

    @ma.post_load
    def _scope(self, asked: dict, **_) -> Scope | dict:
        """The Scope; a subclass with further parameters gets them in a dict, with the Scope as `scope`."""
        own = {name: asked.pop(name) for name in list(asked) if name in ScopeQuery._declared_fields}
        found = _scope_of(own)
        return {"scope": found, **asked} if self._declared_fields.keys() - ScopeQuery._declared_fields.keys() else found


def scope_arguments(blueprint: Blueprint, schema: type[ScopeQuery] = ScopeQuery):
    """A decorator: the view's first argument is what `schema` loads from the query. webargs would drop what the schema does not know."""
    return blueprint.arguments(schema, location="query", unknown=ma.RAISE)


def _scope_of(asked: dict) -> Scope:
    shop = tenants.load(g.tenant)
    tz = asked.get("tz", shop.timezone)
    start, end = _period(asked, tz)
    filters = Filters(
        channel=OneOf.parse(asked.get("channel", "")),
        country=OneOf.parse(asked.get("country", "").upper()),
        device=OneOf.parse(asked.get("device_type", "")),
    )
    if asked.get("currency", shop.currency).upper() != shop.currency:
        raise ma.ValidationError(f"This shop counts in {shop.currency}.", "currency")
    return Scope(g.tenant, start, end, tz, filters, shop.currency, asked["bots"], _compared(asked, start, end, tz))


def _compared(asked: dict, start: datetime, end: datetime, tz: str) -> tuple[datetime, datetime] | None:
    """The chosen comparison period, as long as the period itself; None where it is the one just before."""
    if day := asked.get("compare_from"):
        if day.year not in YEARS:
            raise ma.ValidationError(f"The year is one from {YEARS[0]} to {YEARS[-1]}.", "compare_from")
        earlier = scope.midnight(day, tz)
        return earlier, earlier + (end - start)
    if asked.get("compare") == "year":
        return _year_before(start, tz), _year_before(end, tz)
    return None


def _year_before(moment: datetime, tz: str) -> datetime:
    local = moment.astimezone(ZoneInfo(tz))
    is_leap_day = (local.month, local.day) == (2, 29)
    return local.replace(year=local.year - 1, day=28 if is_leap_day else local.day).astimezone(UTC)


def _period(asked: dict, tz: str) -> tuple[datetime, datetime]:
    end = _instant(asked.get("end_date", datetime.now(ZoneInfo(tz)).date()), tz, is_end=True)
    start = asked.get("start_date")
    if start is None:
        last = (end - timedelta(microseconds=1)).astimezone(ZoneInfo(tz)).date()
        start = last - timedelta(days=DEFAULT_DAYS - 1)
    start = _instant(start, tz, is_end=False)
    if start >= end:
        raise ma.ValidationError("The period ends before it begins.", "end_date")
    if end - start > LONGEST:
        raise ma.ValidationError("The period is longer than ten years.", "start_date")
    return start, end


def _instant(moment: date | datetime, tz: str, *, is_end: bool) -> datetime:
    """A day begins at its midnight and ends at the next; both in `tz`."""
    if not isinstance(moment, datetime):
        return scope.midnight(moment + timedelta(days=1) if is_end else moment, tz)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(tz))
    return moment.astimezone(UTC)
