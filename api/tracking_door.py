"""A door in front of Flask for tracking: the same keys, limits and validation, for half the cost of a request.

It takes what is plainly a tracking request with a key (or, in development, without any credentials). Everything else goes on to Flask:
tokens and cookies, and every refusal, whose body is made in one place.
"""

import base64
import binascii
from http.cookies import SimpleCookie
from time import perf_counter
from urllib.parse import parse_qs
from uuid import uuid4

import msgspec
from werkzeug.exceptions import HTTPException

from actions import keys, tenants
from api import bodies, tracking
from errors import EcapError, NotAuthenticated, NotPermitted
from models import permissions
from settings import Settings
from stores import metrics

PROBLEM = "ecap.tracking_problem"  # in the environ: why the request was refused here, for Flask to say
BODY = "ecap.tracking_body"  # in the environ: the body that was read here
CORS = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "Retry-After, X-Request-ID"),
    ("Vary", "Origin"),
]
PREFLIGHT = [
    *CORS,
    ("Access-Control-Allow-Methods", "POST, OPTIONS"),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, Content-Encoding, X-API-Key, X-Request-ID"),
    ("Access-Control-Max-Age", "86400"),
    ("Content-Length", "0"),
]
HEADERS = [*CORS, ("Content-Type", "application/json"), ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")]


class WriteKey(msgspec.Struct):
    """What analytics.js puts into the body: a beacon has no headers."""

    writeKey: str | None = None


class TrackingDoor:
    """A WSGI application that answers tracking requests and hands all others to `app`."""

    def __init__(self, app, settings: Settings):
        self._app = app
        self._is_open = settings.is_development
        self._limit = settings.max_request_mb * 1024 * 1024

    def __call__(self, environ, start_response):
        path = environ.get("PATH_INFO", "")
        if path not in tracking.PATHS:
            return self._app(environ, start_response)
        if environ["REQUEST_METHOD"] == "OPTIONS":
            start_response("204 No Content", list(PREFLIGHT))
            return [b""]
        if environ["REQUEST_METHOD"] != "POST" or _has_token(environ):
            return self._app(environ, _with_cors(start_response))
        return self._track(path, environ, start_response)

    def _track(self, path: str, environ, start_response):
        began, request_id = perf_counter(), uuid4().hex
        try:
            body = environ[BODY] = bodies.read(environ, self._limit)
            tenant, key_id = self._caller(environ, path, body)
            said = tracking.answer(path, body, tracking.sender_of(environ, tenant, key_id, request_id))
        except (EcapError, HTTPException) as problem:
            environ[PROBLEM] = problem
            environ["HTTP_X_REQUEST_ID"] = request_id
            return self._app(environ, _with_cors(start_response))
        labels = {"method": "POST", "endpoint": path}
        metrics.count("http_requests_total", labels | {"status": "200"})
        metrics.observe("http_request_duration_seconds", labels, perf_counter() - began)
        start_response("200 OK", [*HEADERS, ("Content-Length", str(len(said))), ("X-Request-ID", request_id)])
        return [said]

    def _caller(self, environ, path: str, body: bytes) -> tuple[str, str]:
        """The shop and the key's id. Raises NotAuthenticated or NotPermitted."""
        text = key_text(environ)
        if text is None and path in tracking.SEGMENT:
            text = _key_in(body)
        if text is None:
            if self._is_open:
                return tenants.DEMO, ""
            raise NotAuthenticated("This needs a write key.")
        key = keys.find(text)
        if key.origins and (origin := environ.get("HTTP_ORIGIN")) and origin not in key.origins:
            raise NotPermitted("This key may not be used from this site.")
        if "write:events" not in permissions.expand(key.scopes):
            raise NotPermitted("This needs the permission write:events.")
        return key.tenant, str(key.id)


def key_text(environ) -> str | None:
    """The key that a request carries, wherever the documents and Segment's libraries put it; None where there is none."""
    if text := environ.get("HTTP_X_API_KEY"):
        return text
    kind, _, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind.lower() == "bearer":
        return given.strip()
    if kind.lower() == "basic":
        return _basic_user(given)
    query = environ.get("QUERY_STRING", "")
    return parse_qs(query).get("writeKey", [None])[0] if "writeKey=" in query else None


def _has_token(environ) -> bool:
    """Whether somebody signed in sends this: a bearer that is no key of ours, or the cookies of the dashboard."""
    kind, _, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind:
        return kind.lower() == "bearer" and given.count(".") == 2
    cookie = environ.get("HTTP_COOKIE", "")
    return "access_token_cookie" in cookie and "access_token_cookie" in SimpleCookie(cookie)


def _basic_user(given: str) -> str:
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _key_in(body: bytes) -> str | None:
    if b'"writeKey"' not in body:
        return None
    try:
        return msgspec.json.decode(body, type=WriteKey).writeKey
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _with_cors(start_response):
    """A page of another site must be able to read a refusal, too."""

    def start(status, headers, exc_info=None):
        return start_response(status, [*headers, *CORS], exc_info) if exc_info else start_response(status, [*headers, *CORS])

    return start
