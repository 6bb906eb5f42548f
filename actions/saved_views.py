"""Pages with their filters, kept under a name by one account and, if it likes, shown to the whole shop."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

import models
from errors import Invalid, NotFound
from stores import postgres

MAX_QUERY = 4000  # characters


@dataclass(frozen=True)
class View:
    """A page, and the part of its address after the question mark."""

    id: UUID
    page: str
    name: str
    query: str
    shared: bool
    is_own: bool


def save(tenant: str, account_id: UUID, *, page: str, name: str, query: str, shared: bool = False) -> UUID:
    """The id of the view; one of the same account, page and name is replaced. Raises Invalid for a name or query of a wrong length."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        raise Invalid("A view's name has 1 to 80 characters.", fields={"name": ["has 1 to 80 characters"]})
    if len(query) > MAX_QUERY:
        raise Invalid("These filters are too long to be saved.", fields={"query": [f"has more than {MAX_QUERY} characters"]})
    own = {"tenant": tenant, "account_id": account_id, "page": page, "name": name}
    values = {"query": query.removeprefix("?"), "shared": shared}
    new = insert(models.SavedView).values(own | values)
    with postgres.session(tenant) as db:
        return db.scalar(new.on_conflict_do_update(index_elements=list(own), set_=values).returning(models.SavedView.id))


def visible(tenant: str, account_id: UUID, page: str | None = None) -> list[View]:
    """The account's own views and those shared in the shop, by name; of one page if it is given."""
    view = models.SavedView
    rows = select(view).where(or_(view.account_id == account_id, view.shared)).order_by(func.lower(view.name), view.id)
    if page is not None:
        rows = rows.where(view.page == page)
    with postgres.session(tenant) as db:
        return [View(row.id, row.page, row.name, row.query, row.shared, row.account_id == account_id) for row in db.scalars(rows)]


def remove(tenant: str, account_id: UUID, id: UUID) -> None:
    """Delete one of the account's own views. Raises NotFound for any other."""
    view = models.SavedView
    with postgres.session(tenant) as db:
        if not db.execute(delete(view).where(view.id == id, view.account_id == account_id)).rowcount:
            raise NotFound("There is no such view of yours.")
