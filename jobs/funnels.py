"""Saved funnels, worked out for every session once and again for what is touched. Doing it twice changes nothing."""

from datetime import UTC, datetime

from actions import funnels
from analytics import funnel_chain, funnel_units
from analytics.funnel_units import Selection
from analytics.saved_funnel import Saved
from jobs import progress, sessions
from stores import clickhouse
from stores.clickhouse import Sql

EVER = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2262, 1, 1, tzinfo=UTC))
TOUCHED_SESSIONS = Sql("""
customer_id = {tenant:String} AND sh IN (
    SELECT sh FROM touched_sessions WHERE customer_id = {tenant:String} AND run = {run:UInt64} AND NOT whole)""")
ALL_SESSIONS = Sql("customer_id = {tenant:String}")
COLUMNS = ("vh", "ph", "day", "device_type", "country", "channel", "is_bot", "exit_page")


def recompute(tenant: str, run: int) -> None:
    """Write the saved funnels of the shop anew for the sessions that this run is about."""
    for saved in funnels.kept(tenant):
        _write(tenant, run, saved, TOUCHED_SESSIONS)


def fill(*, tenant: str, number: int) -> dict:
    """Work a saved funnel out for all sessions of the shop, unless it was deleted meanwhile; how many sessions entered it."""
    with sessions.run_of(tenant) as run:
        saved = next((saved for saved in funnels.kept(tenant) if saved.number == number), None)
        if saved is None:
            _bury(tenant, run, number, ALL_SESSIONS)
            return {"sessions": 0}
        progress.report(0.1, "counting the sessions")
        _write(tenant, run, saved, ALL_SESSIONS)
        funnels.note_filled(tenant, saved, run)
    return {"sessions": _count(tenant, number)}


WRITE_SQL = """
INSERT INTO funnel_sessions (customer_id, funnel_id, day, sh, vh, ph, version, deleted, started_at, device_type, country, channel, is_bot,
    reached, waits, orders, cart_value, revenue, exit_page)
SELECT {tenant:String}, {funnel:UInt64}, day, unit, vh, ph, {run:UInt64}, 0, entered_at, device_type, country, channel, is_bot,
    reached, waits, orders, cart_value, revenue, exit_page
FROM ($units)"""


def _write(tenant: str, run: int, saved: Saved, where: Sql) -> None:
    params = {"tenant": tenant, "run": run, "funnel": saved.number}
    units = funnel_units.of_selection(Selection(where, params, *EVER), saved.definition, more=COLUMNS)
    settings = funnel_chain.SETTINGS | {"max_partitions_per_insert_block": 0}
    clickhouse.command(WRITE_SQL, units.params, settings=settings, units=units.rows)
    _bury(tenant, run, saved.number, where)


# A session may have left the funnel, or be gone: what this run did not write is no more.
BURY_SQL = """
INSERT INTO funnel_sessions (customer_id, funnel_id, day, sh, version, deleted)
SELECT customer_id, funnel_id, day, sh, {run:UInt64}, 1 FROM funnel_sessions FINAL
WHERE funnel_id = {funnel:UInt64} AND version < {run:UInt64} AND $sessions"""


def _bury(tenant: str, run: int, number: int, where: Sql) -> None:
    settings = {"max_partitions_per_insert_block": 0}
    clickhouse.command(BURY_SQL, {"tenant": tenant, "run": run, "funnel": number}, settings=settings, sessions=where)


COUNT_SQL = "SELECT count() AS sessions FROM funnel_sessions FINAL WHERE customer_id = {tenant:String} AND funnel_id = {funnel:UInt64}"


def _count(tenant: str, number: int) -> int:
    return clickhouse.query(COUNT_SQL, {"tenant": tenant, "funnel": number})[0]["sessions"]
