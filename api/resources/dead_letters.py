"""Events that were refused: read them, mend them, send them again."""

import marshmallow as ma
from flask import g
from flask.views import MethodView
from flask_smorest import Blueprint

from actions import dead_letters, replay
from api.auth import access
from api.schemas import PageQuery

blp = Blueprint("dead-letters", __name__, url_prefix="/api/v1/dead-letters", description="Events that were refused")


class LetterSchema(ma.Schema):
    """An event as it came, and why it was refused."""

    id = ma.fields.UUID(required=True)
    received_at = ma.fields.AwareDateTime(required=True)
    origin = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    field = ma.fields.String(required=True, allow_none=True)
    raw = ma.fields.Function(lambda letter: letter.raw.decode("utf-8", "replace"), required=True)
    request_id = ma.fields.String(required=True, allow_none=True)
    replayed_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class LettersSchema(ma.Schema):
    """A page of them, the newest first."""

    items = ma.fields.List(ma.fields.Nested(LetterSchema), required=True, attribute="rows")
    total = ma.fields.Integer(required=True)


class LettersQuery(PageQuery):
    """Which page, and whether those that were sent again are left out."""

    waiting_only = ma.fields.Boolean(load_default=False)


class ReplaySchema(ma.Schema):
    """What to send: the event mended, or nothing to send it as it came."""

    event = ma.fields.Dict(load_default=None, allow_none=True)


@blp.route("/")
class LettersResource(MethodView):
    """All of the shop."""

    @access("write:analytics")
    @blp.arguments(LettersQuery, location="query")
    @blp.response(200, LettersSchema)
    def get(self, asked):
        """The shop's refused events, newest first"""
        return dead_letters.newest(g.tenant, **asked)


@blp.route("/<uuid:id>")
class LetterResource(MethodView):
    """One."""

    @access("write:analytics")
    @blp.response(200, LetterSchema)
    def get(self, id):
        """One refused event"""
        return dead_letters.load(g.tenant, id)

    @access("write:analytics")
    @blp.response(204)
    def delete(self, id):
        """Throw a refused event away"""
        dead_letters.discard(g.tenant, id)


@blp.route("/<uuid:id>/replay")
class ReplayResource(MethodView):
    """Sending one again."""

    @access("write:analytics")
    @blp.arguments(ReplaySchema)
    @blp.response(200, LetterSchema)
    def post(self, told, id):
        """Send it again, as it came or mended; however often this is tried, it is counted once"""
        return replay.replay(g.tenant, id, mended=told["event"])
