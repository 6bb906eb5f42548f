"""What Prometheus reads."""

from flask import Response
from flask_smorest import Blueprint

from api.auth import access
from stores import metrics

blp = Blueprint("metrics", __name__, description="Counters for Prometheus")
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@blp.get("/metrics")
@access("manage:system", open_in_development=True)
@blp.response(200, {"type": "string"}, content_type="text/plain")
def exposition():
    """Everything counted by all processes"""
    return Response(metrics.exposition(), content_type=TEXT)
