"""Which way people went through the shop."""

import marshmallow as ma
from flask.views import MethodView
from flask_smorest import Blueprint

from analytics import paths
from api.auth import access
from api.schemas import Money
from api.scope_query import ScopeQuery, scope_arguments

blp = Blueprint("paths", __name__, url_prefix="/api/v1/paths", description="Which way people went through the shop")


class PathNodeSchema(ma.Schema):
    """A node of the picture."""

    column = ma.fields.Integer(required=True, metadata={"description": "from 0, left to right"})
    name = ma.fields.String(required=True, allow_none=True, metadata={"description": "null for left, came in and other"})
    kind = ma.fields.String(required=True, metadata={"description": "node, left, came in, other"})
    sessions = ma.fields.Integer(required=True)


class PathLinkSchema(ma.Schema):
    """Sessions that went from one node to another."""

    source = ma.fields.Integer(required=True, metadata={"description": "place in `nodes`"})
    target = ma.fields.Integer(required=True, metadata={"description": "place in `nodes`"})
    sessions = ma.fields.Integer(required=True)


class WholePathSchema(ma.Schema):
    """A whole path and what came of it."""

    steps = ma.fields.List(ma.fields.String(), required=True)
    ended = ma.fields.Boolean(required=True, metadata={"description": "false: it was longer than what is listed"})
    sessions = ma.fields.Integer(required=True)
    sessions_before = ma.fields.Integer(required=True, attribute="before", metadata={"description": "in the period before"})
    share = ma.fields.Float(required=True, allow_none=True, metadata={"description": "of all sessions with the start or end, 0..1"})
    paid_share = ma.fields.Float(required=True, allow_none=True, metadata={"description": "0..1"})
    revenue_per_session = Money(required=True, allow_none=True)


class PathsSchema(ma.Schema):
    """A picture of paths, and the 50 most frequent whole ones."""

    nodes = ma.fields.List(ma.fields.Nested(PathNodeSchema), required=True)
    links = ma.fields.List(ma.fields.Nested(PathLinkSchema), required=True)
    paths = ma.fields.List(ma.fields.Nested(WholePathSchema), required=True, attribute="whole")
    total_sessions = ma.fields.Integer(required=True, attribute="total")
    revenue_per_session = Money(required=True, allow_none=True)


class PathsQuery(ScopeQuery):
    """From where, or to where, and by what."""

    start = ma.fields.String(metadata={"description": "the first step; without start and end paths begin where people came in"})
    end = ma.fields.String(metadata={"description": "the last step"})
    by = ma.fields.String(load_default="page_type", metadata={"description": "page_type, event or page"})
    steps = ma.fields.Integer(load_default=4, metadata={"description": "2 to 5"})


@blp.route("")
class PathsResource(MethodView):
    """The paths."""

    @access("read:analytics")
    @scope_arguments(blp, PathsQuery)
    @blp.response(200, PathsSchema)
    def get(self, asked):
        """The ways of sessions from a start, or to an end"""
        return paths.run(asked.pop("scope"), **asked)
