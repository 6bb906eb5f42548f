"""Who people are: the customers a shop's events and files name, and which browser belongs to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

import models
from stores import postgres

CHUNK = 1000


@dataclass(frozen=True)
class Sighting:
    """A user id that an event named, and when; an identify also brings what is known about the person."""

    user_id: str
    seen_at: datetime
    name: str | None = None
    email: str | None = None
    traits: dict | None = None


def see(tenant: str, sightings: Sequence[Sighting]) -> None:
    """Make a customer of every user id in `sightings` and keep what is newest of their name, e-mail and traits.

    Safe to repeat: the first sighting keeps the earliest time, and the same traits change nothing.
    """
    with postgres.session(tenant) as db:
        for start in range(0, len(sightings), CHUNK):
            rows = [_row(tenant, sighting) for sighting in sightings[start : start + CHUNK]]
            new = insert(models.Customer).values(rows)
            told = new.excluded
            db.execute(
                new.on_conflict_do_update(
                    index_elements=["tenant", "customer_id"],
                    set_={
                        "name": func.coalesce(told.name, models.Customer.name),
                        "email": func.coalesce(told.email, models.Customer.email),
                        "traits": models.Customer.traits.op("||")(told.traits),
                        "first_seen_at": func.least(models.Customer.first_seen_at, told.first_seen_at),
                        "updated_at": func.now(),
                    },
                )
            )


def exists(tenant: str, user_id: str) -> bool:
    """Whether the shop knows a customer with this id."""
    table = models.Customer
    with postgres.session(tenant) as db:
        return db.scalar(select(table.number).where(table.tenant == tenant, table.customer_id == user_id)) is not None


def _row(tenant: str, sighting: Sighting) -> dict:
    return {
        "tenant": tenant,
        "customer_id": sighting.user_id,
        "name": sighting.name,
        "email": sighting.email,
        "traits": sighting.traits or {},
        "first_seen_at": sighting.seen_at,
    }
