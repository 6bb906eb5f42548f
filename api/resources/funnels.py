"""Funnels of one's own: saved under a name, or asked once."""

import marshmallow as ma
from flask import g
from flask.views import MethodView
from flask_smorest import Blueprint

from actions import funnels
from analytics import funnel, numbers, saved_funnel
from analytics.funnel import BREAKDOWNS, Definition, Funnel, Reached
from api.auth import access
from api.schemas import Strict
from api.scope_query import ScopeQuery, scope_arguments

blp = Blueprint("funnels", __name__, url_prefix="/api/v1/funnels", description="Funnels: saved under a name, or asked once")

STEP = 'Such as {"kind": "event", "value": "add_to_cart"}; docs/metrics.md lists the kinds, operators, "optional" and "any_of".'


class DefinitionSchema(Strict):
    """A funnel. analytics.funnel checks it and names what it cannot read."""

    name = ma.fields.String(load_default="Funnel", validate=ma.validate.Length(1, 100))
    unit = ma.fields.String(load_default="session", validate=ma.validate.OneOf(("session", "visitor", "person")))
    window = ma.fields.Integer(load_default=7 * 86400, allow_none=True, metadata={"description": "seconds from the first step to the last"})
    steps = ma.fields.List(ma.fields.Dict(), required=True, metadata={"description": STEP})
    exclusions = ma.fields.List(ma.fields.Dict(), load_default=list, metadata={"description": '{"after_step": 2, "step": {…}}'})

    @ma.post_load
    def definition(self, given: dict, **_) -> Definition:
        """The Definition; what it cannot read is an Invalid that names the field."""
        return Definition.parse(given)


class SavedSchema(ma.Schema):
    """A saved funnel."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    definition = ma.fields.Function(lambda saved: saved.definition.as_dict(), required=True)
    is_filled = ma.fields.Boolean(required=True, metadata={"description": "whether it is worked out ahead: then it answers faster"})
    created_at = ma.fields.AwareDateTime(required=True)
    updated_at = ma.fields.AwareDateTime(required=True)


class RunQuery(ScopeQuery):
    """A scope, and a property of the session by whose values the funnel is told apart."""

    breakdown = ma.fields.String(load_default=None, validate=ma.validate.OneOf(list(BREAKDOWNS)))


class ReachedSchema(ma.Schema):
    """One step."""

    label = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    share = ma.fields.Float(required=True, allow_none=True, metadata={"description": "of those who took the first step, 0 to 1"})
    step_share = ma.fields.Float(required=True, allow_none=True, metadata={"description": "of those at the step before, 0 to 1"})
    left = ma.fields.Integer(required=True)
    left_share = ma.fields.Float(required=True, allow_none=True)
    median_ms = ma.fields.Integer(required=True, allow_none=True)
    revenue_lost = ma.fields.Float(required=True, allow_none=True)


class GroupSchema(ma.Schema):
    """The steps of those with one value of the breakdown."""

    value = ma.fields.String(required=True)
    steps = ma.fields.List(ma.fields.Nested(ReachedSchema), required=True)


class AnswerSchema(ma.Schema):
    """What a funnel counts."""

    unit = ma.fields.String(required=True)
    total = ma.fields.Integer(required=True)
    average_order = ma.fields.Float(required=True, allow_none=True)
    steps = ma.fields.List(ma.fields.Nested(ReachedSchema), required=True)
    groups = ma.fields.List(ma.fields.Nested(GroupSchema), required=True)


@blp.route("/")
class FunnelsResource(MethodView):
    """The shop's funnels."""

    @access("read:analytics")
    @blp.response(200, SavedSchema(many=True))
    def get(self):
        """The saved funnels by name"""
        return funnels.recent(g.tenant)

    @access("write:analytics")
    @blp.arguments(DefinitionSchema)
    @blp.response(201, SavedSchema)
    @blp.alt_response(409, "CONFLICT")
    def post(self, definition):
        """Save a funnel under its name"""
        return funnels.create(g.tenant, definition, account_id=g.identity.account_id)


@blp.route("/<uuid:id>")
class FunnelResource(MethodView):
    """One saved funnel."""

    @access("read:analytics")
    @blp.response(200, SavedSchema)
    @blp.alt_response(404, "NOT_FOUND")
    def get(self, id):
        """The saved funnel"""
        return funnels.load(g.tenant, id)

    @access("write:analytics")
    @blp.arguments(DefinitionSchema)
    @blp.response(200, SavedSchema)
    @blp.alt_response(404, "NOT_FOUND")
    @blp.alt_response(409, "CONFLICT")
    def put(self, definition, id):
        """Replace what the funnel is and how it is named"""
        return funnels.change(g.tenant, id, definition)

    @access("write:analytics")
    @blp.response(204)
    @blp.alt_response(404, "NOT_FOUND")
    def delete(self, id):
        """Delete the funnel"""
        funnels.delete(g.tenant, id)


@blp.route("/<uuid:id>/run")
class RunResource(MethodView):
    """What a saved funnel counts."""

    @access("read:analytics")
    @scope_arguments(blp, RunQuery)
    @blp.response(200, AnswerSchema)
    @blp.alt_response(404, "NOT_FOUND")
    def get(self, given, id):
        """Run the saved funnel; without a period, over the last 30 days"""
        found = saved_funnel.run(given["scope"], funnels.load(g.tenant, id).saved, breakdown=given["breakdown"])
        return _answer(found)


@blp.route("/run")
class AskResource(MethodView):
    """A funnel that is not saved."""

    @access("read:analytics")
    @scope_arguments(blp, RunQuery)
    @blp.arguments(DefinitionSchema)
    @blp.response(200, AnswerSchema)
    def post(self, given, definition):
        """Run a funnel without saving it; without a period, over the last 30 days"""
        return _answer(funnel.run(given["scope"], definition, breakdown=given["breakdown"]))


def _answer(found: Funnel) -> dict:
    return {
        "unit": found.unit,
        "total": found.total,
        "average_order": numbers.cents(found.average_order),
        "steps": [_reached(step) for step in found.steps],
        "groups": [{"value": group.value, "steps": [_reached(step) for step in group.steps]} for group in found.groups],
    }


def _reached(step: Reached) -> dict:
    return {name: getattr(step, name) for name in ReachedSchema._declared_fields}
