"""Document 003: user profiles by CSV, and the list of users."""

import marshmallow as ma
from flask import g, request
from flask.views import MethodView
from flask_smorest import Blueprint

from actions import customers
from api.auth import access
from errors import Invalid

blp = Blueprint("users", __name__, url_prefix="/api", description="Document 003: users")


class CsvUploadedSchema(ma.Schema):
    """What the file changed."""

    success = ma.fields.Boolean(required=True)
    message = ma.fields.String(required=True)
    users_created = ma.fields.Integer(required=True)
    users_updated = ma.fields.Integer(required=True)


class CsvUserSchema(ma.Schema):
    """One user."""

    id = ma.fields.Integer(required=True, attribute="number")
    user_id = ma.fields.String(required=True, attribute="customer_id")
    name = ma.fields.String(required=True, allow_none=True)
    email = ma.fields.String(required=True, allow_none=True)
    created_at = ma.fields.AwareDateTime(required=True)


class CsvUsersQuery(ma.Schema):
    """Which part of a long list."""

    limit = ma.fields.Integer(load_default=10_000, validate=ma.validate.Range(1, 10_000))
    offset = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 1_000_000_000))


class CsvUsersSchema(ma.Schema):
    """All users of the shop."""

    success = ma.fields.Boolean(required=True)
    users = ma.fields.List(ma.fields.Nested(CsvUserSchema), required=True)
    count = ma.fields.Integer(required=True)


@blp.route("/upload")
class UploadResource(MethodView):
    """User profiles by CSV."""

    @access("write:analytics", open_in_development=True)
    @blp.doc(
        requestBody={
            "required": True,
            "content": {
                "multipart/form-data": {"schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}}
            },
        }
    )
    @blp.response(200, CsvUploadedSchema)
    @blp.alt_response(400, "BAD_REQUEST")
    def post(self):
        """Bring user profiles: a CSV file with the columns user_id, name, email. Known users are brought up to date"""
        sent = request.files.get("file")
        if sent is None:
            raise Invalid("Send a CSV file in the field `file`.", fields={"file": ["A CSV file"]})
        made, given = customers.bring(g.tenant, sent.stream)
        return {"success": True, "message": f"Successfully processed {given} users", "users_created": made, "users_updated": given - made}


@blp.route("/users")
class UsersResource(MethodView):
    """The users of the shop."""

    @access("read:customers", open_in_development=True)
    @blp.arguments(CsvUsersQuery, location="query")
    @blp.response(200, CsvUsersSchema)
    def get(self, part):
        """All users, the newest first"""
        found = customers.newest(g.tenant, **part)
        return {"success": True, "users": found, "count": len(found)}
