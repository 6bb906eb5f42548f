"""Files over the API: streamed in, previewed, read by a job, undone, their bad rows downloaded."""

from uuid import uuid4

import pytest

from actions import accounts, uploads
from api import auth
from jobs import imports
from stores import files
from tests import uploading
from tests.uploading import DATA

ORDERS = (DATA / "orders_small.csv").read_bytes()
URL = "/api/v1/uploads/"


@pytest.fixture(scope="module", autouse=True)
def consumer(servers):
    with uploading.consuming():
        yield


@pytest.fixture
def manager(app, tenant):
    """Headers of somebody who may upload into `tenant`."""
    return headers_of(app, tenant, "manager")


def headers_of(app, tenant: str, role: str) -> dict:
    name = f"u{uuid4().hex[:10]}"
    account = accounts.create(email=f"{name}@example.com", username=name, password="a long password")
    accounts.join(account, tenant, role)
    with app.test_request_context():
        return {"Authorization": f"Bearer {auth.issue_token(accounts.identity(account, tenant))}"}


def send(client, headers: dict, content: bytes = ORDERS, filename: str = "orders.csv"):
    head = f'--limit\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\nContent-Type: text/csv\r\n\r\n'
    body = head.encode() + content + b"\r\n--limit--\r\n"
    return client.post(URL, headers=headers, data=body, content_type="multipart/form-data; boundary=limit")


def test_a_file_is_sent_previewed_read_and_undone(client, manager, tenant):
    sent = send(client, manager)
    assert sent.status_code == 201
    assert {name: sent.json[name] for name in ("shop", "filename", "size", "state", "kind")} == {
        "shop": tenant,
        "filename": "orders.csv",
        "size": len(ORDERS),
        "state": "received",
        "kind": None,
    }

    preview = client.get(f"{URL}{sent.json['id']}/preview", headers=manager).json
    assert preview["mapping"]["columns"] == ["order", "product", "name", "quantity", "time", "price", "person", "country"]
    assert preview["summary"]["counts"] == {
        "sale": 5,
        "return": 1,
        "adjustment": 2,
        "cancelled": 1,
        "nobody": 3,
        "orders": 3,
        "customers": 3,
    }

    asked = client.post(f"{URL}{sent.json['id']}/read", headers=manager, json={})
    assert (asked.status_code, asked.json["state"]) == (202, "waiting")
    imports.read(tenant, sent.json["id"])
    done = client.get(f"{URL}{sent.json['id']}", headers=manager).json
    assert (done["state"], done["rows_stored"], done["adjustments"]) == ("done", 8, 2)
    assert client.get(URL, headers=manager).json["total"] == 1

    assert client.post(f"{URL}{sent.json['id']}/undo", headers=manager).status_code == 202
    imports.undo(tenant, sent.json["id"])
    assert client.get(f"{URL}{sent.json['id']}", headers=manager).json["state"] == "undone"


def test_a_file_can_be_read_into_a_new_shop_of_its_sender(client, manager):
    sent = send(client, manager).json

    shop = {"name": "Online retail", "timezone": "Europe/London", "currency": "GBP"}
    asked = client.post(f"{URL}{sent['id']}/read", headers=manager, json={"new_shop": shop}).json

    assert asked["shop"].startswith("online-retail")
    assert client.get(f"{URL}{sent['id']}", headers=manager).status_code == 404  # it belongs to the new shop now


def test_bad_rows_come_as_a_file_that_is_safe_to_open(client, manager, tenant):
    content = b"user_id,name,email\nu1,Ann,ann@example.com\nu2,Bob,=cmd|' /C calc'!A0\n"
    sent = send(client, manager, content, "people.csv").json
    client.post(f"{URL}{sent['id']}/read", headers=manager, json={})
    imports.read(tenant, sent["id"])

    answer = client.get(f"{URL}{sent['id']}/errors.csv", headers=manager)

    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="people-not-read.csv"'
    assert answer.text == ('"line","reason","column","value"\r\n"3","Email is not an address","email","\'=cmd|\' /C calc\'!A0"\r\n')


def test_what_is_no_table_is_refused_and_not_kept(client, manager):
    before = len(list(files.path(uploads.PURPOSE, "x").parent.iterdir()))

    refused = send(client, manager, b"PK\x03\x04 not a csv", "book.xlsx")

    assert (refused.status_code, refused.json["detail"]) == (422, "This is a zip file or an Excel workbook. Save the sheet as CSV.")
    assert len(list(files.path(uploads.PURPOSE, "x").parent.iterdir())) == before


def test_a_file_may_be_larger_than_any_other_request(client, manager):
    rows = b"".join(b"%d,A,1,2025-01-01 10:00:00,1.00\n" % number for number in range(200_000))

    sent = send(client, manager, b"order,sku,quantity,date,price\n" + rows)

    assert (sent.status_code, sent.json["size"], sent.json["look"]["rows"]) == (201, len(rows) + 30, 200_000)
    assert len(rows) > 5 << 20


def test_a_request_without_a_file_or_with_one_too_large_is_refused(client, manager):
    assert client.post(URL, headers=manager, data={"other": "x"}, content_type="multipart/form-data").status_code == 422
    assert client.post(URL, headers=manager, json={}).status_code == 422
    form = {"content_type": "multipart/form-data; boundary=x", "environ_overrides": {"CONTENT_LENGTH": str(2 << 30)}}
    assert client.post(URL, headers=manager, **form).status_code == 413


def test_a_mapping_that_does_not_fit_is_refused_by_field(client, manager):
    sent = send(client, manager).json
    mapping = {"kind": "orders", "columns": ["order"] * 8}

    refused = client.post(f"{URL}{sent['id']}/read", headers=manager, json={"mapping": mapping})

    assert refused.status_code == 422
    assert refused.json["field_errors"] == [{"field": "columns", "message": "Two columns are read as Order. Choose one."}]


def test_only_who_may_write_uploads_and_only_in_the_own_shop(app, client, manager, other_tenant):
    sent = send(client, manager).json
    stranger, viewer = headers_of(app, other_tenant, "manager"), headers_of(app, other_tenant, "viewer")

    assert client.get(f"{URL}{sent['id']}", headers=stranger).status_code == 404
    assert client.get(f"{URL}{sent['id']}/errors.csv", headers=stranger).status_code == 404
    assert send(client, viewer).status_code == 403
    assert send(client, {}).status_code == 401
