"""One shop's rows and no others: by role, by policy, and by a short list of functions that see more."""

import ast
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from alembic import autogenerate
from alembic.migration import MigrationContext
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

import models
import settings
from actions import accounts, jobs
from errors import Invalid, Unavailable
from settings import PROJECT
from stores import postgres

# Each of these sees all shops. Adding one is a decision: docs/architecture.md and docs/decisions say what they are for.
SYSTEM_FUNCTIONS = {"_one", "abandoned_jobs", "forget", "touch_keys"}
USERS_OF_ONE = {"find_key", "find_login"}


def add_customer(tenant: str, customer_id: str) -> None:
    with postgres.session(tenant) as db:
        db.execute(insert(models.Customer).values(tenant=tenant, customer_id=customer_id))


def test_a_session_sees_the_rows_of_its_shop_only(tenant, other_tenant):
    add_customer(tenant, "mine")
    add_customer(other_tenant, "theirs")

    with postgres.session(tenant) as db:
        assert list(db.scalars(select(models.Customer.customer_id))) == ["mine"]
        assert db.execute(text("UPDATE customers SET name = 'x'")).rowcount == 1
        assert db.execute(text("DELETE FROM customers")).rowcount == 1
    with postgres.session(other_tenant) as db:
        assert list(db.scalars(select(models.Customer.customer_id))) == ["theirs"]


def test_a_session_cannot_write_into_another_shop(tenant, other_tenant):
    with pytest.raises(ProgrammingError, match="row-level security"), postgres.session(tenant) as db:
        db.execute(insert(models.Customer).values(tenant=other_tenant, customer_id="smuggled"))


def test_a_session_without_a_shop_and_the_owner_see_no_rows(tenant):
    add_customer(tenant, "mine")
    with postgres.session(None) as db:
        assert list(db.scalars(select(models.Customer.customer_id))) == []
    with postgres.owner() as connection:
        assert list(connection.scalars(select(models.Customer.customer_id))) == []


def test_a_pooled_connection_forgets_whose_it_was(tenant, other_tenant):
    for one in (tenant, other_tenant, tenant):
        with postgres.session(one) as db:
            seen = db.execute(text("SELECT current_user, current_setting('ecap.tenant'), pg_backend_pid()")).one()
        assert seen[:2] == ("ecap_app", one)
    with postgres.owner() as connection:
        assert connection.execute(text("SELECT current_user, current_setting('ecap.tenant', true)")).one() in (("ecap", ""), ("ecap", None))


def test_every_table_with_a_tenant_is_protected(servers):
    unprotected = """
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant'
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"""
    with postgres.owner() as connection:
        assert list(connection.scalars(text(unprotected))) == ["memberships"]  # global: it says who may enter which shop


def test_the_application_reads_no_password_hash_and_changes_no_audit_entry(tenant):
    with pytest.raises(ProgrammingError, match="permission denied"), postgres.session(tenant) as db:
        db.execute(text("SELECT password_hash FROM accounts"))
    with postgres.session(tenant) as db:
        db.execute(insert(models.AuditEntry).values(tenant=tenant, action="shop.change", object=tenant))
    for change in ("UPDATE audit SET action = 'x'", "DELETE FROM audit"):
        with pytest.raises(ProgrammingError, match="permission denied"), postgres.session(tenant) as db:
            db.execute(text(change))


def test_only_the_listed_functions_see_all_shops():
    tree = ast.parse((PROJECT / "stores/postgres.py").read_text())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]

    assert {function.name for function in functions if calls(function, "_system")} == SYSTEM_FUNCTIONS
    assert {function.name for function in functions if calls(function, "_one")} == USERS_OF_ONE


def test_nothing_outside_uses_the_system_role():
    packages = ("actions", "analytics", "api", "dashboard", "demo", "jobs", "ml", "providers", "stores")
    files = [path for package in packages for path in (PROJECT / package).rglob("*.py") if path.name != "postgres.py"]
    assert [str(path) for path in files if "postgres._" in path.read_text() or "ecap_system" in path.read_text()] == []


def calls(function: ast.FunctionDef, name: str) -> bool:
    found = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return any(isinstance(called, ast.Name) and called.id == name for called in found)


def test_the_models_are_what_the_migrations_made(servers):
    with postgres.owner() as connection:
        assert autogenerate.compare_metadata(MigrationContext.configure(connection), models.Base.metadata) == []


def test_a_failed_session_leaves_nothing_behind(tenant):
    def store(*ids: str | None) -> None:
        with postgres.session(tenant) as db:
            for id in ids:
                db.execute(insert(models.Customer).values(tenant=tenant, customer_id=id))

    with pytest.raises(IntegrityError):
        store("first", None)
    with postgres.session(tenant) as db:
        assert list(db.scalars(select(models.Customer.customer_id))) == []


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"], ids=["NUL", "lone surrogate"])
def test_text_that_cannot_be_kept_is_invalid_input(tenant, text):
    with pytest.raises(Invalid, match="cannot be stored"):
        add_customer(tenant, text)
    with pytest.raises(Invalid, match="cannot be stored"):
        postgres.find_login(text)


def test_a_connection_that_died_is_replaced(tenant):
    with postgres.owner() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ecap' AND pid <> pg_backend_pid()"
        connection.execute(text(others))
    for _ in range(3):
        with postgres.session(tenant) as db:
            assert db.scalar(text("SELECT 1")) == 1


def test_versions_rise_and_nobody_gets_one_twice(tenant):
    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(lambda _: postgres.next_version(tenant), range(200)))

    assert len(set(versions)) == 200
    assert postgres.next_version(tenant) > max(versions)


def test_versions_rise_above_those_of_before_a_restored_backup(tenant):
    highest = postgres.next_version(tenant)
    with postgres.session(tenant) as db:
        db.execute(text("UPDATE counters SET value = 1 WHERE name = 'version'"))

    assert postgres.next_version(tenant) > highest


def test_more_callers_than_connections_wait_for_each_other(tenant):
    together = threading.Barrier(postgres.POOL_SIZE)

    def hold(n: int) -> int:
        with postgres.session(tenant) as db:
            if n < postgres.POOL_SIZE:
                together.wait(10)
            return db.scalar(text("SELECT :n"), {"n": n})

    with ThreadPoolExecutor(postgres.POOL_SIZE * 3) as pool:
        assert list(pool.map(hold, range(postgres.POOL_SIZE * 3))) == list(range(postgres.POOL_SIZE * 3))


def test_a_forked_child_uses_connections_of_its_own(tenant):
    with postgres.session(tenant) as db:
        mine = db.scalar(text("SELECT pg_backend_pid()"))
        child = os.fork()
        if child == 0:
            with postgres.session(tenant) as own:
                os._exit(0 if own.scalar(text("SELECT pg_backend_pid()")) != mine else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert db.scalar(text("SELECT pg_backend_pid()")) == mine


def test_a_silent_server_is_unavailable(servers, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"postgresql+psycopg://ecap@/ecap?host={tmp_path}")
    settings.current.cache_clear()
    try:
        assert postgres.is_up() is False
        with pytest.raises(Unavailable, match="The database does not answer"), postgres.session(None):
            pass
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()


def test_a_lock_has_one_holder_until_it_is_released_or_its_connection_dies(servers):
    first, second = postgres.Lock("test"), postgres.Lock("test")
    assert (first.take(), first.take(), second.take()) == (True, True, False)

    first.release()
    assert (second.take(), second.is_held(), first.is_held()) == (True, True, False)

    with postgres.owner() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"))
    assert second.is_held() is False
    assert first.take() is True
    first.release()


def test_a_login_is_found_by_e_mail_and_by_username_in_any_case(servers):
    name = uuid4().hex
    id = accounts.create(email=f"{name}@Example.com", username=f"U{name}", password="correct horse battery")

    assert [postgres.find_login(login)["id"] for login in (f"{name.upper()}@example.COM", f"u{name}")] == [id, id]
    assert postgres.find_login(f"{name}@example.org") is None


def test_jobs_are_abandoned_when_nobody_takes_them_or_their_lease_is_over(tenant):
    with postgres.session(tenant) as db:
        waiting, leased, lost = (jobs.add(db, "forget", tenant=tenant) for _ in range(3))
        now = datetime.now(UTC)
        for id, lease in ((leased, now + timedelta(minutes=1)), (lost, now - timedelta(seconds=1))):
            db.execute(text("UPDATE jobs SET state = 'running', lease_until = :lease WHERE id = :id"), {"lease": lease, "id": id})

    def ours(patience: timedelta) -> list:
        return [job["id"] for job in postgres.abandoned_jobs(patience) if job["tenant"] == tenant]

    assert ours(timedelta()) == [waiting, lost]
    assert ours(timedelta(hours=1)) == [lost]


def test_old_jobs_and_dead_letters_are_forgotten_and_new_ones_kept(tenant):
    old = datetime.now(UTC) - timedelta(days=31)
    with postgres.session(tenant) as db:
        for finished in (old, datetime.now(UTC)):
            db.execute(insert(models.Job).values(tenant=tenant, kind="forget", state="done", finished_at=finished))
            db.execute(insert(models.DeadLetter).values(tenant=tenant, origin="server", raw=b"{", reason="no JSON", received_at=finished))

    postgres.forget(datetime.now(UTC) - timedelta(days=30))

    with postgres.session(tenant) as db:
        assert db.scalar(text("SELECT count(*) FROM jobs")) == 1
        assert db.scalar(text("SELECT count(*) FROM dead_letters")) == 1
