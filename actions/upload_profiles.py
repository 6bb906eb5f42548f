"""A row of a customer file as a profile, and profiles into the shop's customers."""

import re
from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

import models
from actions.upload_mapping import Mapping
from actions.upload_values import BadRow, Columns
from stores import clickhouse, postgres

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]+")
MAX_TRAIT = 500


class Profile(msgspec.Struct, frozen=True):
    """What a file says of one customer; '' says nothing."""

    customer_id: str
    name: str
    email: str
    traits: dict[str, str]


def maker(mapping: Mapping, header: Sequence[str], tenant: str) -> Callable[[int, Sequence[str], bytes], Profile]:
    """A function from (line, cells, id) to a Profile; it raises BadRow."""
    columns = Columns(mapping, header)
    person, name, email, kept = columns.id("person", needed=True), columns.text("full_name", 200), columns.text("email"), columns.kept()
    email_place = mapping.column("email")

    def make(line: int, cells: Sequence[str], id: bytes) -> Profile:
        address = email(cells)
        if address and (len(address) > 254 or not EMAIL.fullmatch(address)):
            raise BadRow("Email is not an address", header[email_place], address)
        traits = {trait: value[:MAX_TRAIT] for place, trait in kept if (value := cells[place].strip())}
        return Profile(person(cells), name(cells), address, traits)

    return make


def upsert(tenant: str, profiles: list[Profile], *, import_id: UUID | None = None) -> tuple[int, int]:
    """How many customers were made and how many changed. What a profile does not say stays as it is; of one person the last row counts."""
    last = {profile.customer_id: profile for profile in profiles}
    if not last:
        return 0, 0
    table = models.Customer
    new = insert(table).values([_values(tenant, profile, import_id) for profile in last.values()])
    merged = {
        "name": func.coalesce(new.excluded.name, table.name),
        "email": func.coalesce(new.excluded.email, table.email),
        "traits": table.traits.op("||")(new.excluded.traits),
    }
    differs = or_(*(getattr(table, column).is_distinct_from(value) for column, value in merged.items()))
    statement = new.on_conflict_do_update(
        index_elements=["tenant", "customer_id"], set_=merged | {"updated_at": func.now()}, where=differs
    ).returning(text("xmax = 0"))  # PostgreSQL's own mark of a row that was inserted and not updated
    with postgres.session(tenant) as db:
        made = [row[0] for row in db.execute(statement)]
    return sum(made), len(made) - sum(made)


KNOWN_ELSEWHERE_SQL = """
SELECT DISTINCT user_id AS id FROM events_raw WHERE customer_id = {tenant:String} AND user_id IN {ids:Array(String)}
UNION DISTINCT
SELECT DISTINCT buyer_id AS id FROM order_lines_raw WHERE customer_id = {tenant:String} AND buyer_id IN {ids:Array(String)}"""


def remove_made_by(tenant: str, import_id: UUID) -> int:
    """How many customers of this upload were removed. Those who also bought or visited stay, without the name that the file gave them."""
    table = models.Customer
    with postgres.session(tenant) as db:
        made = list(db.scalars(select(table.customer_id).where(table.import_id == import_id)))
    removed = 0
    for start in range(0, len(made), 5_000):
        removed += _remove(tenant, made[start : start + 5_000])
    return removed


def remove_unknown(tenant: str, ids: list[str]) -> int:
    """How many of these customers were removed: those of whom nothing is left, neither a fact nor a name."""
    left = _known_elsewhere(tenant, ids)
    table = models.Customer
    nameless = table.name.is_(None), table.email.is_(None), table.import_id.is_(None)
    gone = delete(table).where(table.tenant == tenant, table.customer_id.in_([id for id in ids if id not in left]), *nameless)
    with postgres.session(tenant) as db:
        return db.execute(gone).rowcount


def _remove(tenant: str, ids: list[str]) -> int:
    table = models.Customer
    left = _known_elsewhere(tenant, ids)
    with postgres.session(tenant) as db:
        stay = update(table).where(table.tenant == tenant, table.customer_id.in_(left))
        db.execute(stay.values(name=None, email=None, traits={}, import_id=None))
        return db.execute(delete(table).where(table.tenant == tenant, table.customer_id.in_(set(ids) - left))).rowcount


def _known_elsewhere(tenant: str, ids: list[str]) -> set[str]:
    return {row["id"] for row in clickhouse.query(KNOWN_ELSEWHERE_SQL, {"tenant": tenant, "ids": ids})}


def _values(tenant: str, profile: Profile, import_id: UUID | None) -> dict:
    return {
        "tenant": tenant,
        "customer_id": profile.customer_id,
        "name": profile.name or None,
        "email": profile.email or None,
        "traits": profile.traits,
        "import_id": import_id,
    }
