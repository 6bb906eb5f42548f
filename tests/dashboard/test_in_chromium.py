"""What only a browser can show: the chips and the URL, the menu of a card, the theme, the renewal of a token."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from tests.analytics.conftest import record

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)  # a machine that runs the other tests beside is slow


@pytest.fixture(scope="module")
def address(app) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(chromium, address, browser, tenant) -> Iterator[Page]:
    """The Overview of a shop with two visits of today, signed in; fails on a word in the console or a request elsewhere."""
    hour_ago = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=2)
    record(tenant, "page_view", at=hour_ago, country="DE", device="mobile", visitor="a")
    record(tenant, "page_view", at=hour_ago, country="FR", device="desktop", visitor="b")
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light", base_url=address, accept_downloads=True)
    context.set_default_timeout(30_000)
    context.add_cookies([_cookie(browser, name, address) for name in ("access_token_cookie", "csrf_access_token", "csrf_refresh_token")])
    context.add_cookies([_cookie(browser, "refresh_token_cookie", address, path="/auth/refresh")])
    page, wrong = context.new_page(), []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("response", lambda answer: wrong.append(f"{answer.status} {answer.text()[:300]}") if answer.status >= 400 else None)
    page.on("pageerror", lambda problem: wrong.append(str(problem)))
    page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith((address, "data:", "blob:")) else None)
    page.wrong = wrong
    page.goto("/app/")
    ready(page)
    yield page
    context.close()
    assert wrong == []


def _cookie(browser, name: str, address: str, path: str = "/") -> dict:
    return {"name": name, "value": browser.client.get_cookie(name, path=path).value, "url": address + path}


def ready(page: Page) -> None:
    expect(page.locator(".kpi-value").first).to_be_visible()
    expect(page.locator("#overview-trend .trace").first).to_be_attached()
    page.wait_for_load_state("networkidle")


def visitors(page: Page, number: str) -> None:
    expect(page.locator(".kpi", has_text="Visitors").locator(".kpi-value")).to_have_text(number)


def choose(page: Page, chip: str, *words: str) -> None:
    page.locator(f".chip-{chip} .dash-dropdown").click()
    for word in words:
        page.locator(".dash-dropdown-option", has_text=word).click()
    if chip not in ("period", "compare"):
        page.keyboard.press("Escape")


def query(page: Page, text: str) -> None:
    expect(page).to_have_url(re.compile(rf"/app/{re.escape(text)}$"))


def only_refused(page: Page) -> None:
    """The browser notes each 401 by itself; nothing else went wrong."""
    assert [words for words in page.wrong if "401" not in words] == []
    page.wrong.clear()


def test_chips_write_the_url_and_the_url_sets_the_chips(page):
    visitors(page, "2")
    choose(page, "period", "Last 7 days")
    query(page, "?period=7d")
    choose(page, "country", "Germany")
    query(page, "?period=7d&country=DE")
    visitors(page, "1")
    choose(page, "country", "All but these")
    query(page, "?period=7d&country=!DE")
    visitors(page, "1")
    page.reload()
    visitors(page, "1")
    expect(page.locator(".chip-country .dash-dropdown-value-item")).to_have_text(["All but these", "Germany"])
    choose(page, "period", "Last 28 days")
    query(page, "?country=!DE")


def test_parameters_that_the_bar_does_not_know_are_kept(page):
    page.goto("/app/?view=7&metric=orders")
    ready(page)
    choose(page, "compare", "No comparison")
    query(page, "?view=7&metric=orders&compare=none")
    expect(page.locator("#overview-title")).to_have_text(re.compile("Orders per"))


def test_each_question_is_asked_once_when_the_page_opens(page):
    asked = []
    page.on("request", lambda request: asked.append(request.post_data) if request.url.endswith("_dash-update-component") else None)
    page.on("request", lambda request: asked.append(request.post_data or "") if "_dash-update-component?" in request.url else None)
    page.reload()
    ready(page)
    for output in ("overview-numbers-tiles.children", "overview-trend.figure", "scope-facts.children", "scope-channel.options"):
        assert sum(f'"output":"..{output}' in body for body in asked) == 1, output


def test_going_back_shows_what_was_there(page):
    choose(page, "device", "Mobile")
    query(page, "?device=mobile")
    visitors(page, "1")
    page.go_back()
    query(page, "")
    visitors(page, "2")


def test_filters_that_match_nothing_are_cleared_by_one_button(page):
    page.goto("/app/?country=PL&device=tablet")
    page.get_by_role("button", name="Clear 2 filters").click()
    query(page, "")
    visitors(page, "2")


def test_a_chart_has_its_rows_and_its_csv(page):
    page.locator("#overview-chart [data-menu]").click()
    page.get_by_role("menuitem", name="Rows").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("th")).to_have_text(["When", "Net revenue"])
    expect(dialog.locator("tbody tr")).to_have_count(28)
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Save as CSV").click()
    assert download.value.suggested_filename == "net-revenue-per-day.csv"
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_theme_changes_the_figures_without_asking_the_server(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#main").focus()
    page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("#overview-trend .main-svg").first).to_have_css("background-color", "rgb(25, 29, 31)")
    assert asked == []


def test_a_token_that_ran_out_is_renewed_behind_the_scenes(page):
    page.context.clear_cookies(name="access_token_cookie")
    page.locator(".kpi", has_text="Visitors").click()
    expect(page.locator("#overview-title")).to_have_text("Visitors per day")
    assert "access_token_cookie" in {cookie["name"] for cookie in page.context.cookies()}
    only_refused(page)


def test_who_is_signed_out_elsewhere_lands_on_the_sign_in_and_comes_back(page):
    page.context.clear_cookies()
    page.locator(".kpi", has_text="Orders").click()
    expect(page).to_have_url(re.compile(r"/login\?next=%2Fapp%2F"))
    only_refused(page)


def test_the_search_finds_a_page_by_keyboard(page):
    page.locator("#main").focus()
    page.keyboard.press("/")
    page.keyboard.type("overv")
    expect(page.locator("#found a")).to_have_count(1)
    page.keyboard.press("Enter")
    query(page, "")
    expect(page.locator("#found")).to_be_hidden()
