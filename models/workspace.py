"""The shop and what its people keep in it: saved funnels and views, jobs, the audit log."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, created, number, tenant_key, uuid_key

JOB_STATES = ("waiting", "running", "done", "failed", "stopped")


class Tenant(Base):
    """One shop."""

    __tablename__ = "tenants"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    timezone: Mapped[str] = mapped_column(server_default="UTC")
    currency: Mapped[str] = mapped_column(server_default="EUR")
    tier: Mapped[str] = mapped_column(server_default="standard")  # standard, enterprise, unlimited: events a minute
    hosts: Mapped[list[str]] = mapped_column(server_default="{}")
    retention_days: Mapped[int | None]  # None keeps everything
    page_rules: Mapped[list] = mapped_column(server_default="[]")  # [{"page_type", "pattern"}], before the defaults
    event_aliases: Mapped[dict] = mapped_column(server_default="{}")  # the shop's event name -> canonical name
    created_at: Mapped[created]

    __table_args__ = (CheckConstraint("tier IN ('standard', 'enterprise', 'unlimited')", name="tenants_tier_check"),)


class Job(Base):
    """Work that outlives a request. The row is the truth; the queue in Redis only wakes somebody. The tenant '' is the whole house."""

    __tablename__ = "jobs"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[uuid_key]
    kind: Mapped[str]
    arguments: Mapped[dict] = mapped_column(server_default="{}")
    once: Mapped[str | None]  # a second request with the same word joins the unfinished first
    state: Mapped[str] = mapped_column(server_default="waiting")
    progress: Mapped[float] = mapped_column(server_default=text("0"))  # 0..1
    message: Mapped[str] = mapped_column(server_default="")
    result: Mapped[dict | None]
    error: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    lease_until: Mapped[datetime | None]  # a running job whose lease is over belongs to nobody
    stop_requested: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[created]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'stopped')", name="jobs_state_check"),
        Index("jobs_once_key", "tenant", "kind", "once", unique=True, postgresql_where=text("state IN ('waiting', 'running')")),
        Index("jobs_unfinished_idx", "created_at", postgresql_where=text("state IN ('waiting', 'running')")),
    )


class Funnel(Base):
    """A saved funnel. ClickHouse knows it by its number."""

    __tablename__ = "funnels"

    tenant: Mapped[tenant_key]
    id: Mapped[uuid_key]
    number: Mapped[number]
    name: Mapped[str]
    definition: Mapped[dict]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    created_at: Mapped[created]
    updated_at: Mapped[created]

    __table_args__ = (UniqueConstraint("number"), UniqueConstraint("tenant", "name"))


class SavedView(Base):
    """A page with its filters under a name; `query` is the part of the address after the question mark."""

    __tablename__ = "saved_views"

    tenant: Mapped[tenant_key]
    id: Mapped[uuid_key]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    page: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]
    shared: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[created]

    __table_args__ = (UniqueConstraint("tenant", "account_id", "page", "name"),)


class Counter(Base):
    """A number of the shop that only rises, such as the version of what is recomputed."""

    __tablename__ = "counters"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class AuditEntry(Base):
    """Who did what to which object, from where. The application may add entries and read them, nothing else."""

    __tablename__ = "audit"

    tenant: Mapped[tenant_key]
    id: Mapped[uuid_key]
    at: Mapped[created]
    account_id: Mapped[UUID | None]  # no reference: the entry outlives the account
    action: Mapped[str]
    object: Mapped[str]
    before: Mapped[dict | None]
    after: Mapped[dict | None]
    address: Mapped[str | None]

    __table_args__ = (Index("audit_tenant_at_idx", "tenant", "at"),)
