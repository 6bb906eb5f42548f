"""The door: programs learn what this is, people are sent to the dashboard."""

import marshmallow as ma
from flask import current_app, redirect, request
from flask_smorest import Blueprint

from api.auth import PUBLIC, access
from api.resources.health import now
from settings import VERSION

blp = Blueprint("root", __name__, description="What this server is")


class RootSchema(ma.Schema):
    """The fields of documents 002 and 004 together."""

    service = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    ai_enabled = ma.fields.Boolean(required=True)
    timestamp = ma.fields.String(required=True)
    message = ma.fields.String(required=True)
    version = ma.fields.String(required=True)
    documentation = ma.fields.String(required=True)
    health = ma.fields.String(required=True)


@blp.get("/")
@access(PUBLIC)
@blp.response(200, RootSchema)
def root():
    """What this server is; a browser is sent to the dashboard"""
    if _wants_a_page():
        return redirect("/app/")
    base = request.host_url.rstrip("/")
    return {
        "service": "ecap",
        "status": "healthy",
        "ai_enabled": bool(current_app.config["ECAP"].anthropic_api_key),
        "timestamp": now(),
        "message": "Welcome to E-Commerce Analytics Platform API",
        "version": VERSION,
        "documentation": f"{base}/docs",
        "health": f"{base}/health",
    }


def _wants_a_page() -> bool:
    """Browsers name text/html outright; `*/*` is a program that takes anything."""
    return "text/html" in [kind for kind, _ in request.accept_mimetypes]
