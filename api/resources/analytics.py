"""The funnel of document 000: from home over search and payment to the confirmation, by persons. Shares are 0 to 1."""

from datetime import UTC, datetime

import marshmallow as ma
from flask import g
from flask.views import MethodView
from flask_smorest import Blueprint

from actions import funnels
from analytics import dropoffs, funnel, rates
from analytics.dropoffs import DropOff
from analytics.funnel import PAGES, Reached
from analytics.scope import Scope
from api.auth import access
from api.schemas import Money
from api.scope_query import scope_arguments

blp = Blueprint("analytics", __name__, url_prefix="/analytics", description="The funnel from home to confirmation")


class FunnelStepSchema(ma.Schema):
    """One step of the funnel."""

    step = ma.fields.String(required=True, attribute="label")
    users = ma.fields.Integer(required=True, attribute="count", metadata={"description": "persons who reached it"})
    conversion_rate = ma.fields.Float(required=True, allow_none=True, attribute="share", metadata={"description": "of the first step"})
    step_conversion_rate = ma.fields.Float(
        required=True, allow_none=True, attribute="step_share", metadata={"description": "of the step before, 0..1"}
    )
    drop_off = ma.fields.Integer(required=True, attribute="left", metadata={"description": "persons who came no further"})
    drop_off_rate = ma.fields.Float(required=True, allow_none=True, attribute="left_share")
    median_seconds_to_next = ma.fields.Function(
        lambda step: None if step.median_ms is None else step.median_ms / 1000, required=True, metadata={"type": ["number", "null"]}
    )
    revenue_lost = Money(required=True, allow_none=True)


class PagesFunnelSchema(ma.Schema):
    """The funnel of a period."""

    steps = ma.fields.List(ma.fields.Nested(FunnelStepSchema), required=True)
    total_users = ma.fields.Integer(required=True, metadata={"description": "persons who took the first step"})
    overall_conversion_rate = ma.fields.Float(required=True, allow_none=True)
    currency = ma.fields.String(required=True)


class DropOffReasonSchema(ma.Schema):
    """What happened before they left."""

    reason = ma.fields.String(required=True)
    users = ma.fields.Integer(required=True, attribute="count")
    share = ma.fields.Float(required=True, metadata={"description": "of those who left here, 0..1"})


class WhereToSchema(ma.Schema):
    """A place and how many were there."""

    page = ma.fields.String(required=True)
    users = ma.fields.Integer(required=True)
    share = ma.fields.Float(required=True)


class DropOffSchema(ma.Schema):
    """Those for whom one step was the last."""

    from_step = ma.fields.String(required=True, attribute="from_label")
    to_step = ma.fields.String(required=True, attribute="to_label")
    users_lost = ma.fields.Integer(required=True, attribute="left")
    drop_off_rate = ma.fields.Float(required=True, allow_none=True, attribute="left_share")
    revenue_lost = Money(required=True, allow_none=True)
    reasons = ma.fields.List(ma.fields.Nested(DropOffReasonSchema), required=True)
    went_to = ma.fields.List(ma.fields.Nested(WhereToSchema), required=True, metadata={"description": "instead of the next step"})
    last_pages = ma.fields.List(ma.fields.Nested(WhereToSchema), required=True)
    insight = ma.fields.String(required=True)


class DropOffsSchema(ma.Schema):
    """All drop-offs, and the one that costs most."""

    dropoffs = ma.fields.List(ma.fields.Nested(DropOffSchema), required=True)
    bottleneck = ma.fields.Nested(DropOffSchema, required=True)
    currency = ma.fields.String(required=True)


class StepRateSchema(ma.Schema):
    """The share that went on from a step, beside the period before."""

    from_step = ma.fields.String(required=True, attribute="from_label")
    to_step = ma.fields.String(required=True, attribute="to_label")
    conversion_rate = ma.fields.Float(required=True, allow_none=True, attribute="share")
    previous_conversion_rate = ma.fields.Float(required=True, allow_none=True, attribute="before")
    change_percent = ma.fields.Function(
        lambda rate: None if rate.change is None else round(rate.change * 100, 2), required=True, metadata={"type": ["number", "null"]}
    )


class RateDaySchema(ma.Schema):
    """The share of those who took the first step on a day that reached the last."""

    date = ma.fields.Date(required=True)
    conversion_rate = ma.fields.Float(required=True, allow_none=True)


class RatesSchema(ma.Schema):
    """Rates of the steps and their history."""

    steps = ma.fields.List(ma.fields.Nested(StepRateSchema), required=True)
    history = ma.fields.List(ma.fields.Nested(RateDaySchema), required=True)


class RefreshSchema(ma.Schema):
    """What a refresh does."""

    status = ma.fields.String(required=True)
    keys_cleared = ma.fields.Integer(required=True, metadata={"description": "cached answers dropped: none, for answers are not cached"})
    funnels_recomputed = ma.fields.Integer(required=True, metadata={"description": "saved funnels that are being worked out anew"})
    timestamp = ma.fields.AwareDateTime(required=True)


@blp.route("/funnel")
class PagesFunnelResource(MethodView):
    """The funnel."""

    @access("read:analytics", open_in_development=True)
    @scope_arguments(blp)
    @blp.response(200, PagesFunnelSchema)
    def get(self, scope: Scope):
        """How many persons reached home, search, payment and confirmation, one after the other"""
        found = funnel.run(scope, PAGES)
        return {
            "steps": found.steps,
            "total_users": found.total,
            "overall_conversion_rate": _overall(found.steps),
            "currency": scope.currency,
        }


def _overall(steps: list[Reached]) -> float | None:
    return steps[-1].share


@blp.route("/funnel/dropoffs")
class DropOffsResource(MethodView):
    """Where they leave."""

    @access("read:analytics", open_in_development=True)
    @scope_arguments(blp)
    @blp.response(200, DropOffsSchema)
    def get(self, scope: Scope):
        """Who left after each step, where they went instead, why as far as it is known, and which step costs most"""
        found = dropoffs.run(scope, PAGES)
        worst = dropoffs.bottleneck(found)
        return {
            "dropoffs": [_drop_off(one) for one in found],
            "bottleneck": _drop_off(worst),
            "currency": scope.currency,
        }


def _drop_off(found: DropOff) -> dict:
    places = {name: [_place(*one) for one in getattr(found, name)] for name in ("went_to", "last_pages")}
    return vars(found) | places


def _place(page: str, users: int, share: float) -> dict:
    return {"page": page, "users": users, "share": share}


@blp.route("/conversion-rates")
class RatesResource(MethodView):
    """How the rates move."""

    @access("read:analytics", open_in_development=True)
    @scope_arguments(blp)
    @blp.response(200, RatesSchema)
    def get(self, scope: Scope):
        """The share that goes on from each step, beside the period before, and the whole from day to day"""
        found = rates.run(scope, PAGES)
        return {"steps": found.steps, "history": [{"date": day, "conversion_rate": share} for day, share in found.history]}


@blp.route("/refresh")
class RefreshResource(MethodView):
    """Working out anew."""

    @access("write:analytics", open_in_development=True)
    @blp.response(200, RefreshSchema)
    def post(self):
        """Work the saved funnels out anew; every other answer is counted when it is asked for"""
        count = funnels.refill(g.tenant)
        return {"status": "refreshed", "keys_cleared": 0, "funnels_recomputed": count, "timestamp": datetime.now(UTC)}
