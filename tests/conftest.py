"""The real stores, embedded, once per pytest process; each test has a shop of its own, so nothing is ever cleaned up."""

import logging
import os
import shutil
from dataclasses import fields
from datetime import date
from pathlib import Path
from random import randrange
from uuid import uuid4

import pytest
import structlog
from sqlalchemy import text

import manage
import settings
from analytics.scope import Scope, days
from stores import embedded, logs, postgres

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def chromium():
    """The browser of all browser tests of this process: Playwright cannot be started twice in one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def pytest_collection_modifyitems(items):
    """Browser tests need a Chromium; `make test` installs one where it may."""
    if CHROMIUM is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="there is no Chromium on this machine and it could not be installed"))


@pytest.fixture(scope="session", autouse=True)
def environment(tmp_path_factory):
    """The settings of the tests: the defaults, whatever the developer's own environment says, in a folder of this process."""
    with pytest.MonkeyPatch.context() as patch:
        for field in fields(settings.Settings):
            patch.delenv(field.name.upper(), raising=False)
        patch.setenv("ECAP_HOME", str(tmp_path_factory.mktemp("ecap")))
        patch.setenv("DEMO", "0")
        settings.current.cache_clear()
        yield patch
    settings.current.cache_clear()


@pytest.fixture(scope="session")
def servers(environment):
    """The embedded servers with all tables, and their URLs in the environment."""
    running = embedded.start(settings.current())
    for name, url in running.environ.items():
        environment.setenv(name, url)
    settings.current.cache_clear()
    manage.migrate()
    yield running
    postgres.close()
    running.stop()


@pytest.fixture
def tenant(servers) -> str:
    """The id of a new shop that nobody else uses."""
    return new_tenant()


@pytest.fixture
def other_tenant(servers) -> str:
    """A second shop, to show that nothing of it is seen."""
    return new_tenant()


@pytest.fixture
def scope(tenant) -> Scope:
    """January 2025 of `tenant` in UTC."""
    return days(tenant, date(2025, 1, 1), date(2025, 1, 31))


@pytest.fixture(scope="session")
def app(servers):
    """The whole Flask application."""
    from api.app import create_app

    app = create_app(settings.current())
    app.testing = True
    return app


@pytest.fixture
def client(app):
    """A client without cookies or credentials, at an address of its own: limits of other tests are not its."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"127.{randrange(256)}.{randrange(256)}.{randrange(1, 255)}"
    return client


@pytest.fixture
def bearer(app):
    """A function: the headers of a new account that has `role` in the shop."""
    from actions import accounts
    from api import auth

    def headers(tenant: str, role: str = "admin") -> dict[str, str]:
        name = f"u{uuid4().hex[:12]}"
        account = accounts.create(email=f"{name}@example.com", username=name, password="correct horse battery")
        accounts.join(account, tenant, role)
        with app.app_context():
            return {"Authorization": f"Bearer {auth.issue_token(accounts.identity(account, tenant))}"}

    return headers


@pytest.fixture
def own_logging():
    """Where the log goes and from which level on is this test's own business."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield root
    root.handlers[:], root.level = before
    logs.clear()
    structlog.reset_defaults()


@pytest.fixture
def home(tmp_path) -> Path:
    """An empty folder for a set of embedded servers of one test's own."""
    return tmp_path / "home"


def new_tenant() -> str:
    """Insert a shop with defaults; its id."""
    tenant = f"t{uuid4().hex[:12]}"
    with postgres.owner() as connection:
        connection.execute(text("INSERT INTO tenants (id, name, timezone, currency) VALUES (:id, :id, 'UTC', 'EUR')"), {"id": tenant})
    return tenant


def subprocess_environ(**more: str) -> dict[str, str]:
    """The environment for a process that a test starts: this one's, with `more`."""
    return os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)} | more
