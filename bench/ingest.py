"""How many events a second are accepted and stored, in batches and one by one, with ten million ids seen before.

BENCH_SECONDS shortens the sustained run, BENCH_RATE is what it offers (events a second), BENCH_IDS how many ids were seen.
"""

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import manage
import settings
import supervisor
from actions import accounts, keys, tenants
from bench import load
from bench.measurement import Measurement
from settings import PROJECT
from stores import clickhouse, embedded, event_log, postgres

SECONDS = float(os.environ.get("BENCH_SECONDS", "300"))
RATE = float(os.environ.get("BENCH_RATE", "42000"))
IDS = int(os.environ.get("BENCH_IDS", "10000000"))
BATCH, VISITORS = 500, 60  # events and visitors of one request: 8.3 events a session
SINGLE_S = 15
SHOP = "bench"


@dataclass(frozen=True)
class World:
    """A server of the bench's own."""

    port: int
    key: str


def run() -> list[Measurement]:
    """The figures of ingestion; the targets are those of 2 cores that do nothing else, the client included."""
    with tempfile.TemporaryDirectory(prefix="ecap-bench-") as folder, _world(Path(folder)) as world:
        _see_ids(IDS)
        with _programs(world):
            empty = load.run(world.port, lambda: load.request("/empty", b""), seconds=SINGLE_S)
            single = load.run(world.port, _singles(world), seconds=SINGLE_S)
            _wait_until_stored()
            stored_s, batches, most_waiting = _sustain(world)
    accepted = batches.answered * BATCH
    return [
        Measurement(f"Accepted and stored, batches of {BATCH}", accepted / stored_s, "events/s", 40_000, True, note=_conditions()),
        Measurement("Answer to a batch, 99 of 100", batches.percentile_ms(0.99), "ms"),
        Measurement("Most events waiting in the log", most_waiting, "events"),
        Measurement("Single events accepted", single.rate, "requests/s", 1200, True, yardstick=empty.rate),
        Measurement("Single events, share of empty POSTs", single.rate / empty.rate, "×", 0.5, True),
        Measurement("Answer to a single event, 99 of 100", single.percentile_ms(0.99), "ms"),
    ]


def _conditions() -> str:
    return f"{SECONDS:.0f} s at {RATE:,.0f} events/s offered, {IDS:,} ids seen before"


@contextmanager
def _world(home: Path):
    """Embedded servers with an enterprise shop whose limit holds; their addresses in the environment."""
    before = dict(os.environ)
    for name in embedded.VARIABLES.values():
        os.environ.pop(name, None)
    os.environ |= {"ECAP_HOME": str(home), "DEMO": "0", "EVENTS_PER_MINUTE_ENTERPRISE": "100000000"}
    settings.current.cache_clear()
    running = embedded.start(settings.current())
    try:
        os.environ |= running.environ
        settings.current.cache_clear()
        manage.migrate()
        postgres.close()
        yield World(_free_port(), _shop())
    finally:
        postgres.close()
        running.stop()
        os.environ.clear()
        os.environ |= before
        settings.current.cache_clear()


def _shop() -> str:
    """The write key of a shop that is counted like any other."""
    owner = accounts.create(email="bench@example.com", username="bench", password=secrets.token_urlsafe(16))
    tenants.create("Bench", owner=owner, id=SHOP)
    tenants.change(SHOP, tier="enterprise")
    return keys.write_key(SHOP)


SEE_SQL = "INSERT INTO event_ids (customer_id, event_id) SELECT {shop:String}, generateUUIDv4() FROM numbers({count:UInt64})"


def _see_ids(count: int) -> None:
    clickhouse.command(SEE_SQL, {"shop": SHOP, "count": count})


@contextmanager
def _programs(world: World):
    """The web server and the consumer, as the supervisor starts them."""
    web = [part if part != "wsgi:app" else "bench.server:app" for part in supervisor.gunicorn(replace(settings.current(), port=world.port))]
    commands = [web, [sys.executable, "manage.py", "ingest"]]
    started = [subprocess.Popen(command, cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(PROJECT)}) for command in commands]
    try:
        _wait(lambda: load.run(world.port, lambda: load.request("/empty", b""), seconds=0.1, connections=1).answered)
        yield
    finally:
        for program in started:
            program.terminate()
        for program in started:
            program.wait()


def _singles(world: World) -> Callable[[], bytes]:
    """One event after the other, each under its own id."""
    numbers = iter(range(1 << 62))

    def next_request() -> bytes:
        number = next(numbers)
        event = _event(number % 500, f"single-{number // 8}") | {"event_id": str(uuid.UUID(int=number << 32 | 1 << 100))}
        return load.request("/track", json.dumps(event).encode(), X_API_Key=world.key)

    return next_request


def _batches(world: World) -> Callable[[], bytes]:
    """Batches made from one template: new ids, visitors and times by a replacement of equal length."""
    number_at, time_at = "~" * 12, "2000-01-01T00:00:00Z"
    events = [
        _event(place, f"{place % VISITORS}-{number_at}") | {"event_id": f"{place:08x}-0000-4000-8000-{number_at}", "timestamp": time_at}
        for place in range(BATCH)
    ]
    template = load.request("/track/batch", json.dumps({"events": events}).encode(), X_API_Key=world.key)
    numbers = iter(range(1 << 40))

    def next_request() -> bytes:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return template.replace(number_at.encode(), b"%012x" % next(numbers)).replace(time_at.encode(), now.encode())

    return next_request


def _event(place: int, visitor: str) -> dict:
    """An event of ordinary size (about 450 bytes): of forty, twenty pages, twelve products, seven carts, one purchase."""
    name = "purchase" if place % 40 == 39 else ("page_view", "view_item", "page_view", "add_to_cart", "page_view", "view_item")[place % 6]
    product = f"p{place % 120}"
    properties = {"product_id": product, "category": "kitchen", "price": 19.99, "quantity": 1, "list": "search results"}
    if name == "purchase":
        items = [{"item_id": product, "item_name": "Cup", "price": 19.99, "quantity": 2}]
        properties = {"transaction_id": f"{visitor}-{place}", "value": 39.98, "currency": "EUR", "items": items}
    return {
        "visitor_id": f"visitor-{visitor}",
        "session_id": f"session-{visitor}",
        "event_type": name,
        "event_name": "Something happened",
        "page_url": f"https://shop.example.com/products/{product}?ref=list",
        "referrer": "https://www.google.com/",
        "properties": properties,
    }


def _sustain(world: World) -> tuple[float, load.Load, int]:
    """Offer RATE for SECONDS; the seconds until all of it was stored, the load, and the most events that waited."""
    waiting, began, make = [0], time.perf_counter(), _batches(world)
    looked = [began]

    def next_request() -> bytes:
        if time.perf_counter() - looked[0] > 1:
            looked[0] = time.perf_counter()
            waiting.append(event_log.current().backlog())
        return make()

    batches = load.run(world.port, next_request, seconds=SECONDS, connections=8, rate=RATE / BATCH)
    _wait_until_stored()
    return time.perf_counter() - began, batches, max(waiting)


def _wait_until_stored() -> None:
    _wait(lambda: event_log.current().backlog() == 0, patience_s=300)


def _wait(is_so: Callable[[], object], *, patience_s: float = 60) -> None:
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        try:
            if is_so():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the bench waited too long")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
