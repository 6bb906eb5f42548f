"""The sidebar: what each account finds in it."""

import pytest

from dashboard import shell
from tests.dashboard.conftest import texts


def areas(browser, path="/app/", search=""):
    return browser.call("side-areas.children", {"url.pathname": path, "url.search": search}).get_json()["response"]["side-areas"][
        "children"
    ]


def test_the_open_area_shows_its_pages_and_links_keep_the_period_only(browser):
    shown = areas(browser, search="?period=7d&country=DE&metric=orders")
    assert texts(shown).startswith("Home Overview")
    assert "/app/?period=7d'" in str(shown)
    assert "country" not in str(shown)


def test_a_customer_of_the_shop_finds_no_page_of_it(browser_of, tenant):
    assert areas(browser_of(tenant, "customer")) == []


def test_the_frame_names_the_shop_the_account_and_its_role(browser, tenant):
    answer = browser.call("side-head.children", {"side.id": "side"}).get_json()["response"]
    assert answer["topbar-shop"]["children"] == tenant
    assert f"Maria Keller {browser.email} Manager of {tenant}" in texts(answer["side-foot"]["children"])


def test_the_search_knows_the_pages_that_the_account_may_see(browser, browser_of, tenant):
    known = [str(who.call("side-head.children", {"side.id": "side"}).get_json()) for who in (browser, browser_of(tenant, "customer"))]
    assert ["Overview" in one for one in known] == [True, False]


@pytest.mark.parametrize(
    ("path", "page", "inside"),
    [("/data", "/data", True), ("/data/upload", "/data", True), ("/database", "/data", False), ("/data", "/", False), ("/", "/", True)],
)
def test_a_detail_belongs_to_its_page(path, page, inside):
    assert shell.is_inside(path, page) is inside


@pytest.mark.parametrize(("name", "letters"), [("Maria Keller", "MK"), ("Maria von Keller", "MK"), ("admin", "A"), ("", "")])
def test_initials(name, letters):
    assert shell.initials(name) == letters
