"""How long until a page is complete in the browser, in a shop of ten million events?"""

import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import settings
import supervisor
from actions import accounts
from bench import browser, synthesis
from bench.measurement import Measurement
from errors import Unavailable

TARGET_S = 1.5
RUNS = 5
PERIODS = {"30 days": "from=2026-03-02&to=2026-03-31", "90 days": "from=2026-01-01&to=2026-03-31"}
START_S = 60
PAGES_JS = "() => JSON.parse(document.querySelector('[data-pages]').dataset.pages)"


def run() -> list[Measurement]:
    """Every page of the sidebar, each with 30 and with 90 days, and the sign-in page with an empty cache."""
    login, password = _account(synthesis.ensure())
    with _web() as url, browser.opened(url) as page:
        first = Measurement("Sign-in page, nothing cached", browser.complete_s(page, "/login"), "s", TARGET_S)
        _sign_in(page, login, password)
        return [first, *_measured(page)]


def _measured(page) -> Iterator[Measurement]:
    page.wait_for_selector("[data-pages]")
    for entry in page.evaluate(PAGES_JS):
        for words, query in PERIODS.items():
            took = browser.median_s(page, f"{entry['path']}?{query}", RUNS)
            yield Measurement(f"{entry['title']}, {words}", took, "s", TARGET_S)


def _account(tenant: str) -> tuple[str, str]:
    """A login and its password that leads into the shop of the benchmark and nowhere else."""
    name, password = f"bench-{secrets.token_hex(4)}", secrets.token_urlsafe(16)
    account = accounts.create(email=f"{name}@example.com", username=name, password=password)
    accounts.join(account, tenant, "admin")
    return name, password


def _sign_in(page, login: str, password: str) -> None:
    page.goto("/login")
    page.fill("#login", login)
    page.fill("#password", password)
    page.click("button[type=submit]")
    page.wait_for_url("**/app/**")


@contextmanager
def _web() -> Iterator[str]:
    """The address of a web server as production runs it, on the stores of this process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    current = replace(settings.current(), host="127.0.0.1", port=port)
    process = subprocess.Popen(supervisor.gunicorn(current), env=os.environ | {"HOST": current.host, "PORT": str(port)})
    try:
        _wait(process, f"http://127.0.0.1:{port}/health/live")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen, address: str) -> None:
    deadline = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    raise Unavailable("The web server of the benchmark does not start.")
