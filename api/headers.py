"""What every answer carries: the request's name in our logs, and what browsers must not do with it."""

import re
from uuid import uuid4

from flask import Flask, Response, g, request

from settings import Settings
from stores import logs

REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
FOR_DATA = "default-src 'none'; frame-ancestors 'none'"
FOR_PAGES = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
# Swagger UI and ReDoc start from a script in the page, and ReDoc searches in a worker.
FOR_DOCUMENTATION = FOR_PAGES + "; script-src 'self' 'unsafe-inline'; worker-src 'self' blob:"
HSTS = "max-age=31536000; includeSubDomains"


def init_app(app: Flask, settings: Settings) -> None:
    """Name each request, and finish each answer. A page that needs its own Content-Security-Policy sets it before."""
    app.before_request(_name_request)

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-ID"], response.headers["X-Trace-ID"] = g.get("request_id", ""), g.get("trace_id", "")
        for name, value in SAFE.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", _policy(response))
        if not settings.is_development:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        if "caller" in g and g.caller is not None:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _name_request() -> None:
    given = request.headers.get("X-Request-ID", "")
    trace = TRACEPARENT.fullmatch(request.headers.get("traceparent", ""))
    g.trace_id = trace[1] if trace else uuid4().hex
    g.request_id = given if REQUEST_ID.fullmatch(given) else g.trace_id
    logs.clear()
    logs.bind(request_id=g.request_id)


def _policy(response: Response) -> str:
    if request.path in ("/docs", "/redoc"):
        return FOR_DOCUMENTATION
    return FOR_PAGES if response.mimetype == "text/html" else FOR_DATA
