"""Uploads as rows: received, asked to be read, moved to another shop, forgotten."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from actions import accounts, jobs, uploads
from actions.uploads import NewShop
from errors import Conflict, Invalid, NotFound, NotPermitted
from stores import files
from tests.uploading import DATA, ask, bring, guess, member

ORDERS = (DATA / "orders_small.csv").read_text()


@pytest.fixture
def owner(tenant):
    """Somebody with an account who may upload into `tenant`."""
    name = f"u{uuid4().hex[:10]}"
    account = accounts.create(email=f"{name}@example.com", username=name, password="a long password")
    accounts.join(account, tenant, "manager")
    return accounts.identity(account, tenant)


def test_a_received_file_is_known_by_what_it_is(tenant):
    upload = bring(tenant, ORDERS, "C:\\exports\\orders\n.csv")

    assert (upload.filename, upload.state, upload.size, upload.kind) == ("orders.csv", "received", len(ORDERS.encode()), None)
    assert (upload.look["encoding"], upload.look["delimiter"], upload.look["rows"]) == ("utf-8-sig", ",", 8)
    assert uploads.recent(tenant) == []  # nobody read it yet


def test_reading_waits_as_a_job_and_is_asked_for_once(tenant):
    upload = ask(bring(tenant, ORDERS))

    assert (upload.state, upload.kind, upload.is_busy) == ("waiting", "orders", True)
    assert jobs.load(tenant, upload.job_id).kind == "read_upload"
    with pytest.raises(Conflict, match="is waiting"):
        ask(upload, guess(upload))
    assert [one.id for one in uploads.recent(tenant)] == [upload.id]


def test_the_same_file_is_not_read_twice_at_a_time(tenant):
    ask(bring(tenant, ORDERS))

    with pytest.raises(Conflict, match="being read at this moment"):
        ask(bring(tenant, ORDERS))


def test_a_new_shop_is_made_for_the_file_and_the_upload_moves_there(tenant, owner):
    upload = bring(tenant, ORDERS)

    moved = uploads.ask_read(owner, upload.id, guess(upload), into=NewShop("Moved", "Europe/London", "GBP"))

    assert moved.tenant != tenant
    assert accounts.identity(owner.account_id, moved.tenant).role == "admin"
    assert uploads.load(moved.tenant, upload.id).state == "waiting"
    with pytest.raises(NotFound):
        uploads.load(tenant, upload.id)


def test_a_shop_one_may_not_write_to_is_refused(tenant, other_tenant, owner):
    upload = bring(tenant, ORDERS)

    with pytest.raises(NotPermitted):
        uploads.ask_read(owner, upload.id, guess(upload), into=other_tenant)
    with pytest.raises(NotPermitted):  # a key has no account that could own a shop
        uploads.ask_read(member(tenant), upload.id, guess(upload), into=NewShop("Mine"))
    with pytest.raises(Invalid):
        uploads.ask_read(owner, upload.id, guess(upload), into=NewShop(""))
    assert uploads.load(tenant, upload.id).state == "received"


def test_another_shops_upload_is_not_found(tenant, other_tenant):
    upload = bring(tenant, ORDERS)

    for look in (uploads.load, uploads.ask_undo):
        with pytest.raises(NotFound):
            look(other_tenant, upload.id)


def test_what_was_not_read_cannot_be_undone(tenant):
    with pytest.raises(Conflict, match="nothing to undo"):
        uploads.ask_undo(tenant, bring(tenant, ORDERS).id)


def test_a_job_that_ended_without_a_word_leaves_a_failed_upload(tenant):
    upload = ask(bring(tenant, ORDERS))
    jobs.stop(tenant, upload.job_id)

    found = uploads.load(tenant, upload.id)

    assert (found.state, found.message) == ("failed", "It was stopped.")
    assert uploads.ask_read(member(tenant), upload.id, uploads.mapping_of(found)).state == "waiting"


def test_files_are_forgotten_after_a_while_but_not_those_in_work(tenant):
    old, busy = bring(tenant, ORDERS), ask(bring(tenant, ORDERS + "1,2,3,1,2010-12-01,1,,\n"))
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    assert uploads.forget_files(tenant, tomorrow - timedelta(days=2)) == 0
    assert uploads.forget_files(tenant, tomorrow) == 1

    with pytest.raises(NotFound):
        uploads.load(tenant, old.id)
    assert files.path(uploads.PURPOSE, uploads.file_of(tenant, busy.id)).exists()


def test_a_file_of_the_largest_size_is_said_in_bytes():
    assert uploads.max_bytes() == 1 << 30
