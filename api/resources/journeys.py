"""What one person did: their journey, and the search for people."""

import marshmallow as ma
from flask import g
from flask.views import MethodView
from flask_smorest import Blueprint

from analytics import journey, persons
from api.auth import access
from api.schemas import Money

blp = Blueprint("journeys", __name__, description="What one person did")


class JourneyStepSchema(ma.Schema):
    """An event of a session."""

    page_type = ma.fields.String(required=True, allow_none=True)
    event = ma.fields.String(required=True, metadata={"description": "canonical"})
    event_type = ma.fields.String(required=True, metadata={"description": "as sent"})
    event_name = ma.fields.String(required=True, allow_none=True)
    timestamp = ma.fields.AwareDateTime(required=True)
    page_url = ma.fields.String(required=True, allow_none=True)
    product = ma.fields.String(required=True, allow_none=True)
    amount = Money(required=True, allow_none=True)
    currency = ma.fields.String(required=True, allow_none=True, metadata={"description": "of the amount; null is the shop's"})
    order_id = ma.fields.String(required=True, allow_none=True)
    search_term = ma.fields.String(required=True, allow_none=True)
    rating = ma.fields.Float(required=True, allow_none=True)
    properties = ma.fields.Dict(required=True)


class JourneySessionSchema(ma.Schema):
    """A session, its steps in their order."""

    session_id = ma.fields.String(required=True)
    visitor_id = ma.fields.String(required=True)
    started_at = ma.fields.AwareDateTime(required=True)
    ended_at = ma.fields.AwareDateTime(required=True)
    device_type = ma.fields.String(required=True, allow_none=True)
    channel = ma.fields.String(required=True, allow_none=True)
    country = ma.fields.String(required=True, allow_none=True)
    converted = ma.fields.Boolean(required=True)
    pages = ma.fields.Integer(required=True)
    steps = ma.fields.List(ma.fields.Nested(JourneyStepSchema), required=True)


class JourneyOrderLineSchema(ma.Schema):
    """A line of an order."""

    product_id = ma.fields.String(required=True)
    product = ma.fields.String(required=True)
    quantity = ma.fields.Integer(required=True)
    amount = Money(required=True)


class JourneyOrderSchema(ma.Schema):
    """An order, a refund or a cancellation."""

    order_id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    ordered_at = ma.fields.AwareDateTime(required=True)
    status = ma.fields.String(required=True)
    amount = Money(required=True)
    lines = ma.fields.List(ma.fields.Nested(JourneyOrderLineSchema), required=True)


class JourneySchema(ma.Schema):
    """A person's newest sessions, the oldest of them first, and their orders, the newest first."""

    user_id = ma.fields.Function(lambda found: found.user_id or found.key, required=True)
    identified = ma.fields.Function(lambda found: found.user_id is not None, required=True)
    visitor_ids = ma.fields.List(ma.fields.String(), required=True)
    converted = ma.fields.Boolean(required=True)
    total_sessions = ma.fields.Integer(required=True, attribute="facts.sessions")
    total_orders = ma.fields.Integer(required=True, attribute="facts.orders")
    net_revenue = Money(required=True, attribute="facts.net_revenue")
    sessions = ma.fields.List(ma.fields.Nested(JourneySessionSchema), required=True)
    orders = ma.fields.List(ma.fields.Nested(JourneyOrderSchema), required=True)


class JourneyQuery(ma.Schema):
    """How many sessions are wanted."""

    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(1, 500))


@blp.route("/users/journey/<path:user_id>")
class JourneyResource(MethodView):
    """The journey of one person."""

    @access("read:analytics", open_in_development=True)
    @blp.arguments(JourneyQuery, location="query")
    @blp.response(200, JourneySchema)
    def get(self, asked, user_id):
        """The sessions of a user, or of a visitor whom nobody identified, with all steps"""
        return journey.run(g.tenant, user_id, limit=asked["limit"])


class FoundPersonSchema(ma.Schema):
    """Somebody who was found, and how."""

    key = ma.fields.String(required=True, metadata={"description": "what /users/journey takes"})
    kind = ma.fields.String(required=True, metadata={"description": "customer, e-mail, visitor, order"})
    label = ma.fields.String(required=True)
    detail = ma.fields.String(required=True)
    last_seen = ma.fields.AwareDateTime(required=True, allow_none=True)
    sessions = ma.fields.Integer(required=True)
    orders = ma.fields.Integer(required=True)
    amount = Money(required=True, allow_none=True)


class FoundPersonsSchema(ma.Schema):
    """Those who were found, the closest first."""

    items = ma.fields.List(ma.fields.Nested(FoundPersonSchema), required=True)


class PersonsQuery(ma.Schema):
    """What is looked for."""

    q = ma.fields.String(required=True, validate=ma.validate.Length(persons.SHORTEST, 200))
    limit = ma.fields.Integer(load_default=6, validate=ma.validate.Range(1, 50))


@blp.route("/api/v1/persons")
class PersonsResource(MethodView):
    """The search for people."""

    @access("read:analytics")
    @blp.arguments(PersonsQuery, location="query")
    @blp.response(200, FoundPersonsSchema)
    def get(self, asked):
        """People, visitors and orders by a piece of text"""
        return {"items": persons.search(g.tenant, asked["q"], asked["limit"])}
