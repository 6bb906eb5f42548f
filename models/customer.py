"""The people who buy, and the files and events through which a shop tells of them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index, Numeric, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, created, number, tenant_key, uuid_key

UPLOAD_STATES = ("received", "waiting", "reading", "storing", "done", "failed", "undoing", "undone")


class Customer(Base):
    """An identified shopper, under the id that the shop itself gives."""

    __tablename__ = "customers"

    tenant: Mapped[tenant_key]
    customer_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[number]
    name: Mapped[str | None]
    email: Mapped[str | None]
    traits: Mapped[dict] = mapped_column(server_default="{}")
    import_id: Mapped[UUID | None]  # the upload that made this row, so that it can be undone
    first_seen_at: Mapped[datetime | None]
    created_at: Mapped[created]
    updated_at: Mapped[created]

    __table_args__ = (UniqueConstraint("number"),)


Index("customers_tenant_email_idx", Customer.tenant, func.lower(Customer.email))


class Upload(Base):
    """A file that somebody brought, and what became of its rows."""

    __tablename__ = "uploads"

    tenant: Mapped[tenant_key]
    id: Mapped[uuid_key]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    kind: Mapped[str | None]  # profiles, events, orders; None until it is known
    filename: Mapped[str]  # as the sender calls it
    file: Mapped[str]  # its name in stores.files
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    look: Mapped[dict | None]  # what the file is (encoding, delimiter, columns, rows) and what storing it would do
    mapping: Mapped[dict | None]
    mapping_hash: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default="received")
    rows_read: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    rows_stored: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    rows_known: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))  # were there before
    rows_rejected: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    adjustments: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    period_start: Mapped[datetime | None]
    period_end: Mapped[datetime | None]
    message: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[created]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "state IN ('received', 'waiting', 'reading', 'storing', 'done', 'failed', 'undoing', 'undone')", name="uploads_state_check"
        ),
        Index("uploads_tenant_created_at_idx", "tenant", "created_at"),
        Index("uploads_tenant_sha256_idx", "tenant", "sha256"),
    )


class UploadError(Base):
    """A row of a file that could not be taken, and why."""

    __tablename__ = "upload_errors"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    upload_id: Mapped[UUID] = mapped_column(PG_UUID)
    line: Mapped[int] = mapped_column(BigInteger)  # in the file, the heading is line 1
    reason: Mapped[str]
    field: Mapped[str | None]
    raw: Mapped[str | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant", "upload_id"], ["uploads.tenant", "uploads.id"], ondelete="CASCADE"),
        Index("upload_errors_tenant_upload_id_line_idx", "tenant", "upload_id", "line"),
    )


class DeadLetter(Base):
    """An event that was refused, as it came, so that it can be read and sent again."""

    __tablename__ = "dead_letters"

    tenant: Mapped[tenant_key]
    id: Mapped[uuid_key]
    received_at: Mapped[created]
    origin: Mapped[str]
    raw: Mapped[bytes]
    reason: Mapped[str]
    field: Mapped[str | None]
    request_id: Mapped[str | None]
    replayed_at: Mapped[datetime | None]

    __table_args__ = (Index("dead_letters_tenant_received_at_idx", "tenant", "received_at"),)


class ExchangeRate(Base):
    """What one unit of a currency was worth in euros on a day. The same for all shops."""

    __tablename__ = "exchange_rates"

    day: Mapped[date] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    rate_to_eur: Mapped[Decimal] = mapped_column(Numeric(18, 8))
