"""A whole ECAP as `python wsgi.py` starts it, with three days of the demo shop, and Chromium in front of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import BrowserContext, Page, expect

import settings
from demo import simulate
from demo.plan import Plan, shop_day

PROJECT = Path(__file__).parents[2]
DAYS = 3
BATCH = 4000
START_S = 90
PATIENCE_MS = 30_000  # a machine that runs the other tests beside is slow
WIDE, NARROW = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}


expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Server:
    """A running ECAP."""

    url: str
    process: subprocess.Popen
    log: Path

    def wait(self, path: str, is_right, timeout_s: float = START_S) -> requests.Response:
        """The answer at `path` once `is_right(answer)`."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                answer = requests.get(self.url + path, timeout=5)
            except requests.RequestException:  # not up yet, or busy starting
                answer = None
            if answer is not None and is_right(answer):
                return answer
            time.sleep(0.3)
        raise AssertionError(f"{path} did not answer as hoped; the server's last words:\n{self.log.read_text()[-3000:]}")


@dataclass
class Watch:
    """What went wrong in a page that its user would not see."""

    origin: str
    found: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        """Listen to `page`."""
        page.on("console", lambda message: self._note(message.type in ("error", "warning"), f"console: {message.text}"))
        page.on("pageerror", lambda problem: self._note(True, f"script: {problem}"))
        page.on("request", lambda request: self._note(self._is_foreign(request.url), f"request elsewhere: {request.url}"))
        page.on("response", lambda answer: self._note(answer.status >= 400, f"{answer.status} {answer.url}"))

    def _note(self, is_wrong: bool, words: str) -> None:
        if is_wrong:
            self.found.append(words)

    def _is_foreign(self, url: str) -> bool:
        return not url.startswith((self.origin, "data:", "blob:"))


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[Server]:
    """ECAP on a free port with a folder of its own, filled with the last days of the demo shop through its own door."""
    folder = tmp_path_factory.mktemp("browser")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    names = {entry.name.upper() for entry in fields(settings.Settings)}
    environ = {name: value for name, value in os.environ.items() if name not in names}
    environ |= {"ECAP_HOME": str(folder / "home"), "PORT": str(port), "DEMO": "0"}
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "wsgi.py"], cwd=PROJECT, env=environ, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
        )
    running = Server(f"http://127.0.0.1:{port}", process, folder / "server.log")
    try:
        running.wait("/health/ready", lambda answer: answer.status_code == 200)
        feed(running)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def feed(server: Server) -> None:
    """Send the last days of the demo shop to /track/batch and wait until all of it is counted."""
    now = datetime.now(UTC)
    plan = Plan(shop_day(now))
    events = [event for day in simulate.events(plan, now - timedelta(days=DAYS), now) for event in day]
    for start in range(0, len(events), BATCH):
        batch = [_sent(event) for event in events[start : start + BATCH]]
        answer = requests.post(f"{server.url}/track/batch", json={"events": batch}, timeout=30)
        assert answer.json()["events_rejected"] == 0, answer.text[:500]
    server.wait("/metrics", lambda answer: _stored(answer.text) >= len(events))


@pytest.fixture(scope="session")
def cookies(chromium, server) -> dict:
    """The state of a browser in which the development administrator signed in."""
    context = chromium.new_context()
    page = context.new_page()
    sign_in(page, server)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def watch(server) -> Iterator[Watch]:
    """Fails the test when a page of it had an error in the console, a failed answer or a request to another host."""
    watch = Watch(server.url)
    yield watch
    assert watch.found == []


@pytest.fixture
def stranger(chromium, watch) -> Iterator[Page]:
    """A page of a browser in which nobody is signed in."""
    yield from _page(chromium.new_context(viewport=WIDE), watch)


@pytest.fixture
def page(chromium, server, cookies, watch) -> Iterator[Page]:
    """A page in which the administrator is signed in, 1440 pixels wide."""
    yield from _page(chromium.new_context(viewport=WIDE, storage_state=cookies, base_url=server.url), watch)


@pytest.fixture
def phone(chromium, server, cookies, watch) -> Iterator[Page]:
    """The same, 390 pixels wide, with a finger."""
    yield from _page(chromium.new_context(viewport=NARROW, storage_state=cookies, base_url=server.url, has_touch=True), watch)


def sign_in(page: Page, server: Server, password: str = settings.DEVELOPMENT_ADMIN_PASSWORD) -> None:
    """Fill in the form of the sign-in page as the development administrator."""
    page.goto(f"{server.url}/login")
    page.get_by_label("Email or username").fill("admin@ecommerce.com")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def settled(page: Page) -> Page:
    """The page when its cards are drawn."""
    page.wait_for_load_state("networkidle")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    return page


def query(page: Page) -> str:
    """The part of the address after the question mark."""
    return urlsplit(page.url).query


def _page(context: BrowserContext, watch: Watch) -> Iterator[Page]:
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    watch.over(page)
    yield page
    context.close()


def _sent(event) -> dict:
    """An event as document 002 writes it."""
    names = ("event_type", "event_name", "visitor_id", "user_id", "session_id", "page_url", "page_title", "referrer", "page_type")
    fields = {name: getattr(event, name) for name in (*names, "country", "user_agent", "time_zone") if getattr(event, name)}
    return fields | {"event_id": _uuid(event.event_id), "timestamp": event.timestamp, "properties": json.loads(event.properties)}


def _uuid(raw: bytes) -> str:
    digits = raw.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _stored(metrics: str) -> int:
    lines = (line for line in metrics.splitlines() if line.startswith('events_stored_total{customer_id="demo_tenant"'))
    return sum(int(float(line.split()[-1])) for line in lines)
