"""A manager signs in, looks around and leaves, in Chromium."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, query, settled, sign_in

pytestmark = pytest.mark.browser

# What a screen reader needs and an eye does not miss. Left out: the focus target that dcc.Dropdown hides.
UNNAMED_JS = """() => {
  const seen = element => element.checkVisibility({checkVisibilityCSS: true}) && !element.closest('.dash-dropdown-focus-target');
  const name = element => [element.getAttribute('aria-label'), element.title, element.innerText, element.alt, element.placeholder,
    ...[...(element.labels || [])].map(label => label.innerText),
    ...(element.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id)?.innerText)
  ].some(text => text && text.trim());
  const show = element => element.outerHTML.slice(0, 160);
  const controls = [...document.querySelectorAll('button, a[href], input:not([type=hidden]), select, textarea, [role=button]')];
  const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
  return [
    ...controls.filter(seen).filter(element => !name(element)).map(element => 'no name: ' + show(element)),
    ...[...document.images].filter(image => !image.hasAttribute('alt')).map(image => 'no alt: ' + show(image)),
    ...ids.filter((id, place) => ids.indexOf(id) !== place).map(id => 'id twice: ' + id),
    ...(document.documentElement.lang ? [] : ['no language']),
    ...([...document.querySelectorAll('h1')].filter(seen).length === 1 ? [] : ['not one h1']),
    ...(document.querySelector('main') ? [] : ['no main']),
  ];
}"""
TOO_WIDE_JS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def pages_of(page) -> list[str]:
    """The addresses in the sidebar, of all areas."""
    page.goto("/app/")
    settled(page)
    listed = page.evaluate("() => JSON.parse(document.querySelector('[data-pages]').dataset.pages).map(page => page.path)")
    assert "/app/" in listed
    return listed


def test_a_wrong_password_is_told_without_saying_which_field_was_wrong(stranger, server, watch):
    sign_in(stranger, server, password="wrong")
    expect(stranger.get_by_role("alert")).to_contain_text("Email or password is not right")
    expect(stranger.get_by_label("Email or username")).to_have_value("admin@ecommerce.com")
    # The browser itself notes the refused form.
    assert all("401" in words for words in watch.found)
    watch.found.clear()


def test_whoever_asks_for_a_page_lands_on_it_after_signing_in(stranger, server):
    stranger.goto(f"{server.url}/app/?period=7d")
    expect(stranger).to_have_url(re.compile(r"/login\?next="))
    stranger.get_by_label("Email or username").fill("admin@ecommerce.com")
    stranger.get_by_label("Password").fill("admin123")
    stranger.get_by_role("button", name="Sign in").click()
    settled(stranger)
    assert stranger.url == f"{server.url}/app/?period=7d"


def test_the_sign_in_page_names_all_it_shows(stranger, server):
    stranger.goto(f"{server.url}/login")
    assert stranger.evaluate(UNNAMED_JS) == []


def test_the_overview_shows_numbers_and_a_tile_chooses_the_chart(page):
    page.goto("/app/?period=7d")
    settled(page)
    tiles = page.locator(".kpi, [aria-pressed]")
    expect(tiles.filter(has_text="Net revenue").first).to_contain_text("€")
    orders = page.get_by_role("button", name=re.compile("Orders"))
    orders.first.click()
    settled(page)
    expect(page.get_by_role("heading", name=re.compile("Orders per"))).to_be_visible()


def test_a_filter_stands_in_the_address_and_survives_a_reload(page):
    page.goto("/app/?period=7d&device=mobile")
    settled(page)
    expect(page.locator(".main")).to_contain_text(re.compile("mobile", re.I))
    page.reload()
    settled(page)
    assert query(page) == "period=7d&device=mobile"


def test_dark_stays_dark(page):
    page.goto("/app/")
    settled(page)
    before = page.locator("html").get_attribute("data-bs-theme")
    page.locator("#main").focus()
    page.keyboard.press("t")
    after = "light" if before == "dark" else "dark"
    expect(page.locator("html")).to_have_attribute("data-bs-theme", after)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", after)


def test_the_keyboard_opens_help_and_search(page):
    page.goto("/app/")
    settled(page)
    page.locator("#main").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").filter(has_text="Search pages")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog").filter(has_text="Search pages")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()


def test_a_page_that_does_not_exist_says_so(page, watch):
    page.goto("/app/nothing-here")
    expect(page.get_by_text("There is no such page").first).to_be_visible()
    assert all("404" in words for words in watch.found)
    watch.found.clear()


def test_every_page_draws_without_a_word_in_the_console_and_names_what_it_shows(page):
    for path in pages_of(page):
        page.goto(path)
        settled(page)
        assert page.evaluate(UNNAMED_JS) == [], path
        assert page.get_by_text("could not be loaded").count() == 0, path


def test_every_page_fits_a_phone(phone):
    for path in pages_of(phone):
        phone.goto(path)
        settled(phone)
        assert phone.evaluate(TOO_WIDE_JS) == 0, path
        assert phone.viewport_size == NARROW


def test_signing_out_ends_the_session(chromium, server, watch):
    context = chromium.new_context()
    page = context.new_page()
    watch.over(page)
    sign_in(page, server)
    settled(page)
    page.get_by_role("button", name=re.compile("My account")).click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.wait_for_url("**/login*")
    page.goto(f"{server.url}/app/")
    expect(page).to_have_url(re.compile("/login"))
    context.close()
