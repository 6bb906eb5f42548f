"""What tests record by hand: sessions of events, and order lines, of a shop of their own."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from models.customer import Customer, DeadLetter
from stores import clickhouse, postgres
from stores.clickhouse import Sql

AT = datetime(2025, 1, 10, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DEFAULTS = {"origin": "browser", "device_type": "mobile", "country": "DE", "channel": "direct", "browser": "Safari"}

INSERT_SQL = "INSERT INTO $table ($columns) SELECT $values"

RECOMPUTE_SQL = """
INSERT INTO sessions (customer_id, day, vh, sh, ph, version, deleted, session_id, visitor_id, user_id, device_type, browser, country,
                      channel, campaign, is_bot, started_at, ended_at, event_count, page_views, order_count, revenue, cart_value,
                      entry_page, exit_page, ms, events, names, page_types, paths)
SELECT customer_id, toDate(s), any(vh), sh, cityHash64(if(u = '', v, u)), {version:UInt64}, 0, any(session_id), any(visitor_id) AS v,
       argMaxIf(user_id, (timestamp, seq), user_id != '') AS u, any(device_type), any(browser),
       any(country), any(channel), any(campaign), max(is_bot),
       min(timestamp) AS s, max(timestamp), count(), countIf(event = 'page_view'), countIf(event = 'purchase'), sum(revenue),
       {cart:Decimal(18, 4)}, e[1].6, e[-1].6, arrayMap(x -> toUInt64(x.1 - e[1].1), e), arrayMap(x -> x.3, e), arrayMap(x -> x.4, e),
       arrayMap(x -> x.5, e), arrayMap(x -> x.6, e)
FROM (SELECT *, page_path, vh, sh, arraySort(groupArray((toUnixTimestamp64Milli(timestamp), seq, event, event_name, page_type, page_path))
             OVER (PARTITION BY sh)) AS e
      FROM events_raw FINAL WHERE customer_id = {tenant:String} AND session_id = {session:String})
GROUP BY customer_id, sh, e"""


def session(tenant: str, *steps, visitor="v1", session="s1", at=AT, cart="0", **columns) -> list[str]:
    """Record one session a minute an event; a step is a canonical name or (name, columns). The ids of the events."""
    ids = []
    for number, step in enumerate(steps):
        name, more = (step, {}) if isinstance(step, str) else step
        moment = at + number * MINUTE
        ids.append(str(uuid4()))
        row = {"event_id": ids[-1], "timestamp": moment, "received_at": moment, "seq": number, "event": name, "event_type": name}
        _insert("events_raw", {"customer_id": tenant, "visitor_id": visitor, "session_id": session} | DEFAULTS | row | columns | more)
    clickhouse.command(RECOMPUTE_SQL, {"tenant": tenant, "session": session, "version": postgres.next_version(tenant), "cart": cart})
    return ids


def order(tenant: str, order_id: str, *, kind="sale", line=0, at=AT, gross="10", discount="0", visitor="", session="", **columns) -> None:
    """Record one line of an order; with `visitor` and `session` it was placed in that session."""
    row = {
        "order_id": order_id,
        "kind": kind,
        "line": line,
        "version": 1,
        "day": at.date(),
        "ordered_at": at,
        "status": "paid",
        "quantity": 1,
    }
    row |= {"customer_id": tenant, "gross": gross, "discount": discount} | columns
    where = {"visitor": visitor, "session": session} if session else {}
    _insert("order_lines", row, where, Sql("cityHash64({visitor:String}, {session:String})") if session else Sql("0"))


def _insert(table: str, row: dict, params: dict | None = None, sh: Sql | None = None) -> None:
    names = list(row)
    columns, values = [Sql(name) for name in names], [Sql("{" + name + ":String}") for name in names]
    if sh:
        columns, values = [*columns, Sql("sh")], [*values, sh]
    texts = {name: _text(value) for name, value in row.items()}
    clickhouse.command(INSERT_SQL, texts | (params or {}), table=Sql(table), columns=Sql.join(", ", columns), values=Sql.join(", ", values))


def _text(value) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    return str(value)


def customer(tenant: str, customer_id: str, name: str | None = None, email: str | None = None) -> None:
    """Record the profile of a shopper."""
    with postgres.session(tenant) as db:
        db.add(Customer(tenant=tenant, customer_id=customer_id, name=name, email=email, traits={}))


def rejected(tenant: str, raw: bytes, reason: str, *, at=AT, origin="server", field=None) -> str:
    """Record an event that was refused; its id."""
    with postgres.session(tenant) as db:
        letter = DeadLetter(tenant=tenant, received_at=at, origin=origin, raw=raw, reason=reason, field=field)
        db.add(letter)
        db.flush()
        return str(letter.id)
