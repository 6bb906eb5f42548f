"""How far the demo shop is: which history it got, up to when its events are in the log, and whether somebody removed it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

import models
from demo.plan import Plan
from stores import postgres

PREFIX = "demo_"


@dataclass(frozen=True)
class Marks:
    """What is noted of a shop. Each is None or 0 before the first load."""

    anchor: date | None  # the day its stories lead up to
    until: datetime | None  # all planned events before this moment are in the log
    removed: bool
    guests: int  # events of the day `guests_day` that came beside the plan
    guests_day: date | None

    @property
    def plan(self) -> Plan | None:
        """The plan of this shop's history."""
        return Plan(self.anchor) if self.anchor else None

    def guests_of(self, day: date) -> int:
        """How many events came beside the plan on `day`."""
        return self.guests if self.guests_day == day else 0


def read(tenant: str) -> Marks:
    """The marks of the shop."""
    with postgres.session(tenant) as db:
        rows = db.execute(select(models.Counter.name, models.Counter.value).where(models.Counter.name.startswith(PREFIX))).all()
    values = {name.removeprefix(PREFIX): value for name, value in rows}
    return Marks(
        anchor=date.fromordinal(values["anchor"]) if "anchor" in values else None,
        until=datetime.fromtimestamp(values["until_ms"] / 1000, UTC) if "until_ms" in values else None,
        removed=bool(values.get("removed")),
        guests=values.get("guests", 0),
        guests_day=date.fromordinal(values["guests_day"]) if "guests_day" in values else None,
    )


def set_anchor(tenant: str, day: date) -> None:
    """Note which history the shop gets."""
    _write(tenant, anchor=day.toordinal())


def set_until(tenant: str, moment: datetime) -> None:
    """Note that all planned events before `moment` are in the log."""
    _write(tenant, until_ms=round(moment.timestamp() * 1000))


def set_guests(tenant: str, day: date, events: int) -> None:
    """Note how many events came beside the plan on `day`."""
    _write(tenant, guests=events, guests_day=day.toordinal())


def set_removed(tenant: str, removed: bool) -> None:
    """Note that somebody removed the demo shop, or wants it again."""
    _write(tenant, removed=int(removed))


def forget(tenant: str) -> None:
    """Forget everything but the removal itself."""
    with postgres.session(tenant) as db:
        ours = models.Counter.name.startswith(PREFIX), models.Counter.name != f"{PREFIX}removed"
        db.execute(delete(models.Counter).where(models.Counter.tenant == tenant, *ours))


def _write(tenant: str, **values: int) -> None:
    rows = [{"tenant": tenant, "name": PREFIX + name, "value": value} for name, value in values.items()]
    statement = insert(models.Counter).values(rows)
    newer = statement.on_conflict_do_update(index_elements=["tenant", "name"], set_={"value": statement.excluded.value})
    with postgres.session(tenant) as db:
        db.execute(newer)
