"""Uploads in Chromium: a mapping is changed, bad rows are fetched, the same file again stores nothing, undo takes it back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settled

pytestmark = pytest.mark.browser

ROWS = """\
order;sku;menge;stamp;unitprice;buyer;land
1;lamp;2;03/02/2025 10:00;12,50;anna;Germany
1;vase;1;03/02/2025 10:00;8,00;anna;Germany
2;lamp;1;04/02/2025 11:30;12,50;;EIRE
C2;lamp;-1;05/02/2025 09:00;12,50;;EIRE
3;vase;a dozen;05/02/2025 09:00;8,00;ben;France
"""
TOO_WIDE_JS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def file(tmp_path, request) -> Path:
    """A file of another content for each test, so that none is known already."""
    file = tmp_path / f"{request.node.name[:30]}.csv"
    file.write_text(ROWS.replace("lamp", f"lamp {request.node.name}"))
    return file


def choose(page, file: Path) -> None:
    """Bring the file as far as its columns."""
    page.goto("/app/data/upload")
    settled(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(file)
    expect(page.get_by_text("What will be stored")).to_be_visible()
    settled(page)


def pick(page, column: str, role: str) -> None:
    """Read a column as something else."""
    row = page.get_by_role("row").filter(has=page.get_by_text(column, exact=True))
    row.locator(".dash-dropdown").first.click()
    page.get_by_role("option", name=role, exact=True).or_(
        page.locator(".dash-dropdown-option", has_text=re.compile(f"^{role}$"))
    ).first.click()
    settled(page)


def test_a_column_nobody_could_guess_is_mapped_by_hand_and_bad_rows_are_fetched(page, file):
    choose(page, file)
    expect(page.locator("#upload-sum")).to_contain_text("Sales, rows")
    pick(page, "menge", "Quantity")
    expect(page.locator("#upload-sum")).to_contain_text("Returns, rows1")
    expect(page.locator("#upload-sum")).to_contain_text("1 row cannot be read")
    expect(page.locator("#upload-columns")).to_contain_text("day and month could be exchanged")

    page.get_by_role("button", name=re.compile("^Read ")).click()
    expect(page).to_have_url(re.compile("step=done"), timeout=60_000)
    expect(page.get_by_text("Rows stored").locator("..")).to_contain_text("4")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Download the 1 row").click()
    assert fetched.value.suggested_filename.endswith("-not-read.csv")
    assert '"6","Quantity is not a number","menge","a dozen"' in Path(fetched.value.path()).read_text()


def test_the_same_file_again_stores_nothing_and_undo_takes_the_first_back(page, file):
    choose(page, file)
    page.get_by_role("button", name=re.compile("^Read ")).click()
    expect(page).to_have_url(re.compile("step=done"), timeout=60_000)
    first = page.url
    stored = page.get_by_text("Rows stored").locator("..").inner_text()

    choose(page, file)
    page.locator("#upload-shop").click()
    shop = page.locator(".shop-name, [data-pop=shops], #shops-open").first.inner_text().split("\n")[0]
    page.locator(".dash-dropdown-option", has_text=shop).first.click()
    page.get_by_role("button", name=re.compile("^Read ")).click()
    expect(page).to_have_url(re.compile("step=done"), timeout=60_000)
    expect(page.get_by_text("Rows stored").locator("..")).to_contain_text(re.compile("^Rows stored\\s*0"))
    assert "5" in stored or "4" in stored

    page.goto(first)
    settled(page)
    page.get_by_role("button", name="Undo this upload").click()
    page.get_by_role("button", name="Undo upload").click()
    expect(page.get_by_text("rows were removed")).to_be_visible(timeout=60_000)


def test_the_example_is_there_to_try(page):
    page.goto("/app/data/upload")
    settled(page)
    page.get_by_role("button", name="Try with an example").click()
    expect(page.locator("#upload-sum")).to_contain_text("Purchases1")


def test_what_is_no_table_is_refused_with_advice(page, tmp_path, watch):
    book = tmp_path / "book.xlsx"
    book.write_bytes(b"PK\x03\x04 and so on")
    page.goto("/app/data/upload")
    settled(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(book)
    expect(page.get_by_role("alert").first).to_contain_text("Save the sheet as CSV")
    assert all("422" in words for words in watch.found)
    watch.found.clear()


def test_every_step_fits_a_phone(phone, file):
    choose(phone, file)
    assert phone.evaluate(TOO_WIDE_JS) == 0
    phone.get_by_role("button", name=re.compile("^Read ")).click()
    expect(phone).to_have_url(re.compile("step=done"), timeout=60_000)
    settled(phone)
    assert phone.evaluate(TOO_WIDE_JS) == 0
