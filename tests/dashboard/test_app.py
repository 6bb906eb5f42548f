"""The UI on its server: pages, headers, files, and what stands at an address that no page has."""

import re

import pytest

from api.app import create_app
from dashboard import tokens
from dashboard.app import DEVELOPMENT_PAGES, PAGES
from tests.dashboard.conftest import texts

MODULES = {module.__name__.rsplit(".", 1)[1]: module for module in PAGES + DEVELOPMENT_PAGES}


def page_at(browser, path, search=""):
    """The words of the page that the router of Dash draws."""
    answer = browser.call("_pages_content.children", {"_pages_location.pathname": path, "_pages_location.search": search})
    return texts(answer.get_json()["response"]["_pages_content"]["children"])


@pytest.mark.parametrize("name", MODULES)
def test_every_page_builds_and_has_its_title_and_question(browser, name):
    page = MODULES[name].PAGE
    words = page_at(browser, f"/app{page.path}")
    assert page.title in words
    assert page.question in words
    assert browser.client.get(f"/app{page.path}").status_code == 200


def test_paths_and_keys_of_pages_are_taken_once():
    pages = [module.PAGE for module in MODULES.values()]
    assert len({page.path for page in pages}) == len(pages)
    keys = [page.key for page in pages if page.key]
    assert len(set(keys)) == len(keys)


def test_an_address_that_no_page_has_is_404_with_a_way_back(browser):
    answer = browser.client.get("/app/nowhere")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert page_at(browser, "/app/nowhere").startswith("There is no such page")


def test_an_unknown_script_is_404(client):
    assert client.get("/app/_dash-component-suites/nothing/here.js").status_code == 404


def test_a_page_may_load_nothing_from_elsewhere(browser):
    policy = browser.client.get("/app/").headers["Content-Security-Policy"]
    assert re.fullmatch(
        r"default-src 'self'; script-src 'self'( 'sha256-[^']+')+; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        r"font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        r"frame-ancestors 'none'; form-action 'self'",
        policy,
    )


def test_every_inline_script_is_one_that_the_policy_allows(browser):
    import base64
    import hashlib

    answer = browser.client.get("/app/")
    inline = [body for kind, body in re.findall(r"<script([^>]*)>(.*?)</script>", answer.text, re.DOTALL) if body and "json" not in kind]
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'" for body in inline]
    assert inline
    assert [one for one in hashes if one not in answer.headers["Content-Security-Policy"]] == []


def test_the_page_names_no_other_host(browser):
    text = browser.client.get("/app/").text
    assert re.findall(r"(?:src|href)=[\"'](?:https?:)?//[^\"']+", text) == []


def test_no_style_sheet_or_script_of_ours_names_another_host():
    files = [path for path in tokens.ASSETS.iterdir() if path.suffix in (".css", ".js")]
    external = {path.name: re.findall(r"(?:url\(|import |fetch\()[\"']?https?://[^\"')]+", path.read_text()) for path in files}
    assert {name: found for name, found in external.items() if found} == {}


def test_data_is_not_kept_by_caches_but_files_are(browser):
    assert browser.client.get("/app/_dash-layout").headers["Cache-Control"] == "no-store"
    with browser.client.get("/app/assets/theme.css") as file:
        assert "no-store" not in file.headers.get("Cache-Control", "")


def test_the_theme_is_known_before_the_first_paint(browser):
    browser.client.set_cookie("theme", "dark")
    assert 'data-bs-theme="dark"' in browser.client.get("/app/").text
    browser.client.set_cookie("theme", '"><script>')
    assert 'data-bs-theme="light"' in browser.client.get("/app/").text


def test_a_link_to_another_shop_never_chooses_it(browser, tenant, other_tenant):
    assert page_at(browser, "/app/", f"?shop={tenant}").startswith("Overview")
    assert page_at(browser, "/app/", f"?shop={other_tenant}").startswith("You cannot see this shop")


def test_a_member_is_offered_the_switch(browser, other_tenant):
    from actions import accounts
    from tests.dashboard.test_shops import account_of

    accounts.join(account_of(browser), other_tenant, "viewer")
    words = page_at(browser, "/app/", f"?shop={other_tenant}")
    assert words == f"This link belongs to {other_tenant} You are looking at another shop. Switch to {other_tenant}"


def test_a_page_without_permission_says_so(browser_of, tenant):
    assert page_at(browser_of(tenant, "customer"), "/app/").startswith("You cannot see Overview")


def test_a_second_application_in_the_process_has_all_pages_and_callbacks(app, browser):
    again = create_app(app.config["ECAP"])
    client = again.test_client()
    for cookie in ("access_token_cookie", "csrf_access_token"):
        client.set_cookie(cookie, browser.client.get_cookie(cookie).value)
    first, second = (one.get("/app/_dash-dependencies").get_json() for one in (browser.client, client))
    assert [callback["output"] for callback in first] == [callback["output"] for callback in second]


def test_the_page_of_parts_is_not_there_in_production(app):
    from dataclasses import replace

    live = create_app(replace(app.config["ECAP"], environment="production"))
    assert not any("parts" in module for module in _pages(live))


def _pages(_server):
    import dash

    return list(dash.page_registry)
