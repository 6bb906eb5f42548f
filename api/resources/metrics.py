"""What Prometheus reads."""

from contextlib import suppress

from flask import Response
from flask_smorest import Blueprint

from api.auth import access
from errors import Unavailable
from stores import event_log, metrics

blp = Blueprint("metrics", __name__, description="Counters for Prometheus")
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@blp.get("/metrics")
@access("manage:system", open_in_development=True)
@blp.response(200, {"type": "string"}, content_type="text/plain")
def exposition():
    """Everything counted by all processes"""
    return Response(metrics.exposition(_gauges()), content_type=TEXT)


def _gauges() -> dict[str, float]:
    """What is so now; a store that does not answer leaves its figure out."""
    with suppress(Unavailable):
        return {"log_backlog": event_log.current().backlog()}
    return {}
