"""What a shop does not want to keep is gone everywhere, and nothing else is."""

from datetime import UTC, datetime, timedelta

from actions import ingest, tenants
from jobs import ingest as consumer
from jobs import retention
from stores import clickhouse
from tests.ingesting import AT, event, orders, send, sessions

DAY = 86_400
AGE_DAYS = (datetime.now(UTC) - AT) / timedelta(days=1)


def visitors(tenant: str) -> list[str]:
    rows = clickhouse.query("SELECT visitor_id FROM events_raw FINAL WHERE customer_id = {t:String} ORDER BY visitor_id", {"t": tenant})
    return [row["visitor_id"] for row in rows]


def test_old_events_go_and_their_sessions_with_them(tenant, other_tenant):
    tenants.change(tenant, retention_days=int(AGE_DAYS) + 5)
    old = event("purchase", -10 * DAY, visitor_id="old", session_id="s0", properties={"order_id": "o", "total": "5"})
    send(tenant, old, event("page_view", 0, visitor_id="young"))
    ingest.record_events(tenant, [event("page_view", -10 * DAY, visitor_id="uploaded", session_id="s2")], import_id="up")
    send(other_tenant, old)
    consumer.drain()
    assert retention.run(tenant) == 2
    assert (visitors(tenant), [row[0] for row in sessions(tenant)]) == (["uploaded", "young"], ["uploaded", "young"])
    assert [row[7] for row in orders(tenant)] == ["5.0000"]  # the books stay
    assert visitors(other_tenant) == ["old"]


def test_a_shop_that_keeps_everything_loses_nothing(tenant):
    send(tenant, event("page_view", -100 * DAY))
    assert (retention.run(tenant), visitors(tenant)) == (0, ["v1"])
