"""Shops: those of the account, and the settings of the current one."""

import marshmallow as ma
from flask import g
from flask.views import MethodView
from flask_smorest import Blueprint

from actions import accounts, keys, tenants
from api.auth import SIGNED_IN, access, person
from api.schemas import Strict
from errors import NotFound

blp = Blueprint("tenants", __name__, url_prefix="/api/v1/tenants", description="Shops and their settings")


class MembershipSchema(ma.Schema):
    """A shop of the account."""

    tenant = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    role = ma.fields.String(required=True)


class TenantSchema(ma.Schema):
    """A shop with its settings."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    timezone = ma.fields.String(required=True)
    currency = ma.fields.String(required=True)
    tier = ma.fields.String(required=True)
    hosts = ma.fields.List(ma.fields.String(), required=True)
    retention_days = ma.fields.Integer(required=True, allow_none=True)
    created_at = ma.fields.AwareDateTime(required=True)


class NewTenantSchema(Strict):
    """A shop to be made."""

    name = ma.fields.String(required=True, validate=ma.validate.Length(1, 80))
    timezone = ma.fields.String(load_default="UTC")
    currency = ma.fields.String(load_default="EUR")


class ChangeSchema(Strict):
    """What is to change; the rest stays."""

    name = ma.fields.String(validate=ma.validate.Length(1, 80))
    timezone = ma.fields.String()
    currency = ma.fields.String()
    hosts = ma.fields.List(ma.fields.String(validate=ma.validate.Length(1, 253)), validate=ma.validate.Length(max=50))
    retention_days = ma.fields.Integer(allow_none=True, validate=ma.validate.Range(1, 36_500))


class WriteKeySchema(ma.Schema):
    """The key for the shop's pages: it can send events and nothing else."""

    key = ma.fields.String(required=True)


@blp.route("/")
class TenantsResource(MethodView):
    """The account's shops."""

    @access(SIGNED_IN)
    @blp.response(200, MembershipSchema(many=True))
    def get(self):
        """The shops that the account is a member of"""
        return accounts.memberships(g.identity.account_id)

    @access("write:analytics")
    @blp.arguments(NewTenantSchema)
    @blp.response(201, TenantSchema)
    def post(self, given):
        """A new shop, of which the account becomes the administrator"""
        return tenants.create(given["name"], owner=person(), timezone=given["timezone"], currency=given["currency"])


@blp.route("/<tenant>")
class TenantResource(MethodView):
    """The current shop."""

    @access("read:analytics")
    @blp.response(200, TenantSchema)
    @blp.alt_response(404, "NOT_FOUND")
    def get(self, tenant):
        """The shop's settings"""
        return tenants.load(_own(tenant))

    @access("manage:system")
    @blp.arguments(ChangeSchema)
    @blp.response(200, TenantSchema)
    @blp.alt_response(404, "NOT_FOUND")
    def patch(self, given, tenant):
        """Change the shop's settings"""
        return tenants.change(_own(tenant), **given)


@blp.route("/<tenant>/write-key")
class WriteKeyResource(MethodView):
    """The shop's publishable key."""

    @access("write:analytics")
    @blp.response(200, WriteKeySchema)
    @blp.alt_response(404, "NOT_FOUND")
    def get(self, tenant):
        """The key for the shop's pages"""
        return {"key": keys.write_key(_own(tenant))}

    @access("manage:system")
    @blp.response(201, WriteKeySchema)
    @blp.alt_response(404, "NOT_FOUND")
    def post(self, tenant):
        """A new key; the old one stops working"""
        return {"key": keys.replace_write_key(_own(tenant), created_by=g.identity.account_id)}


def _own(tenant: str) -> str:
    if tenant != g.tenant:
        raise NotFound("There is no such shop.")
    return tenant
