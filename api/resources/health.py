"""Is it alive, and can it work?"""

from datetime import UTC, datetime

import marshmallow as ma
from flask import current_app
from flask_smorest import Blueprint

from api.auth import PUBLIC, access
from settings import VERSION
from stores import clickhouse, postgres, redis

blp = Blueprint("health", __name__, description="Is it alive, and can it work?")
blp_003 = Blueprint("health-003", __name__, url_prefix="/api", description="Document 003's health check")


class HealthSchema(ma.Schema):
    """This process answers."""

    status = ma.fields.String(required=True)
    version = ma.fields.String(required=True)
    environment = ma.fields.String(required=True)
    timestamp = ma.fields.String(required=True)


class ComponentSchema(ma.Schema):
    """One store."""

    status = ma.fields.String(required=True, metadata={"description": "healthy or unavailable"})


class ReadySchema(HealthSchema):
    """Which stores answer."""

    components = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Nested(ComponentSchema), required=True)


@blp.get("/health")
@access(PUBLIC)
@blp.response(200, HealthSchema)
def health():
    """This process answers; it asks no store"""
    return _healthy()


@blp.get("/health/live")
@access(PUBLIC)
@blp.response(200, HealthSchema)
def live():
    """This process answers; a supervisor that hears nothing may restart it"""
    return _healthy()


@blp.get("/health/ready")
@access(PUBLIC)
@blp.response(200, ReadySchema)
@blp.alt_response(503, schema=ReadySchema)
def ready():
    """Whether the stores answer; 503 with what is down keeps a load balancer away"""
    stores = {"database": postgres.is_up(), "redis": redis.is_up(), "clickhouse": clickhouse.is_up()}
    answer = _healthy() | {"components": {name: {"status": "healthy" if up else "unavailable"} for name, up in stores.items()}}
    if all(stores.values()):
        return answer
    return answer | {"status": "unavailable"}, 503


@blp_003.get("/health")
@access(PUBLIC)
@blp_003.response(200, HealthSchema)
def health_003():
    """This process answers"""
    return _healthy()


def now() -> str:
    """The time as documented: ISO 8601 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _healthy() -> dict:
    return {"status": "healthy", "version": VERSION, "environment": current_app.config["ECAP"].environment, "timestamp": now()}
