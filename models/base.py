"""What all tables share: the declarative base and the column kinds that recur."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, MetaData, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import DeclarativeBase, mapped_column

uuid_key = Annotated[UUID, mapped_column(PG_UUID, primary_key=True, server_default=text("uuidv7()"))]
tenant_key = Annotated[str, mapped_column(Text, ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)]
number = Annotated[int, mapped_column(BigInteger, Identity(always=True))]
created = Annotated[datetime, mapped_column(server_default=func.now())]


class Base(DeclarativeBase):
    """Names are given by PostgreSQL's own convention, so that models and migrations need not repeat them."""

    metadata = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        }
    )
    type_annotation_map = {
        str: Text,
        bytes: BYTEA,
        datetime: DateTime(timezone=True),
        list[str]: ARRAY(Text),
        dict: JSONB(none_as_null=True),
        list: JSONB(none_as_null=True),
    }
