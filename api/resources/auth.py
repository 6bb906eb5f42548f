"""Signing in, choosing the shop, staying signed in."""

import marshmallow as ma
from flask import Response, current_app, g
from flask.views import MethodView
from flask_smorest import Blueprint

from actions import accounts
from actions.accounts import Identity
from api import auth
from api.auth import PUBLIC, SIGNED_IN, access
from api.errors import ErrorSchema
from api.schemas import Strict, json_or_form

blp = Blueprint("auth", __name__, url_prefix="/api/v1/auth", description="Signing in")
blp_pages = Blueprint("auth-pages", __name__, description="Staying signed in, for the dashboard's own scripts")


class LoginSchema(ma.Schema):
    """OAuth's password form has fields that nothing here needs; they are let pass."""

    class Meta:
        unknown = ma.EXCLUDE

    username = ma.fields.String(required=True, validate=ma.validate.Length(1, 320), metadata={"description": "e-mail or username"})
    password = ma.fields.String(required=True, validate=ma.validate.Length(1, 1024), load_only=True)
    tenant = ma.fields.String(load_default=None, metadata={"description": "the shop to begin in; else the one joined first"})


class SwitchSchema(Strict):
    """The shop to go to."""

    tenant = ma.fields.String(required=True)


class UserSchema(ma.Schema):
    """Who signed in."""

    id = ma.fields.String(required=True)
    email = ma.fields.String(required=True)
    username = ma.fields.String(required=True)
    first_name = ma.fields.String(required=True)
    last_name = ma.fields.String(required=True)
    role = ma.fields.String(required=True, metadata={"description": "in this shop"})
    permissions = ma.fields.List(ma.fields.String(), required=True)
    tenant = ma.fields.String(required=True, metadata={"description": "the current shop"})


class TokenSchema(ma.Schema):
    """A token for programs."""

    access_token = ma.fields.String(required=True)
    token_type = ma.fields.String(required=True)
    expires_in = ma.fields.Integer(required=True, metadata={"description": "seconds"})
    user = ma.fields.Nested(UserSchema, required=True)


class RefreshedSchema(ma.Schema):
    """The cookie was renewed."""

    refreshed = ma.fields.Boolean(required=True)


@blp.route("/login")
class LoginResource(MethodView):
    """Sign in."""

    @access(PUBLIC)
    @json_or_form(blp, LoginSchema)
    @blp.response(200, TokenSchema)
    @blp.alt_response(401, schema=ErrorSchema)
    def post(self, given):
        """A token for the account with this e-mail or username and password"""
        return _token(accounts.sign_in(given["username"], given["password"], given["tenant"]))


@blp.route("/switch")
class SwitchResource(MethodView):
    """Go to another shop."""

    @access(SIGNED_IN)
    @blp.arguments(SwitchSchema)
    @blp.response(200, TokenSchema)
    def post(self, given):
        """A token for another shop that the account is a member of"""
        return _token(accounts.switch(g.identity.account_id, given["tenant"]))


@blp_pages.route("/auth/refresh")
class RefreshResource(MethodView):
    """Stay signed in."""

    @access(PUBLIC)
    @blp_pages.response(200, RefreshedSchema)
    @blp_pages.alt_response(401, schema=ErrorSchema)
    def post(self):
        """Renew the access cookie by the refresh cookie"""
        response: Response = current_app.json.response(refreshed=True)
        auth.refresh_cookies(response)
        return response


def _token(identity: Identity) -> dict:
    seconds = int(current_app.config["JWT_ACCESS_TOKEN_EXPIRES"].total_seconds())
    return {"access_token": auth.issue_token(identity), "token_type": "bearer", "expires_in": seconds, "user": _user(identity)}


def _user(identity: Identity) -> dict:
    names = ("email", "username", "first_name", "last_name", "role", "tenant")
    user = {name: getattr(identity, name) for name in names}
    return user | {"id": str(identity.account_id), "permissions": sorted(identity.permissions)}
