"""What people did, event by event."""

import marshmallow as ma
from flask.views import MethodView
from flask_smorest import Blueprint

from analytics import behavior
from api.auth import access
from api.scope_query import ScopeQuery, scope_arguments

blp = Blueprint("behavior", __name__, url_prefix="/users/behavior", description="What people did, event by event")


class InteractionSchema(ma.Schema):
    """One event."""

    user_id = ma.fields.String(required=True, allow_none=True, metadata={"description": "the person of its session; null for strangers"})
    visitor_id = ma.fields.String(required=True)
    session_id = ma.fields.String(required=True)
    page_type = ma.fields.String(required=True, allow_none=True)
    event = ma.fields.String(required=True, metadata={"description": "canonical"})
    event_type = ma.fields.String(required=True, metadata={"description": "as sent"})
    event_name = ma.fields.String(required=True, allow_none=True)
    timestamp = ma.fields.AwareDateTime(required=True)
    page_url = ma.fields.String(required=True, allow_none=True)
    properties = ma.fields.Dict(required=True)


class InteractionsSchema(ma.Schema):
    """The newest first, and how many there are."""

    interactions = ma.fields.List(ma.fields.Nested(InteractionSchema), required=True, attribute="rows")
    total = ma.fields.Integer(required=True)


class BehaviorQuery(ScopeQuery):
    """Whose, which session's, on which kind of page."""

    user_id = ma.fields.String(metadata={"description": "a person: also what they did before they signed in"})
    session_id = ma.fields.String()
    page_type = ma.fields.String(metadata={"description": "home, search, category, product, cart, checkout, payment, confirmation, …"})
    limit = ma.fields.Integer(load_default=100, validate=ma.validate.Range(1, 1000))
    offset = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 10_000_000))


@blp.route("")
class BehaviorResource(MethodView):
    """The interactions."""

    @access("read:analytics", open_in_development=True)
    @scope_arguments(blp, BehaviorQuery)
    @blp.response(200, InteractionsSchema)
    def get(self, asked):
        """Interactions of a user, a session or a kind of page, newest first; of the last 30 days where no period is asked"""
        return behavior.run(asked.pop("scope"), **asked)
