"""The upload page: each state of an upload has its stage, and the form reads what it shows."""

import pytest

from actions import jobs, uploads
from dashboard.pages import upload, upload_choose, upload_words
from jobs import imports
from tests import uploading
from tests.uploading import DATA, bring, guess

ORDERS = (DATA / "orders_small.csv").read_text()
EVENTS = (DATA / "events_small.csv").read_text()
DRAWN = "upload-columns.children"


@pytest.fixture(scope="module", autouse=True)
def consumer(servers):
    with uploading.consuming():
        yield


@pytest.fixture
def browser(browser_of, tenant):
    return browser_of(tenant)


def stage(browser, one) -> str:
    """What the page shows for the upload, as text."""
    return browser.call("upload-body.children", {"upload-id.data": str(one.id), "url.search": ""}).text


def draw(browser, one, **values):
    """The answer of the form's callback."""
    known = {"upload-id.data": str(one.id), "upload-currency.value": "GBP", "upload-shop.value": "*"}
    return browser.call(DRAWN, known | values, triggered="upload-wish.data").get_json()["response"]


def test_the_layout_asks_nothing_and_offers_an_example_of_each_kind():
    shown = str(upload.layout())

    assert all(f"example-{kind}.csv" in shown for kind in ("events", "orders", "customers"))
    assert "Drop a CSV file here" in str(upload_choose.render())


def test_a_file_just_sent_shows_its_form_with_a_new_shop_named_after_it(browser, tenant):
    shown = stage(browser, bring(tenant, ORDERS, "online_retail.csv.gz"))

    assert "online_retail.csv.gz" in shown
    assert "8 rows" in shown
    assert '"Online retail"' in shown
    assert "step=columns" in shown


def test_the_form_shows_columns_sums_and_checks(browser, tenant):
    response = draw(browser, bring(tenant, ORDERS))

    shown = str(response["upload-sum"]["children"])
    for words in ("Sales, rows", "£190.65", "38% of the rows name nobody", "1 row equals another row"):
        assert words in shown, words
    assert "2 are 0 or less: adjustments" in str(response["upload-columns"]["children"])
    assert "C536379" in str(response["upload-preview"]["children"])
    assert response["upload-mapping"]["data"]["columns"][:3] == ["order", "product", "name"]
    assert response["upload-read"]["disabled"] is False


def test_event_names_are_listed_with_what_they_are_read_as(browser, tenant):
    response = draw(browser, bring(tenant, EVENTS))

    assert response["upload-names-sub"]["children"] == "5 in the file; questions use the name on the right"
    assert "filter_results (as it is)" in str(response["upload-names"]["children"])


def test_an_incomplete_mapping_says_what_to_choose_and_cannot_be_read(browser, tenant):
    one = bring(tenant, ORDERS)
    wish = {"kind": "orders", "columns": ["ignore"] * 8}

    response = draw(browser, one, **{"upload-wish.data": wish})

    assert "Choose the column for Order" in str(response["upload-sum"]["children"])
    assert response["upload-read"]["disabled"] is True


def test_reading_follows_the_job_and_ends_in_a_result(browser, tenant):
    one = bring(tenant, ORDERS + "1,a,x,soon,2010-12-01,1,,\n")
    values = {
        "upload-read.n_clicks": 1,
        "upload-id.data": str(one.id),
        "upload-mapping.data": guess(one).to_json(),
        "upload-shop.value": tenant,
    }
    asked = browser.call("upload-switch.data", values)
    assert asked.status_code == 200
    assert "Waiting for a free worker" in stage(browser, one)

    imports.read(tenant, str(one.id))
    shown = stage(browser, one)
    for words in (
        "Rows stored",
        "Open the shop in Dec 2010",
        "?from=2010-12-01&to=2011-01-12",
        "1 row was not read",
        "errors.csv",
        "Undo this upload?",
    ):
        assert words in shown, words


def test_a_new_shop_is_made_and_the_browser_goes_there(browser, tenant):
    one = bring(tenant, ORDERS)
    values = {
        "upload-read.n_clicks": 1,
        "upload-id.data": str(one.id),
        "upload-mapping.data": guess(one).to_json(),
        "upload-shop.value": "*",
        "upload-name.value": "Retail of a test",
        "upload-currency.value": "GBP",
        "upload-zone.value": "Europe/London",
    }

    switch = browser.call("upload-switch.data", values).get_json()["response"]["upload-switch"]["data"]

    assert switch["tenant"].startswith("retail-of-a-test")
    assert switch["path"] == f"/app/data/upload?step=reading&id={one.id}"


def test_what_cannot_be_read_is_said_beside_the_button(browser, tenant):
    first = bring(tenant, ORDERS)
    uploading.ask(first)
    second = bring(tenant, ORDERS)
    values = {
        "upload-read.n_clicks": 1,
        "upload-id.data": str(second.id),
        "upload-mapping.data": guess(second).to_json(),
        "upload-shop.value": tenant,
    }

    said = browser.call("upload-switch.data", values).get_json()["response"]["upload-problem"]["children"]

    assert "The same file is being read at this moment." in str(said)
    assert f"/app/data/upload?id={first.id}" in str(said)


def test_a_failed_reading_says_why_and_offers_to_clean_up(browser, tenant):
    one = uploading.ask(bring(tenant, ORDERS))
    jobs.stop(tenant, one.job_id)

    shown = stage(browser, one)

    assert "Reading failed. It was stopped." in shown
    assert "Remove what was stored" in shown


def test_a_stranger_sees_nothing_of_it(browser_of, tenant, other_tenant):
    one = bring(tenant, ORDERS, "secret-name.csv")

    assert "There is no such upload" in stage(browser_of(other_tenant), one)
    assert "secret-name" not in stage(browser_of(tenant, "viewer"), one)


def test_undo_asks_first_and_then_takes_everything_back(browser, tenant):
    done = uploading.read(bring(tenant, ORDERS))
    assert "8 rows of file.csv leave" in stage(browser, done)

    uploads.ask_undo(tenant, done.id)
    assert "Taking it back" in stage(browser, done)
    imports.undo(tenant, str(done.id))
    assert "8 rows were removed." in stage(browser, done)


@pytest.mark.parametrize(
    ("filename", "name"),
    [("online_retail.csv.gz", "Online retail"), ("spring-shop.CSV", "Spring shop"), (".csv", "New shop"), ("a.b.txt", "A.b")],
)
def test_a_shop_is_named_after_its_file(filename, name):
    assert upload_words.shop_name(filename) == name


def test_sizes_and_periods_are_words():
    assert [upload_words.size(count) for count in (812, 2048, 47_185_920, 1 << 30)] == ["812 bytes", "2.0 KB", "45.0 MB", "1.0 GB"]
