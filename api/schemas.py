"""Schemas and parsers that several resources use."""

import marshmallow as ma
from flask import Request
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser

from analytics import numbers
from api.errors import ErrorSchema


class Strict(ma.Schema):
    """A body of ours: a field nobody knows is refused rather than ignored."""

    class Meta:
        unknown = ma.RAISE


class Money(ma.fields.Float):
    """An amount, to the cent, as a JSON number."""

    def _serialize(self, value, attr, obj, **kwargs) -> float | None:
        return None if value is None else float(numbers.cents(value))


class MessageSchema(ma.Schema):
    """What was done, in a sentence."""

    message = ma.fields.String(required=True)


class PaginationSchema(ma.Schema):
    """Where in a list the answer stands (document 004)."""

    total_count = ma.fields.Integer(required=True)
    limit = ma.fields.Integer(required=True)
    offset = ma.fields.Integer(required=True)
    has_next = ma.fields.Boolean(required=True)
    has_previous = ma.fields.Boolean(required=True)
    next_url = ma.fields.String(required=True, allow_none=True)
    previous_url = ma.fields.String(required=True, allow_none=True)


class PageQuery(ma.Schema):
    """Which part of a list: `limit` of 1 to 100, `offset` from 0."""

    limit = ma.fields.Integer(load_default=20, validate=ma.validate.Range(1, 100))
    offset = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 10_000_000))


class _JsonOrForm(FlaskParser):
    def load_json_or_form(self, request: Request, schema: ma.Schema):
        if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
            return self.load_form(request, schema)
        return super().load_json_or_form(request, schema)


_parser = _JsonOrForm()


def json_or_form(blueprint: Blueprint, schema: type[ma.Schema]):
    """A decorator: the view's first argument is the body, JSON or a form, checked by `schema`; the document names both."""
    content = {"schema": schema}
    document = {"requestBody": {"required": True, "content": {"application/json": content, "application/x-www-form-urlencoded": content}}}

    def decorate(view):
        parsed = _parser.use_args(schema, location="json_or_form")(view)
        parsed._apidoc = getattr(view, "_apidoc", {})
        return blueprint.alt_response(422, schema=ErrorSchema)(blueprint.doc(**document)(parsed))

    return decorate
