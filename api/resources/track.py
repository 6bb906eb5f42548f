"""Events in: document 002's tracking, and Segment's HTTP API on the same ground. api/tracking_door.py answers most of it before Flask."""

import marshmallow as ma
from flask import Response, current_app, g, request
from flask.views import MethodView
from flask_smorest import Blueprint

from api import bodies, tracking, tracking_door
from api.auth import access

blp = Blueprint("tracking", __name__, description="Events in")
segment = Blueprint("segment", __name__, description="Segment's HTTP API: its libraries work by changing the host")


class TrackEventSchema(ma.Schema):
    """An event. It needs event_type and one of visitor_id and user_id; fields nobody knows are ignored."""

    event_type = ma.fields.String(required=True)
    customer_id = ma.fields.String(metadata={"description": "the shop; only the credentials' own"})
    visitor_id = ma.fields.String(metadata={"description": "the browser"})
    user_id = ma.fields.String(metadata={"description": "the person, where known"})
    session_id = ma.fields.String(metadata={"description": "without it 30 minutes without an event end a session"})
    event_id = ma.fields.String(metadata={"description": "the same id is counted once, for eight days; without it each delivery counts"})
    event_name = ma.fields.String()
    properties = ma.fields.Dict()
    page_url = ma.fields.String()
    page_title = ma.fields.String()
    referrer = ma.fields.String()
    timestamp = ma.fields.String(metadata={"description": "ISO 8601 or epoch; the time of arrival where it is missing"})
    sent_at = ma.fields.String(metadata={"description": "the sender's clock at sending, to correct timestamp by"})
    time_zone = ma.fields.String()
    context = ma.fields.Dict(metadata={"description": "as Segment's: page, campaign, userAgent, timezone, location, device"})


class TrackBatchSchema(ma.Schema):
    """Up to 10,000 events or 5 MiB."""

    events = ma.fields.List(ma.fields.Nested(TrackEventSchema), required=True)
    sent_at = ma.fields.String()


class AcceptedSchema(ma.Schema):
    """It is on disk and will be counted once."""

    success = ma.fields.Boolean(required=True)
    events_accepted = ma.fields.Integer(required=True)
    events_rejected = ma.fields.Integer(required=True)
    message = ma.fields.String(required=True)
    event_id = ma.fields.String(metadata={"description": "where the event came without one"})


class ResultSchema(ma.Schema):
    """What became of one event of a batch."""

    index = ma.fields.Integer(required=True)
    accepted = ma.fields.Boolean(required=True)
    event_id = ma.fields.String(metadata={"description": "where the event came without one"})
    reason = ma.fields.String(metadata={"description": "why it was refused"})
    field = ma.fields.String()


class AcceptedBatchSchema(AcceptedSchema):
    """What was accepted is on disk and will be counted once; the rest can be read under /api/v1/dead-letters."""

    results = ma.fields.List(ma.fields.Nested(ResultSchema), required=True)


def _documented(schema: type[ma.Schema]) -> dict:
    content = {"application/json": {"schema": schema}, "text/plain": {"schema": {"type": "string"}}}
    return {"requestBody": {"required": True, "content": content}}


@blp.route("/track")
class TrackResource(MethodView):
    """One event."""

    @access("write:events", open_in_development=True)
    @blp.doc(**_documented(TrackEventSchema))
    @blp.alt_response(200, schema=AcceptedSchema)
    def post(self):
        """Record one event"""
        return _answer(tracking.TRACK)


@blp.route("/track/batch")
class BatchResource(MethodView):
    """Many events."""

    @access("write:events", open_in_development=True)
    @blp.doc(**_documented(TrackBatchSchema))
    @blp.alt_response(200, schema=AcceptedBatchSchema)
    def post(self):
        """Record many events; each is accepted or refused by itself"""
        return _answer(tracking.BATCH)


@segment.route("/v1/<any(track,page,screen,identify,group,alias,batch,import,t,p,s,i,g,a,b):kind>")
class SegmentResource(MethodView):
    """A message of a Segment library."""

    @access("write:events", open_in_development=True)
    def post(self, kind):
        """Record a message, or with batch many: basic auth with the write key as its user, or writeKey in the body"""
        return _answer(f"/v1/{kind}")


def _answer(path: str) -> Response:
    if problem := request.environ.get(tracking_door.PROBLEM):
        raise problem
    body = bodies.read(request.environ, current_app.config["MAX_CONTENT_LENGTH"])
    key_id = str(g.identity.key_id or "")
    said = tracking.answer(path, body, tracking.sender_of(request.environ, g.tenant, key_id, g.request_id))
    return Response(said, mimetype="application/json")
