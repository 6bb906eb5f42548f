"""The shop's key figures and how they move, as document 000 has them: shares are 0 to 1."""

from zoneinfo import ZoneInfo

import marshmallow as ma
from flask.views import MethodView
from flask_smorest import Blueprint

from analytics import overview, trends
from analytics.scope import Scope
from analytics.trends import Point
from analytics.values import Values
from api.auth import access
from api.schemas import Money
from api.scope_query import ScopeQuery, scope_arguments

blp = Blueprint("dashboard", __name__, url_prefix="/dashboard", description="The shop's key figures")

GRANULARITIES = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month"}


class PeriodSchema(ma.Schema):
    """Which time an answer is about: from `start_date`, up to but without `end_date`."""

    start_date = ma.fields.AwareDateTime(required=True, attribute="start")
    end_date = ma.fields.AwareDateTime(required=True, attribute="end")


class FiguresSchema(ma.Schema):
    """Figures of a period. docs/metrics.md has the definition of each."""

    users = ma.fields.Integer(required=True)
    visitors = ma.fields.Integer(required=True)
    sessions = ma.fields.Integer(required=True)
    conversions = ma.fields.Integer(required=True, attribute="sessions_with_purchase", metadata={"description": "sessions with a purchase"})
    conversion_rate = ma.fields.Float(required=True, allow_none=True, attribute="conversion", metadata={"description": "of sessions, 0..1"})
    bounce_rate = ma.fields.Float(required=True, allow_none=True, metadata={"description": "of sessions, 0..1"})
    orders = ma.fields.Integer(required=True)
    revenue = Money(required=True, attribute="net_revenue", metadata={"description": "net"})
    gross_revenue = Money(required=True)
    discounts = Money(required=True)
    refunds = Money(required=True)
    average_order_value = Money(required=True, allow_none=True, attribute="average_order")


class KeyFiguresSchema(ma.Schema):
    """The figures of a period under their documented names, and those of the period before it."""

    period = ma.fields.Nested(PeriodSchema, required=True)
    currency = ma.fields.String(required=True)
    total_users = ma.fields.Integer(required=True)
    total_sessions = ma.fields.Integer(required=True)
    conversion_rate = ma.fields.Float(required=True, allow_none=True)
    revenue = Money(required=True)
    figures = ma.fields.Nested(FiguresSchema, required=True)
    previous_period = ma.fields.Nested(PeriodSchema, required=True)
    previous = ma.fields.Nested(FiguresSchema, required=True, allow_none=True, metadata={"description": "null where nothing happened"})


class TrendQuery(ScopeQuery):
    """Which period, and how finely."""

    granularity = ma.fields.String(load_default="daily", validate=ma.validate.OneOf(GRANULARITIES))


class TrendPointSchema(FiguresSchema):
    """The figures of one hour, day, week or month."""

    period = ma.fields.String(required=True, metadata={"description": "first day of the bucket, or the hour with its offset"})
    start = ma.fields.AwareDateTime(required=True)
    end = ma.fields.AwareDateTime(required=True)
    complete = ma.fields.Boolean(required=True, metadata={"description": "false where it is not over or lies partly outside the period"})


class TrendSchema(ma.Schema):
    """A series without gaps."""

    granularity = ma.fields.String(required=True)
    tz = ma.fields.String(required=True)
    currency = ma.fields.String(required=True)
    series = ma.fields.List(ma.fields.Nested(TrendPointSchema), required=True)


@blp.route("/metrics")
class MetricsResource(MethodView):
    """The key figures."""

    @access("read:analytics", open_in_development=True)
    @scope_arguments(blp)
    @blp.response(200, KeyFiguresSchema)
    def get(self, scope: Scope):
        """Users, sessions, conversion and revenue of a period (the last 30 days where none is given), beside the period before"""
        found = overview.run(scope)
        return _headline(found.now) | {
            "period": scope,
            "currency": scope.currency,
            "figures": found.now,
            "previous_period": scope.previous(),
            "previous": found.before,
        }


def _headline(now: Values) -> dict:
    return {
        "total_users": now.users,
        "total_sessions": now.sessions,
        "conversion_rate": now.conversion,
        "revenue": now.net_revenue,
    }


@blp.route("/trends")
class TrendsResource(MethodView):
    """The figures over time."""

    @access("read:analytics", open_in_development=True)
    @scope_arguments(blp, TrendQuery)
    @blp.response(200, TrendSchema)
    def get(self, asked: dict):
        """The figures of each hour, day, week or month of a period"""
        scope, granularity = asked["scope"], asked["granularity"]
        points = trends.run(scope, GRANULARITIES[granularity])
        return {
            "granularity": granularity,
            "tz": scope.tz,
            "currency": scope.currency,
            "series": [_point(point, scope) for point in points],
        }


def _point(point: Point, scope: Scope) -> dict:
    period = point.label_day or point.start.astimezone(ZoneInfo(scope.tz))
    return vars(point.values) | {"period": period.isoformat(), "start": point.start, "end": point.end, "complete": point.complete}
