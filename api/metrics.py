"""Counts and times every request, under the route's pattern: an address with an id in it would be a new series each."""

from time import perf_counter

from flask import Flask, Response, g, request

from stores import metrics

UNKNOWN = "unknown"


def init_app(app: Flask) -> None:
    """Note the begin and the end of each request."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.began = perf_counter()


def _end(response: Response) -> Response:
    endpoint = str(request.url_rule) if request.url_rule else UNKNOWN
    labels = {"method": request.method if request.method in KNOWN_METHODS else UNKNOWN, "endpoint": endpoint}
    metrics.count("http_requests_total", labels | {"status": str(response.status_code)})
    if "began" in g:
        metrics.observe("http_request_duration_seconds", labels, perf_counter() - g.began)
    return response


KNOWN_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
