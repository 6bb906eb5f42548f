"""Runs the migrations over the connection that stores.postgres opens; two starting together wait for each other."""

from alembic import context

from models import Base
from stores import postgres


def _run(connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=False)
    with context.begin_transaction():
        postgres.wait_for_other_migrations(connection)
        context.run_migrations()


if given := context.config.attributes.get("connection"):
    _run(given)
else:
    with postgres.owner() as opened:
        _run(opened)
