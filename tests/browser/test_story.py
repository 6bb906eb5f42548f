"""The first whole journey in Chromium: a file goes into a new shop and is on its pages; what an integration sends appears."""

import re
from pathlib import Path

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.conftest import query, settled

pytestmark = pytest.mark.browser

# Three people of a shop in May 2025: one buys, one stops at the cart, one sees a page.
ROWS = """\
time,user_id,visit,action,page,product,price
2025-05-02 09:00:00,anna,a1,page_view,/,,
2025-05-02 09:01:00,anna,a1,view_item,/p/lamp,Lamp,40.00
2025-05-02 09:02:00,anna,a1,add_to_cart,/p/lamp,Lamp,40.00
2025-05-02 09:03:00,anna,a1,begin_checkout,/checkout,,
2025-05-02 09:04:00,anna,a1,add_payment_info,/checkout/payment,,
2025-05-02 09:05:00,anna,a1,purchase,/checkout/confirmation,Lamp,40.00
2025-05-03 10:00:00,ben,b1,page_view,/,,
2025-05-03 10:01:00,ben,b1,view_item,/p/vase,Vase,25.00
2025-05-03 10:02:00,ben,b1,add_to_cart,/p/vase,Vase,25.00
2025-05-03 11:00:00,carla,c1,page_view,/,,
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("file") / "spring shop.csv"
    file.write_text(ROWS)
    return file


def upload(page, file: Path) -> None:
    """Choose the file and read it as it was guessed."""
    page.goto("/app/data/upload")
    settled(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(file)
    expect(page).to_have_url(re.compile("step=columns"))
    settled(page)
    page.get_by_role("button", name=re.compile("^Read ")).click()
    expect(page).to_have_url(re.compile("step=done"), timeout=90_000)


def test_a_file_goes_into_a_new_shop_and_its_pages_open_on_its_own_period(page, file):
    upload(page, file)
    expect(page.get_by_text("Rows stored").locator("..")).to_contain_text("10")

    page.get_by_role("link", name=re.compile("Open the shop")).click()
    page.wait_for_url(re.compile("from=2025-05-02&to=2025-05-03"))
    settled(page)
    expect(page.get_by_role("button", name=re.compile("^Shop Spring shop", re.I))).to_be_visible()
    tiles = page.get_by_role("region", name="Key numbers")
    for tile in ("Net revenue €40.00", "Orders 1", "Average order €40.00", "Visitors 3"):
        expect(tiles.get_by_role("button", name=re.compile(tile))).to_be_visible()

    page.goto("/app/journeys?who=anna")
    settled(page)
    expect(page.locator("main")).to_contain_text("Lamp")
    expect(page.locator("main")).to_contain_text("€40.00")


def test_the_funnel_of_the_demo_shop_names_its_steps_and_what_they_lose(page):
    page.goto("/app/funnel?period=7d")
    settled(page)
    for step in ("View", "cart", "checkout", "pay", "order|purchase|bought"):
        expect(page.locator("main").get_by_text(re.compile(step, re.I)).first).to_be_visible()
    expect(page.locator("main").get_by_text(re.compile(r"left.*€", re.I | re.S)).first).to_be_visible()


def test_an_order_leads_to_the_journey_of_its_buyer(page):
    page.goto("/app/journeys")
    settled(page)
    order = page.get_by_role("link", name=re.compile("^Order LO")).first
    number = re.search(r"LO\d+", order.inner_text())[0]
    order.click()
    expect(page).to_have_url(re.compile("who="))
    settled(page)
    expect(page.locator("main")).to_contain_text(number)


def test_a_person_is_found_by_typing_and_opened_with_the_keyboard(page):
    page.goto("/app/journeys")
    settled(page)
    page.get_by_label(re.compile("^Person")).fill("@example.")
    expect(page.get_by_role("listbox", name="Found").get_by_role("link").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"who=c\d+"))
    settled(page)
    expect(page.get_by_role("heading", level=2).first).to_be_visible()


def test_paths_show_where_they_went_and_which_whole_ways_paid(page):
    page.goto("/app/paths?period=7d")
    settled(page)
    expect(page.get_by_role("heading", name=re.compile("Where they went from"))).to_be_visible()
    expect(page.locator("main .js-plotly-plot").first).to_contain_text("Product")
    expect(page.get_by_role("grid").get_by_role("row").nth(1)).to_contain_text("→")


def test_what_an_integration_sends_appears_on_the_data_page_with_its_verdict(page, server):
    good = {"visitor_id": "till-7", "session_id": "t1", "event_type": "Product Viewed", "properties": {"product_id": "LO-101"}}
    bad = {"event_type": "page_view", "event_name": "Nobody was here"}
    answer = requests.post(f"{server.url}/track/batch", json={"events": [good, bad]}, timeout=10).json()
    assert (answer["events_accepted"], answer["events_rejected"]) == (1, 1)

    page.goto("/app/data")
    settled(page)
    expect(page.locator("main").get_by_text("Product Viewed").first).to_be_visible()
    expect(page.locator("main").get_by_text("view_item").first).to_be_visible()
    expect(page.locator("main").get_by_text("Rejected", exact=True).nth(1)).to_be_visible()


def test_the_editor_of_the_funnel_counts_while_steps_change_and_the_address_keeps_them(page):
    page.goto("/app/funnel?period=7d")
    settled(page)
    page.get_by_role("button", name="Edit steps").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("status").last).to_contain_text(re.compile(r"[\d.]+% of [\d,]+ sessions"))
    drawer.get_by_role("button", name="Remove step").last.click()
    expect(drawer.get_by_role("listitem").filter(has=page.get_by_role("button", name="Remove step"))).to_have_count(4)
    drawer.get_by_role("button", name="Apply").click()
    expect(drawer).to_be_hidden()
    settled(page)
    assert query(page) != "period=7d"
    page.reload()
    settled(page)
    expect(page.locator("main").get_by_text("Entered payment").first).to_be_visible()
    expect(page.locator("main").get_by_text("Paid", exact=True)).to_have_count(0)


def test_an_exit_of_the_funnel_tells_why_they_left(page):
    page.goto("/app/funnel?period=7d")
    settled(page)
    page.get_by_role("button", name=re.compile("left")).first.click()
    expect(page.get_by_role("dialog")).to_contain_text(re.compile("left", re.I))
