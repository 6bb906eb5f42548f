"""Accounts: who signs in, which shops they belong to, and what they may do there."""

import threading
import time
from dataclasses import dataclass, field
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

import models
import settings
from errors import Conflict, NotAuthenticated, NotPermitted
from models import permissions
from stores import postgres

CACHE_S = 5.0  # how long a removed membership or a deactivated account may still act
WRONG = "The e-mail or username and the password do not belong together."

_hasher = PasswordHasher()
# A hash takes 64 MiB and a twentieth of a second: a crowd at the door must not take all memory.
_hashing = threading.BoundedSemaphore(4)
# Verified when the account is unknown, so that the answer takes as long as for a wrong password.
_NOBODYS_HASH = _hasher.hash("nobody has this password")
_cache: dict[tuple[UUID, str], tuple[float, "Identity"]] = {}


@dataclass(frozen=True)
class Identity:
    """Who acts, in which shop, and what he may do there."""

    account_id: UUID | None  # None for a key and for the open development shop
    email: str
    username: str
    first_name: str
    last_name: str
    tenant: str
    role: str
    permissions: frozenset[str] = field(repr=False)
    key_id: UUID | None = None
    sid: str = ""  # the session that the token belongs to

    def may(self, permission: str) -> bool:
        """Whether he holds this permission."""
        return permission in self.permissions


@dataclass(frozen=True)
class Membership:
    """A shop that an account may act in."""

    tenant: str
    name: str
    role: str


def sign_in(login: str, password: str, tenant: str | None = None) -> Identity:
    """The account with this e-mail or username, in `tenant` or else in the shop it joined first.

    Raises NotAuthenticated, with the same words for whatever was wrong, and NotPermitted for a shop it is not in.
    """
    account_id = _verified(login, password)
    found = identity(account_id, tenant or _first_shop(account_id))
    with postgres.session(None) as db:
        now = {"login_count": models.Account.login_count + 1, "last_login_at": func.now()}
        db.execute(update(models.Account).where(models.Account.id == account_id).values(now))
        _note_visit(db, found)
    return found


def switch(account_id: UUID, tenant: str) -> Identity:
    """The account in another of its shops. Raises NotPermitted where it is not a member."""
    found = identity(account_id, tenant)
    with postgres.session(None) as db:
        _note_visit(db, found)
    return found


def identity(account_id: UUID, tenant: str) -> Identity:
    """The account in this shop, at most CACHE_S old. Raises NotAuthenticated for a deactivated account, NotPermitted for no member."""
    known = _cache.get((account_id, tenant))
    if known and time.monotonic() - known[0] < CACHE_S:
        return known[1]
    found = _load(account_id, tenant)
    if len(_cache) > 10_000:
        _cache.clear()
    _cache[account_id, tenant] = time.monotonic(), found
    return found


def memberships(account_id: UUID) -> list[Membership]:
    """The shops of the account, by name."""
    with postgres.session(None) as db:
        rows = db.execute(
            select(models.Tenant.id, models.Tenant.name, models.Membership.role)
            .join(models.Membership, models.Membership.tenant == models.Tenant.id)
            .where(models.Membership.account_id == account_id)
            .order_by(func.lower(models.Tenant.name), models.Tenant.id)
        )
        return [Membership(*row) for row in rows]


def create(*, email: str, username: str, password: str, first_name: str = "", last_name: str = "", phone: str | None = None) -> UUID:
    """The id of a new account. Raises Conflict when the e-mail or the username is taken."""
    with postgres.session(None) as db:
        same = or_(func.lower(models.Account.email) == email.lower(), func.lower(models.Account.username) == username.lower())
        if db.scalar(select(models.Account.id).where(same).limit(1)):
            raise Conflict("This e-mail or username is taken.")
        values = {"email": email, "username": username, "first_name": first_name, "last_name": last_name, "phone": phone}
        return db.scalar(insert(models.Account).values(password_hash=_hasher.hash(password), **values).returning(models.Account.id))


def join(account_id: UUID, tenant: str, role: str) -> None:
    """Make the account a member of the shop in this role, or change its role there."""
    with postgres.session(None) as db:
        new = upsert(models.Membership).values(account_id=account_id, tenant=tenant, role=role)
        db.execute(new.on_conflict_do_update(index_elements=["account_id", "tenant"], set_={"role": role}))
    _cache.pop((account_id, tenant), None)


def administrator() -> UUID:
    """The id of the administrator named in the settings; made when there is none with this e-mail."""
    chosen = settings.current()
    if known := postgres.find_login(chosen.admin_email):
        return known["id"]
    username = chosen.admin_email.split("@")[0]
    return create(email=chosen.admin_email, username=username, password=chosen.admin_password, first_name="Shop", last_name="Administrator")


def _verified(login: str, password: str) -> UUID:
    known = postgres.find_login(login)
    try:
        with _hashing:
            _hasher.verify(known["password_hash"] if known else _NOBODYS_HASH, password)
    except (VerifyMismatchError, InvalidHashError):
        known = None
    if not known or not known["is_active"]:
        raise NotAuthenticated(WRONG)
    return known["id"]


def _first_shop(account_id: UUID) -> str:
    with postgres.session(None) as db:
        own = select(models.Membership.tenant).where(models.Membership.account_id == account_id)
        tenant = db.scalar(own.order_by(models.Membership.created_at, models.Membership.tenant).limit(1))
    if tenant is None:
        raise NotPermitted("This account belongs to no shop.")
    return tenant


def _load(account_id: UUID, tenant: str) -> Identity:
    with postgres.session(None) as db:
        account = db.get(models.Account, account_id)
        role = db.scalar(
            select(models.Membership.role).where(models.Membership.account_id == account_id, models.Membership.tenant == tenant)
        )
    if account is None or not account.is_active:
        raise NotAuthenticated("This account is not active.")
    if role is None:
        raise NotPermitted("You are not a member of this shop.")
    names = {name: getattr(account, name) for name in ("email", "username", "first_name", "last_name")}
    return Identity(account_id, tenant=tenant, role=role, permissions=permissions.of_role(role), **names)


def _note_visit(db, identity: Identity) -> None:
    here = models.Membership.account_id == identity.account_id, models.Membership.tenant == identity.tenant
    db.execute(update(models.Membership).where(*here).values(last_seen_at=func.now()))
