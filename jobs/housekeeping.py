"""Deletes what nobody will ask for any more."""

from datetime import UTC, datetime, timedelta

from stores import postgres

KEEP = timedelta(days=30)


def forget(tenant: str) -> dict[str, int]:
    """Delete finished jobs and dead letters older than KEEP, of all shops; how many of each."""
    return postgres.forget(datetime.now(UTC) - KEEP)
