"""Document 003: users by CSV, and their list."""

import io
from uuid import uuid4


def upload(client, text: str):
    return client.post("/api/upload", data={"file": (io.BytesIO(text.encode()), "users.csv")}, content_type="multipart/form-data")


def test_profiles_are_made_and_brought_up_to_date(client):
    first, second = uuid4().hex, uuid4().hex

    made = upload(client, f"user_id,name,email\n{first},Ann,ann@example.com\n{second},Bob,bob@example.com\n")
    changed = upload(client, f"user_id,name,email\n{first},Ann B.,ann@example.com\n")

    assert made.json == {"success": True, "message": "Successfully processed 2 users", "users_created": 2, "users_updated": 0}
    assert changed.json == {"success": True, "message": "Successfully processed 1 users", "users_created": 0, "users_updated": 1}
    listed = client.get("/api/users").json
    assert listed["count"] == len(listed["users"])
    assert {user["user_id"]: (user["name"], user["email"]) for user in listed["users"][:2]} == {
        first: ("Ann B.", "ann@example.com"),
        second: ("Bob", "bob@example.com"),
    }


def test_a_file_without_the_columns_or_without_a_file_is_refused(client):
    assert upload(client, "id,mail\n1,x\n").status_code == 400
    assert client.post("/api/upload").status_code == 400


def test_one_bad_line_keeps_all_out_and_is_named(client):
    user_id = uuid4().hex

    refused = upload(client, f"user_id,name,email\n{user_id},Ann,ann@example.com\n,Bob,bob@example.com\n")

    assert (refused.status_code, refused.json["error"]) == (400, "Nothing was stored. Line 3: person is empty.")
    assert user_id not in {user["user_id"] for user in client.get("/api/users").json["users"]}


def test_production_asks_who_calls(production):
    with production.test_client() as client:
        assert client.get("/api/users").status_code == 401
        assert client.post("/api/upload").status_code == 401
