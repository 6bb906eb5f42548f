"""PostgreSQL: what people made. Every statement runs as a role that sees one shop's rows, or as one of the few functions below."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

import settings
from errors import Invalid, Unavailable

POOL_SIZE = 16  # a process; a further caller waits POOL_WAIT_S for a connection instead of opening one more
POOL_WAIT_S = 10
CONNECT_TIMEOUT_S = 5

_engines: dict[tuple[str, int], Engine] = {}
_engines_lock = threading.Lock()

ROLE_SQL = text("SELECT set_config('role', :role, true), set_config('ecap.tenant', :tenant, true)")


@contextmanager
def session(tenant: str | None) -> Iterator[Session]:
    """A transaction that sees the rows of `tenant` and the global tables; None sees the global tables only.

    It commits at the end and rolls back on an exception. Do not open a second one inside: both would hold a connection.
    Raises Unavailable when PostgreSQL does not answer.
    """
    with _transaction("ecap_app", tenant or "") as db:
        yield db


@contextmanager
def owner() -> Iterator[Connection]:
    """A transaction as the tables' owner, for migrations: it may change tables and sees no row of any shop."""
    with _answers(), _engine().begin() as connection:
        yield connection


def wait_for_other_migrations(connection: Connection) -> None:
    """Return when no other migration runs; hold further ones off until the transaction ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('ecap migrations'))"))


def close() -> None:
    """Close this process's connections, as before the server goes away."""
    with _engines_lock:
        for engine in _engines.values():
            engine.dispose()
        _engines.clear()


def is_up() -> bool:
    """Whether PostgreSQL answers."""
    try:
        with session(None) as db:
            return db.scalar(text("SELECT true"))
    except Unavailable:
        return False


# The version also follows the clock: after a restored backup it must not fall behind what ClickHouse has.
NEXT_VERSION_SQL = text("""
INSERT INTO counters AS c (tenant, name, value) VALUES (:tenant, 'version', (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
ON CONFLICT (tenant, name) DO UPDATE SET value = greatest(c.value + 1, excluded.value)
RETURNING value""")


def next_version(tenant: str) -> int:
    """A number higher than any that this shop got before; two callers never get the same."""
    with session(tenant) as db:
        return db.scalar(NEXT_VERSION_SQL, {"tenant": tenant})


class Lock:
    """A lock between processes that PostgreSQL releases when its holder dies. `take` it, and ask `is_held` before each step."""

    def __init__(self, name: str):
        self.name = name
        self._connection: Connection | None = None

    def take(self) -> bool:
        """True when this process holds the lock from now on; it does not wait."""
        if self.is_held():
            return True
        with _answers():
            connection = _engine(pooled=False).connect().execution_options(isolation_level="AUTOCOMMIT")
            if connection.scalar(text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))"), {"name": self.name}):
                self._connection = connection
                return True
            connection.close()
        return False

    def is_held(self) -> bool:
        """Whether the lock is still ours: it is gone with the connection."""
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            self._connection.invalidate()
            self._connection = None
        return self._connection is not None

    def release(self) -> None:
        """Let another process take it."""
        if self._connection is not None:
            self._connection.close()  # unpooled: the connection ends, and the lock with it
            self._connection = None


# What follows sees the rows of all shops. tests/stores/test_postgres.py holds the list of these functions.

FIND_LOGIN_SQL = text("""
SELECT id, password_hash, is_active FROM accounts WHERE lower(email) = lower(:login)
UNION ALL
SELECT id, password_hash, is_active FROM accounts WHERE lower(username) = lower(:login)
LIMIT 1""")


def find_login(login: str) -> dict | None:
    """The account with this e-mail or username, with its password's hash; None where there is none."""
    return _one(FIND_LOGIN_SQL, login=login)


FIND_KEY_SQL = text("""
SELECT id, tenant, name, kind, scopes, origins, created_by FROM api_keys
WHERE key_hash = :key_hash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())""")


def find_key(key_hash: bytes) -> dict | None:
    """The key with this hash that is neither revoked nor expired; None where there is none."""
    return _one(FIND_KEY_SQL, key_hash=key_hash)


TOUCH_KEYS_SQL = text("UPDATE api_keys SET last_used_at = now() WHERE id = ANY(:ids)")


def touch_keys(ids: list[UUID]) -> None:
    """Note that these keys were used just now."""
    with _system() as db:
        db.execute(TOUCH_KEYS_SQL, {"ids": ids})


ABANDONED_JOBS_SQL = text("""
SELECT tenant, id, kind FROM jobs
WHERE (state = 'waiting' AND created_at < now() - :patience) OR (state = 'running' AND lease_until < now())
ORDER BY created_at LIMIT 1000""")


def abandoned_jobs(patience: timedelta) -> list[dict]:
    """The jobs (tenant, id, kind) that nobody took for `patience`, and those whose worker is gone; oldest first."""
    with _system() as db:
        return [dict(row) for row in db.execute(ABANDONED_JOBS_SQL, {"patience": patience}).mappings()]


FORGET_JOBS_SQL = text("DELETE FROM jobs WHERE finished_at < :before")
FORGET_LETTERS_SQL = text("DELETE FROM dead_letters WHERE received_at < :before")


def forget(before: datetime) -> dict[str, int]:
    """Delete finished jobs and dead letters older than `before`; how many of each."""
    with _system() as db:
        return {
            "jobs": db.execute(FORGET_JOBS_SQL, {"before": before}).rowcount,
            "dead_letters": db.execute(FORGET_LETTERS_SQL, {"before": before}).rowcount,
        }


def _one(statement, **values) -> dict | None:
    with _system() as db:
        row = db.execute(statement, values).mappings().first()
        return dict(row) if row else None


@contextmanager
def _system() -> Iterator[Session]:
    with _transaction("ecap_system", "") as db:
        yield db


@contextmanager
def _transaction(role: str, tenant: str) -> Iterator[Session]:
    with _answers(), Session(_engine(), expire_on_commit=False) as db, db.begin():
        db.execute(ROLE_SQL, {"role": role, "tenant": tenant})
        yield db


def _engine(*, pooled: bool = True) -> Engine:
    """This process's engine for the DATABASE_URL of now. A forked child makes its own: a connection has one owner."""
    url = settings.current().database_url
    key = (url if pooled else f"{url} unpooled", os.getpid())
    if key not in _engines:
        with _engines_lock:
            if key not in _engines:
                _engines[key] = _create(url, pooled)
    return _engines[key]


def _create(url: str, pooled: bool) -> Engine:
    pool = (
        {"pool_size": POOL_SIZE, "max_overflow": 0, "pool_timeout": POOL_WAIT_S, "pool_pre_ping": True}
        if pooled
        else {"poolclass": NullPool}
    )
    return create_engine(url, connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "ecap"}, **pool)


@contextmanager
def _answers() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as problem:
        raise Unavailable("The database does not answer.") from problem
    except (DataError, UnicodeEncodeError) as problem:  # NUL and lone surrogates are JSON, but no text that can be kept
        raise Invalid("A value holds characters or a number that cannot be stored.") from problem
