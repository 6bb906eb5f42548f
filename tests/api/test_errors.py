"""One body for every error, whoever raised it."""

import pytest
from flask import abort

import errors
from api.app import create_app
from settings import Settings


@pytest.fixture(scope="module")
def failing():
    """An application with routes that fail in every way; it needs no store."""
    app = create_app(Settings(demo=False))
    problems = {
        "invalid": errors.Invalid("Two things are wrong.", fields={"name": ["is empty"], "steps": ["has one step", "is too short"]}),
        "plain": errors.Invalid("This cannot be read."),
        "unknown": errors.NotAuthenticated("Who are you?"),
        "forbidden": errors.NotPermitted("You may not."),
        "missing": errors.NotFound("There is no such thing."),
        "conflict": errors.Conflict("It is done already."),
        "limit": errors.LimitExceeded("Too much.", retry_after_s=7, details={"limit": 5}),
        "away": errors.Unavailable("The store does not answer.", retry_after_s=3),
        "provider": errors.ProviderError("The mail server refused.", permanent=True),
        "defect": RuntimeError("secret inside"),
    }

    def fail(name):
        if name.isdigit():
            abort(int(name))
        raise problems[name]

    for prefix in ("/fail/", "/api/fail/", "/api/v1/fail/", "/track/fail/"):
        app.add_url_rule(f"{prefix}<name>", f"fail {prefix}", fail)
    return app.test_client()


@pytest.mark.parametrize(
    ("name", "status", "code", "message"),
    [
        ("plain", 422, "VALIDATION_ERROR", "This cannot be read."),
        ("unknown", 401, "AUTHENTICATION_FAILED", "Who are you?"),
        ("forbidden", 403, "PERMISSION_DENIED", "You may not."),
        ("missing", 404, "NOT_FOUND", "There is no such thing."),
        ("conflict", 409, "CONFLICT", "It is done already."),
        ("away", 503, "SERVICE_UNAVAILABLE", "The store does not answer."),
        ("provider", 502, "PROVIDER_FAILED", "The mail server refused."),
    ],
)
def test_each_error_of_the_domain_has_its_status_and_the_whole_body(failing, name, status, code, message):
    answer = failing.get(f"/fail/{name}")
    assert (answer.status_code, answer.get_json()) == (
        status,
        {"error": {"code": code, "message": message, "details": None}, "detail": message, "error_code": code, "field_errors": None},
    )


def test_every_wrong_field_is_named(failing):
    listed = [
        {"field": "name", "message": "is empty"},
        {"field": "steps", "message": "has one step"},
        {"field": "steps", "message": "is too short"},
    ]
    answer = failing.get("/fail/invalid").get_json()
    assert (answer["field_errors"], answer["error"]["details"]) == (listed, listed)


def test_under_document_003_the_error_is_its_text_and_invalid_is_400(failing):
    answer = failing.get("/api/fail/invalid")
    assert (answer.status_code, answer.get_json()["error"]) == (400, "Two things are wrong.")
    assert failing.get("/api/fail/missing").get_json()["error"] == "There is no such thing."
    assert failing.get("/api/v1/fail/invalid").status_code == 422
    assert failing.get("/track/fail/invalid").status_code == 400


def test_waiting_time_and_sign_in_are_told_in_headers(failing):
    limited, away, unknown = (failing.get(f"/fail/{name}") for name in ("limit", "away", "unknown"))
    assert (limited.status_code, limited.headers["Retry-After"], limited.get_json()["error"]["details"]) == (429, "7", {"limit": 5})
    assert away.headers["Retry-After"] == "3"
    assert unknown.headers["WWW-Authenticate"] == 'Bearer realm="ecap"'


def test_a_defect_shows_its_reference_and_nothing_else(failing):
    answer = failing.get("/fail/defect")
    assert answer.status_code == 500
    assert "secret" not in answer.get_data(as_text=True)
    assert answer.get_json()["error"] == {
        "code": "INTERNAL_ERROR",
        "message": f"Something went wrong here. Reference {answer.headers['X-Request-ID']}.",
        "details": {"reference": answer.headers["X-Request-ID"]},
    }


@pytest.mark.parametrize(
    ("status", "code"), [(400, "BAD_REQUEST"), (404, "NOT_FOUND"), (413, "PAYLOAD_TOO_LARGE"), (415, "UNSUPPORTED_MEDIA_TYPE")]
)
def test_errors_of_the_framework_have_the_same_body(failing, status, code):
    answer = failing.get(f"/fail/{status}")
    assert (answer.status_code, answer.get_json()["error_code"]) == (status, code)
    assert set(answer.get_json()) == {"error", "detail", "error_code", "field_errors"}


def test_a_wrong_method_says_which_are_right(failing):
    answer = failing.delete("/health")
    assert (answer.status_code, answer.get_json()["error_code"]) == (405, "METHOD_NOT_ALLOWED")
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "HEAD"}


def test_a_body_larger_than_allowed_is_refused_before_it_is_read(client):
    answer = client.post("/api/v1/auth/login", data=b"x" * (6 * 1024 * 1024), content_type="application/json")
    assert (answer.status_code, answer.get_json()["error_code"]) == (413, "PAYLOAD_TOO_LARGE")


def test_a_body_that_is_no_json_and_fields_inside_a_body_are_named(client, bearer, tenant):
    headers = bearer(tenant)
    answer = client.post("/api/v1/tenants/", data="{", content_type="application/json", headers=headers)
    assert (answer.status_code, answer.get_json()["error_code"]) == (400, "VALIDATION_ERROR")

    answer = client.patch(f"/api/v1/tenants/{tenant}", json={"hosts": ["", 7], "role": "x"}, headers=headers)
    assert (answer.status_code, answer.get_json()["field_errors"]) == (
        422,
        [
            {"field": "hosts.0", "message": "Length must be between 1 and 253."},
            {"field": "hosts.1", "message": "Not a valid string."},
            {"field": "role", "message": "Unknown field."},
        ],
    )
