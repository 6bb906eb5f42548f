"""The totals of the shop, as document 003 has them."""

from datetime import UTC, datetime

import marshmallow as ma
from flask import g
from flask.views import MethodView
from flask_smorest import Blueprint

from analytics import shop
from api.auth import access

blp = Blueprint("shop-totals", __name__, url_prefix="/api/analytics", description="The totals of the shop")


class ShopActionSchema(ma.Schema):
    """How often something was done."""

    action = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)


class ShopDaySchema(ma.Schema):
    """How many events a day had."""

    date = ma.fields.Date(required=True)
    count = ma.fields.Integer(required=True)


class ShopTotalsSchema(ma.Schema):
    """All events of the shop, without bots."""

    total_events = ma.fields.Integer(required=True)
    daily_active_users = ma.fields.Integer(required=True, metadata={"description": "people with an event today"})
    total_users = ma.fields.Integer(required=True, metadata={"description": "those that /api/users lists"})
    top_actions = ma.fields.List(ma.fields.Nested(ShopActionSchema), required=True)
    daily_events = ma.fields.List(ma.fields.Nested(ShopDaySchema), required=True, metadata={"description": "the newest 30 with events"})


class ShopTotalsAnswerSchema(ma.Schema):
    """The documented envelope."""

    success = ma.fields.Boolean(required=True)
    data = ma.fields.Nested(ShopTotalsSchema, required=True)
    timestamp = ma.fields.AwareDateTime(required=True)


@blp.route("")
class TotalsResource(MethodView):
    """The totals."""

    @access("read:analytics", open_in_development=True)
    @blp.response(200, ShopTotalsAnswerSchema)
    def get(self):
        """How many events and users there are, what is done most, and how many events each day had"""
        now = datetime.now(UTC)
        found = shop.totals(g.tenant, now=now)
        actions = [{"action": action, "count": count} for action, count in found.top_actions]
        days = [{"date": day, "count": count} for day, count in found.daily_events]
        return {"success": True, "data": vars(found) | {"top_actions": actions, "daily_events": days}, "timestamp": now}
