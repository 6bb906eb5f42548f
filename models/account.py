"""Who can sign in, to which shops, and with which keys programs call."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, created, tenant_key, uuid_key


class Account(Base):
    """Somebody who can sign in. Accounts are global: one person, any number of shops."""

    __tablename__ = "accounts"

    id: Mapped[uuid_key]
    email: Mapped[str]
    username: Mapped[str]
    password_hash: Mapped[str] = mapped_column(deferred=True)  # only stores.postgres.find_login may read it
    first_name: Mapped[str] = mapped_column(server_default="")
    last_name: Mapped[str] = mapped_column(server_default="")
    phone: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    login_count: Mapped[int] = mapped_column(server_default=text("0"))
    last_login_at: Mapped[datetime | None]
    created_at: Mapped[created]


Index("accounts_email_key", func.lower(Account.email), unique=True)
Index("accounts_username_key", func.lower(Account.username), unique=True)


class Membership(Base):
    """An account's role in one shop."""

    __tablename__ = "memberships"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    tenant: Mapped[tenant_key]
    role: Mapped[str]
    created_at: Mapped[created]
    last_seen_at: Mapped[datetime | None]

    __table_args__ = (Index("memberships_tenant_idx", "tenant"),)


class ApiKey(Base):
    """A program's way in. Only a `write` key keeps its text: it is published in the shop's pages and can do nothing but send events."""

    __tablename__ = "api_keys"

    tenant: Mapped[tenant_key]
    id: Mapped[uuid_key]
    name: Mapped[str]
    kind: Mapped[str]  # write, api
    key_prefix: Mapped[str]  # enough to recognise it in a list
    key_hash: Mapped[bytes] = mapped_column(unique=True)  # SHA-256: the text is random, so no slow hash is needed
    key_text: Mapped[str | None]
    scopes: Mapped[list[str]] = mapped_column(server_default="{}")
    origins: Mapped[list[str]] = mapped_column(server_default="{}")  # browsers may use it from these sites only; empty: from any
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    created_at: Mapped[created]
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kind IN ('write', 'api')", name="api_keys_kind_check"),
        CheckConstraint("kind = 'write' OR key_text IS NULL", name="api_keys_secret_check"),
    )
