"""Saved funnels: made, changed, listed, deleted. Each change asks for its sessions to be worked out anew."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete as delete_from
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import models
from actions import jobs
from analytics.funnel import Definition
from analytics.saved_funnel import Saved
from errors import Conflict, Invalid, NotFound
from stores import postgres

MOST_FUNNELS = 50  # a shop: each is worked out again for every session that is touched


@dataclass(frozen=True)
class SavedFunnel:
    """A funnel under its name. Until its sessions are worked out it is answered from the sessions themselves, only slower."""

    id: UUID
    definition: Definition
    is_filled: bool
    number: int
    created_at: datetime
    updated_at: datetime

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def saved(self) -> Saved:
        """What analytics.saved_funnel asks for."""
        return Saved(self.number, self.definition, self.is_filled)


def create(tenant: str, definition: Definition, *, account_id: UUID | None) -> SavedFunnel:
    """Save the funnel under its name. Raises Conflict where the shop has one of this name, Invalid where it has too many."""
    _check_name(definition)
    with postgres.session(tenant) as db:
        if db.scalar(select(func.count()).select_from(models.Funnel)) >= MOST_FUNNELS:
            raise Invalid(f"A shop keeps at most {MOST_FUNNELS} funnels. Delete one that nobody needs.")
        new = insert(models.Funnel).values(tenant=tenant, name=definition.name, definition=definition.as_dict(), created_by=account_id)
        row = db.scalar(new.on_conflict_do_nothing(index_elements=["tenant", "name"]).returning(models.Funnel))
        if row is None:
            raise Conflict(f"There is a funnel named “{definition.name}” already.")
        _ask_to_fill(db, tenant, row.number)
        return _saved(row, {})


def change(tenant: str, id: UUID, definition: Definition) -> SavedFunnel:
    """Replace what the funnel is and how it is named. Raises NotFound, and Conflict where another one has the name."""
    _check_name(definition)
    with postgres.session(tenant) as db:
        if db.get(models.Funnel, (tenant, id)) is None:
            raise NotFound("There is no such funnel.")
        others = select(models.Funnel.id).where(models.Funnel.name == definition.name, models.Funnel.id != id)
        if db.scalar(others):
            raise Conflict(f"There is a funnel named “{definition.name}” already.")
        values = {"name": definition.name, "definition": definition.as_dict(), "updated_at": func.now()}
        row = db.scalar(update(models.Funnel).where(models.Funnel.id == id).values(values).returning(models.Funnel))
        _ask_to_fill(db, tenant, row.number)
        return _saved(row, _filled(db))


def delete(tenant: str, id: UUID) -> None:
    """Delete the funnel and what was worked out for it. Raises NotFound."""
    with postgres.session(tenant) as db:
        number = db.scalar(delete_from(models.Funnel).where(models.Funnel.id == id).returning(models.Funnel.number))
        if number is None:
            raise NotFound("There is no such funnel.")
        _ask_to_fill(db, tenant, number)


def load(tenant: str, id: UUID) -> SavedFunnel:
    """The funnel. Raises NotFound where the shop has none with this id."""
    with postgres.session(tenant) as db:
        row = db.get(models.Funnel, (tenant, id))
        if row is None:
            raise NotFound("There is no such funnel.")
        return _saved(row, _filled(db))


def recent(tenant: str) -> list[SavedFunnel]:
    """The shop's funnels by name."""
    with postgres.session(tenant) as db:
        filled = _filled(db)
        return [_saved(row, filled) for row in db.scalars(select(models.Funnel).order_by(models.Funnel.name))]


def kept(tenant: str) -> list[Saved]:
    """The funnels whose sessions are worked out ahead: those by session."""
    return [funnel.saved for funnel in recent(tenant) if funnel.definition.unit == "session"]


def refill(tenant: str) -> int:
    """Ask for all funnels of the shop to be worked out anew; how many they are."""
    with postgres.session(tenant) as db:
        numbers = [row.number for row in db.scalars(select(models.Funnel)) if row.definition.get("unit") == "session"]
        for number in numbers:
            _ask_to_fill(db, tenant, number)
    return len(numbers)


def note_filled(tenant: str, saved: Saved, run: int) -> None:
    """Note that the sessions of the funnel, as it is in `saved`, are worked out."""
    mark = insert(models.Counter).values(tenant=tenant, name=_mark(saved.number, saved.definition), value=run)
    with postgres.session(tenant) as db:
        db.execute(mark.on_conflict_do_update(index_elements=["tenant", "name"], set_={"value": run}))


def _ask_to_fill(db: Session, tenant: str, number: int) -> None:
    """Rows of an earlier definition must not be read as those of the present one, so its mark goes first."""
    db.execute(delete_from(models.Counter).where(models.Counter.tenant == tenant, models.Counter.name.like(f"funnel:{number}:%")))
    jobs.add(db, "fill_funnel", tenant=tenant, arguments={"number": number})


def _filled(db: Session) -> set[str]:
    return set(db.scalars(select(models.Counter.name).where(models.Counter.name.like("funnel:%"))))


def _mark(number: int, definition: Definition) -> str:
    """What a filled funnel is known by: another definition is another mark. Its name does not matter."""
    text = json.dumps(replace(definition, name="").as_dict(), sort_keys=True)
    return f"funnel:{number}:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _saved(row: models.Funnel, filled: set[str] | dict) -> SavedFunnel:
    definition = Definition.parse(row.definition)
    return SavedFunnel(row.id, definition, _mark(row.number, definition) in filled, row.number, row.created_at, row.updated_at)


def _check_name(definition: Definition) -> None:
    if not definition.name.strip():
        raise Invalid("A saved funnel has a name.", fields={"name": ["is missing"]})
