"""Before a file is read: what reading it would do, counted from all its rows."""

from dataclasses import replace

from actions import jobs, upload_counting, upload_preview, uploads
from actions.upload_counting import Reason, Summary
from actions.upload_mapping import EventName
from jobs import imports
from tests.uploading import DATA, bring, guess

ORDERS = (DATA / "orders_small.csv").read_text()
EVENTS = (DATA / "events_small.csv").read_text()


def test_an_order_file(tenant):
    upload = bring(tenant, ORDERS + "1,a,x,2010-12-01,1\n")

    preview = upload_preview.of(tenant, upload.id)

    assert preview.summary == Summary(
        rows=9,
        rejected=1,
        equal=1,
        first_ms=1291191960000,
        last_ms=1294843860000,
        counts={"sale": 5, "return": 1, "adjustment": 2, "cancelled": 1, "nobody": 3, "orders": 3, "customers": 3},
        net="190.65",
        empty=[0, 0, 1, 0, 0, 0, 3, 0],
        reasons=[Reason("Row ends too early", 1, [10], "5 of 8 columns")],
    )
    assert [(row["order"], row["read_as"]) for row in preview.rows] == [
        ("536365", "sale"),
        ("536365", "sale"),
        ("C536379", "return"),
        ("536414", "adjustment"),
        ("536544", "sale"),
    ]
    assert upload_counting.from_json(preview.summary.to_json()) == preview.summary


def test_an_event_file(tenant):
    upload = bring(tenant, EVENTS)

    preview = upload_preview.of(tenant, upload.id)

    counts = {"events": 8, "purchases": 1, "unpriced": 1, "persons": 2, "sessions": 3, "names": 5}
    assert (preview.summary.counts, preview.summary.names["home"]) == (counts, 3)
    assert [(name.name, name.rows, name.event, name.how) for name in preview.names] == [
        ("home", 3, "page_view", "guess"),
        ("product_view", 2, "view_item", "known"),
        ("add_to_cart", 1, "add_to_cart", "known"),
        ("purchase", 1, "purchase", "known"),
        ("filter_results", 1, "filter_results", "kept"),
    ]


def test_another_mapping_counts_anew(tenant):
    upload = bring(tenant, EVENTS)
    mapping = guess(upload)
    renamed = replace(mapping, names=mapping.names | {"filter_results": EventName("purchase")})

    assert upload_preview.of(tenant, upload.id, renamed).summary.counts["purchases"] == 2
    without_session = replace(mapping, columns=tuple("keep" if role == "session" else role for role in mapping.columns))
    assert "sessions" not in upload_preview.of(tenant, upload.id, without_session).summary.counts


def test_an_incomplete_mapping_says_what_is_missing_and_counts_nothing(tenant):
    preview = upload_preview.of(tenant, bring(tenant, "a,b\n1,2\n").id)

    assert (preview.missing, preview.summary, preview.rows) == (["Time", "Event or Page", "Person or Visitor"], None, [])


def test_a_large_file_is_counted_by_a_job(tenant, monkeypatch):
    monkeypatch.setattr(upload_preview, "AT_ONCE_BYTES", 10)
    upload = bring(tenant, ORDERS)
    mapping = upload_preview.of(tenant, upload.id).mapping
    assert upload_preview.of(tenant, upload.id).summary is None

    job = upload_preview.ask_count(tenant, upload.id, mapping)
    assert upload_preview.ask_count(tenant, upload.id, mapping) == job  # the second request joins the first
    imports.count(tenant, **jobs.load(tenant, job).arguments)

    assert upload_preview.of(tenant, upload.id).summary.counts["orders"] == 3
    assert uploads.load(tenant, upload.id).look["rows"] == 8


def test_a_kind_and_a_zone_that_somebody_knows_are_taken(tenant):
    preview = upload_preview.of(tenant, bring(tenant, ORDERS).id, kind="events", zone="Europe/London")

    assert (preview.mapping.kind, preview.mapping.zone) == ("events", "Europe/London")


def test_the_preview_as_json_names_the_roles(tenant):
    answer = upload_preview.to_json(upload_preview.of(tenant, bring(tenant, "user_id,name,email\nu1,Ann,a@b.de\n").id))

    assert answer["roles"] == {"person": "Person", "full_name": "Name", "email": "Email", "keep": "Keep as property", "ignore": "Ignore"}
    assert answer["rows"] == [{"person": "u1", "full_name": "Ann", "email": "a@b.de"}]
