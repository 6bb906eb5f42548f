"""Background work of the shop: how it stands, and stopping it."""

import marshmallow as ma
from flask import g
from flask.views import MethodView
from flask_smorest import Blueprint

from actions import jobs
from api.auth import access
from jobs import queue

blp = Blueprint("jobs", __name__, url_prefix="/api/v1/jobs", description="Background work")


class JobSchema(ma.Schema):
    """How a job stands."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(("waiting", "running", "done", "failed", "stopped")))
    progress = ma.fields.Float(required=True, metadata={"description": "0 to 1"})
    message = ma.fields.String(required=True)
    result = ma.fields.Raw(required=True, allow_none=True)
    error = ma.fields.String(required=True, allow_none=True)
    created_at = ma.fields.AwareDateTime(required=True)
    started_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    finished_at = ma.fields.AwareDateTime(required=True, allow_none=True)


@blp.route("/")
class JobsResource(MethodView):
    """The newest jobs."""

    @access("manage:system")
    @blp.response(200, JobSchema(many=True))
    def get(self):
        """The shop's newest 50 jobs, newest first"""
        return jobs.recent(g.tenant)


@blp.route("/<uuid:id>")
class JobResource(MethodView):
    """One job."""

    @access("read:analytics")
    @blp.response(200, JobSchema)
    @blp.alt_response(404, "NOT_FOUND")
    def get(self, id):
        """How the job stands"""
        return queue.status(g.tenant, id)


@blp.route("/<uuid:id>/stop")
class StopResource(MethodView):
    """Stopping a job."""

    @access("write:analytics")
    @blp.response(200, JobSchema)
    @blp.alt_response(404, "NOT_FOUND")
    def post(self, id):
        """Stop it: a waiting job at once, a running one at its next step"""
        return queue.stop(g.tenant, id)


@blp.route("/<uuid:id>/retry")
class RetryResource(MethodView):
    """Trying a job again."""

    @access("write:analytics")
    @blp.response(200, JobSchema)
    @blp.alt_response(404, "NOT_FOUND")
    @blp.alt_response(409, "CONFLICT")
    def post(self, id):
        """Run a failed or stopped job again"""
        return queue.retry(g.tenant, id)
