"""Document 003's events: record one of a known user, and list what happened last."""

import json

import marshmallow as ma
from flask import g
from flask.views import MethodView
from flask_smorest import Blueprint

from actions import ingest, persons, tracked_events
from actions.dead_letters import Refused
from actions.event_schema import Client, uuid_text
from analytics import recent_events
from api.auth import access
from errors import Invalid

blp = Blueprint("events-003", __name__, url_prefix="/api", description="Document 003's events")


class NewEventSchema(ma.Schema):
    """Something that a known user did."""

    user_id = ma.fields.String(required=True, validate=ma.validate.Length(1, 256))
    action = ma.fields.String(required=True, validate=ma.validate.Length(1, 200))
    timestamp = ma.fields.String(metadata={"description": "ISO 8601; now where it is missing"})
    properties = ma.fields.Dict(load_default=dict)


class TrackedSchema(ma.Schema):
    """It is on disk and will be counted."""

    success = ma.fields.Boolean(required=True)
    message = ma.fields.String(required=True)
    event_id = ma.fields.String(required=True)


class RecentEventSchema(ma.Schema):
    """One event."""

    id = ma.fields.String(required=True)
    user_id = ma.fields.String(required=True)
    action = ma.fields.String(required=True)
    timestamp = ma.fields.AwareDateTime(required=True)
    properties = ma.fields.Dict(required=True)
    created_at = ma.fields.AwareDateTime(required=True)


class EventsPaginationSchema(ma.Schema):
    """Where in the list the answer stands."""

    page = ma.fields.Integer(required=True)
    pages = ma.fields.Integer(required=True)
    per_page = ma.fields.Integer(required=True)
    total = ma.fields.Integer(required=True)


class EventsSchema(ma.Schema):
    """A page of events, the newest first."""

    success = ma.fields.Boolean(required=True)
    events = ma.fields.List(ma.fields.Nested(RecentEventSchema), required=True)
    pagination = ma.fields.Nested(EventsPaginationSchema, required=True)


class EventsQuery(ma.Schema):
    """Which page."""

    page = ma.fields.Integer(load_default=1, validate=ma.validate.Range(1, 1_000_000))
    per_page = ma.fields.Integer(load_default=20, validate=ma.validate.Range(1, 100))


@blp.route("/event")
class EventResource(MethodView):
    """One event."""

    @access("write:events", open_in_development=True)
    @blp.arguments(NewEventSchema)
    @blp.response(201, TrackedSchema)
    def post(self, told):
        """Record what a known user did; the shop must know the user (upload, registration, identify)"""
        if not persons.exists(g.tenant, told["user_id"]):
            raise Invalid(f"User {told['user_id']} not found")
        raw = json.dumps({"event_type": told["action"], **{key: told[key] for key in told if key != "action"}}).encode()
        event = tracked_events.read(g.tenant, raw, 0, None)
        if isinstance(event, Refused):
            raise Invalid(event.reason)
        ingest.accept(g.tenant, [event], origin="server", client=Client(), received_at=ingest.now_ms(), request_id=g.request_id)
        return {"success": True, "message": "Event tracked successfully", "event_id": uuid_text(event.event_id)}


@blp.route("/events")
class EventsResource(MethodView):
    """Many events."""

    @access("read:analytics", open_in_development=True)
    @blp.arguments(EventsQuery, location="query")
    @blp.response(200, EventsSchema)
    def get(self, asked):
        """What happened last, page by page"""
        found = recent_events.run(g.tenant, **asked)
        pages = -(-found.total // asked["per_page"])
        return {"success": True, "events": found.events, "pagination": asked | {"pages": pages, "total": found.total}}
