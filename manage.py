"""Commands beside the server: `python manage.py --help`. Each calls one function of the package that owns the work."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from stores import schema

ALEMBIC = Path(__file__).with_name("alembic.ini")


def migrate() -> None:
    """Bring PostgreSQL and ClickHouse to the newest tables; safe to run again and from two places at once."""
    command.upgrade(Config(str(ALEMBIC)), "head")
    schema.apply()
