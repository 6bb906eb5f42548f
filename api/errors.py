"""One body for every error. Here, and only here, an error's class becomes a status."""

import logging

import marshmallow as ma
from flask import Flask, g, request
from flask_limiter.errors import RateLimitExceeded
from werkzeug.exceptions import HTTPException

import errors

logger = logging.getLogger(__name__)

STATUS = {
    errors.Invalid: 422,
    errors.NotAuthenticated: 401,
    errors.NotPermitted: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.LimitExceeded: 429,
    errors.Unavailable: 503,
    errors.ProviderError: 502,
}
CODES = {
    400: "BAD_REQUEST",
    401: "AUTHENTICATION_FAILED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    409: "CONFLICT",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "VALIDATION_ERROR",
    429: "RATE_LIMIT_EXCEEDED",
    500: "INTERNAL_ERROR",
    502: "PROVIDER_FAILED",
    503: "SERVICE_UNAVAILABLE",
}
# Said instead of the framework's own words.
MESSAGES = {404: "There is nothing at this address.", 405: "This address does not take this method."}
# Headers that belong to the status and that a rewritten answer must keep.
KEPT_HEADERS = ("allow", "retry-after", "www-authenticate", "location")
# The two documents whose clients know 400 and no 422.
WITHOUT_422 = ("/track", "/query", "/ai/", "/v1/")


class FieldErrorSchema(ma.Schema):
    """What is wrong with one field."""

    field = ma.fields.String(required=True)
    message = ma.fields.String(required=True)


class ErrorBodySchema(ma.Schema):
    """The error for programs (`code`) and people (`message`)."""

    code = ma.fields.String(required=True)
    message = ma.fields.String(required=True)
    details = ma.fields.Raw(required=True, allow_none=True)


class ErrorSchema(ma.Schema):
    """The body of every refused request."""

    error = ma.fields.Nested(ErrorBodySchema, required=True)
    detail = ma.fields.String(required=True)
    error_code = ma.fields.String(required=True)
    field_errors = ma.fields.List(ma.fields.Nested(FieldErrorSchema), required=True, allow_none=True)


def register(app: Flask) -> None:
    """Answer the domain's errors, and those nobody foresaw. Api (api/app.py) hands HTTP errors to `http_error`."""
    app.register_error_handler(errors.EcapError, domain_error)
    app.register_error_handler(Exception, unforeseen)


def domain_error(problem: errors.EcapError):
    """The answer to one of errors.py."""
    fields = getattr(problem, "fields", None) or {}
    listed = [{"field": name, "message": sentence} for name, sentences in fields.items() for sentence in sentences]
    headers = {"Retry-After": str(problem.retry_after_s)} if hasattr(problem, "retry_after_s") else {}
    status = status_of(problem)
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="ecap"'
    return body(problem.message, problem.code, details=problem.details or listed or None, fields=listed or None), status, headers


def status_of(problem: errors.EcapError) -> int:
    """The status of the problem for the document that the path belongs to."""
    status = next((status for kind, status in STATUS.items() if isinstance(problem, kind)), 500)
    return 400 if status == 422 and _knows_no_422(request.path) else status


def http_error(problem: HTTPException):
    """The answer to an error of Flask, of flask-smorest or of a limit."""
    if isinstance(problem, RateLimitExceeded):
        return _limited(problem)
    given = getattr(problem, "data", None) or {}
    listed = _listed(given.get("errors") or given.get("messages") or {})
    status = 400 if problem.code == 422 and _knows_no_422(request.path) else problem.code
    message = given.get("message") or ("; ".join(f"{error['field']}: {error['message']}" for error in listed) or _description(problem))
    code = "VALIDATION_ERROR" if listed else CODES.get(problem.code, "ERROR")
    headers = {name: value for name, value in problem.get_headers() if name.lower() in KEPT_HEADERS} | dict(given.get("headers") or {})
    return body(message, code, details=listed or None, fields=listed or None), status, headers


def _description(problem: HTTPException) -> str:
    own_words = problem.description != type(problem).description
    return problem.description if own_words else MESSAGES.get(problem.code, problem.description)


def unforeseen(problem: Exception):
    """The answer to a defect: its reference, and nothing of its inside."""
    if isinstance(problem, HTTPException):
        return http_error(problem)
    logger.exception("unforeseen error", extra={"path": request.path})
    reference = g.get("request_id")
    return body(f"Something went wrong here. Reference {reference}.", "INTERNAL_ERROR", details={"reference": reference}), 500, {}


def body(message: str, code: str, *, details=None, fields: list[dict] | None = None) -> dict:
    """The documented error body; under the paths of document 003 `error` is the message itself."""
    error = message if _says_error_as_text(request.path) else {"code": code, "message": message, "details": details}
    return {"error": error, "detail": message, "error_code": code, "field_errors": fields}


def _limited(problem: RateLimitExceeded):
    limit = problem.limit.limit
    wait_s = limit.get_expiry()
    details = {"limit": limit.amount, "window": f"{limit.multiples} {limit.GRANULARITY.name}", "retry_after": wait_s}
    return body("Too many requests.", "RATE_LIMIT_EXCEEDED", details=details), 429, {"Retry-After": str(wait_s)}


def _listed(messages, path: str = "") -> list[dict]:
    """marshmallow's nested messages as a flat list; the location (`json`, `query`) is left out, a place inside is `items.0.name`."""
    if isinstance(messages, str):
        return [{"field": path or "body", "message": messages}]
    if isinstance(messages, list):
        return [found for message in messages for found in _listed(message, path)]
    hidden = ("json", "form", "query", "headers", "files", "json_or_form", "path", "_schema")
    found = []
    for name, inner in messages.items():
        here = path if name in hidden and "." not in path else f"{path}.{name}".strip(".")
        found += _listed(inner, here)
    return found


def _says_error_as_text(path: str) -> bool:
    return path.startswith("/api/") and not path.startswith("/api/v1/")


def _knows_no_422(path: str) -> bool:
    return _says_error_as_text(path) or path.startswith(WITHOUT_422)
