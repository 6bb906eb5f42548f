"""Files brought to a shop: sent, looked at, read, undone."""

from uuid import uuid4

import marshmallow as ma
from flask import Response, g, request
from flask.views import MethodView
from flask_smorest import Blueprint
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from actions import upload_errors, upload_mapping, upload_preview, upload_roles, uploads
from actions.uploads import PERMISSION, NewShop
from api.auth import access
from api.errors import ErrorSchema
from api.schemas import PageQuery, Strict
from errors import Invalid
from jobs import queue
from stores import files

blp = Blueprint("uploads", __name__, url_prefix="/api/v1/uploads", description="CSV files: events, order lines, customers")
FORM_ROOM = 64 << 10  # bytes that a form may have around its file
FORM_MEMORY = 1 << 20  # bytes of it in memory: the parser counts the piece of the file that it holds, too
EXAMPLE_MAPPING = {
    "kind": "orders",
    "columns": ["order", "product", "time", "price"],
    "zone": "Europe/London",
    "time_form": "iso",
    "decimal": ".",
}


class FileLookSchema(ma.Schema):
    """What the file is."""

    encoding = ma.fields.String(required=True)
    delimiter = ma.fields.String(required=True)
    packed = ma.fields.Boolean(required=True, metadata={"description": "with gzip"})
    header = ma.fields.List(ma.fields.String(), required=True)
    rows = ma.fields.Integer(required=True, allow_none=True, metadata={"description": "null until a large file was counted"})


class UploadSchema(ma.Schema):
    """An upload, and what became of its rows."""

    id = ma.fields.UUID(required=True)
    shop = ma.fields.String(required=True, attribute="tenant")
    filename = ma.fields.String(required=True)
    size = ma.fields.Integer(required=True, metadata={"description": "bytes"})
    sha256 = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, allow_none=True, validate=ma.validate.OneOf(tuple(upload_roles.KINDS)))
    state = ma.fields.String(required=True)
    progress = ma.fields.Float(required=True, metadata={"description": "0 to 1, while it is read or undone"})
    message = ma.fields.String(required=True)
    look = ma.fields.Nested(FileLookSchema, required=True)
    mapping = ma.fields.Raw(required=True, allow_none=True)
    rows_read = ma.fields.Integer(required=True)
    rows_stored = ma.fields.Integer(required=True)
    rows_known = ma.fields.Integer(required=True, metadata={"description": "were stored by an earlier upload"})
    rows_rejected = ma.fields.Integer(required=True, metadata={"description": "see errors.csv"})
    adjustments = ma.fields.Integer(required=True, metadata={"description": "order lines with a price of 0 or less: kept, in no revenue"})
    period_start = ma.fields.AwareDateTime(required=True, allow_none=True)
    period_end = ma.fields.AwareDateTime(required=True, allow_none=True)
    job_id = ma.fields.UUID(required=True, allow_none=True)
    created_at = ma.fields.AwareDateTime(required=True)
    finished_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class UploadsSchema(ma.Schema):
    """A page of uploads, newest first."""

    items = ma.fields.List(ma.fields.Nested(UploadSchema), required=True)
    total = ma.fields.Integer(required=True)


class UploadPreviewQuery(Strict):
    """How the file is to be guessed, where somebody knows."""

    kind = ma.fields.String(load_default=None, validate=ma.validate.OneOf(tuple(upload_roles.KINDS)))
    zone = ma.fields.String(load_default=None, metadata={"description": "of times without one; else the shop's"})


class UploadPreviewSchema(ma.Schema):
    """What reading the file would do."""

    mapping = ma.fields.Raw(required=True)
    reason = ma.fields.String(required=True, metadata={"description": "why it is this kind of file"})
    missing = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "what no column is, though the kind needs it"})
    columns = ma.fields.List(
        ma.fields.Dict(), required=True, metadata={"description": "name, role, first values, empty cells, form of times"}
    )
    names = ma.fields.List(ma.fields.Dict(), required=True, metadata={"description": "event names, and what they are read as"})
    rows = ma.fields.List(ma.fields.Dict(), required=True, metadata={"description": "five rows as they would be stored"})
    summary = ma.fields.Raw(required=True, allow_none=True, metadata={"description": "what all rows would do; null for a large file"})
    roles = ma.fields.Dict(required=True, metadata={"description": "what a column can be, with its name on screen"})


class NewShopSchema(Strict):
    """A shop to be made for the file."""

    name = ma.fields.String(required=True, validate=ma.validate.Length(1, 80))
    timezone = ma.fields.String(load_default="UTC")
    currency = ma.fields.String(load_default="EUR")


class ReadUploadSchema(Strict):
    """How to read the file, and into which shop: the current one where nothing is said."""

    mapping = ma.fields.Dict(
        load_default=None, metadata={"description": "as the preview answers it; else as guessed", "example": EXAMPLE_MAPPING}
    )
    shop = ma.fields.String(load_default=None, metadata={"description": "another shop of the account"})
    new_shop = ma.fields.Nested(NewShopSchema, load_default=None)


@blp.route("/")
class UploadsResource(MethodView):
    """The shop's uploads."""

    @access(PERMISSION)
    @blp.arguments(PageQuery, location="query")
    @blp.response(200, UploadsSchema)
    def get(self, page):
        """The uploads that were read, newest first"""
        return {"items": uploads.recent(g.tenant, **page), "total": uploads.count(g.tenant)}

    @access(PERMISSION)
    @blp.doc(
        requestBody={
            "required": True,
            "content": {
                "multipart/form-data": {"schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}}
            },
        }
    )
    @blp.response(201, UploadSchema)
    @blp.alt_response(413, schema=ErrorSchema)
    @blp.alt_response(422, "UNPROCESSABLE_ENTITY")
    def post(self):
        """Send a file: multipart/form-data with the field `file`, up to 1 GiB. Nothing of it is stored before it is read"""
        return _received()


@blp.route("/<uuid:id>")
class UploadResource(MethodView):
    """One upload."""

    @access(PERMISSION)
    @blp.response(200, UploadSchema)
    @blp.alt_response(404, "NOT_FOUND")
    def get(self, id):
        """How the upload stands"""
        return uploads.load(g.tenant, id)


@blp.route("/<uuid:id>/preview")
class PreviewResource(MethodView):
    """The file before it is read."""

    @access(PERMISSION)
    @blp.arguments(UploadPreviewQuery, location="query")
    @blp.response(200, UploadPreviewSchema)
    @blp.alt_response(404, "NOT_FOUND")
    def get(self, wanted, id):
        """Its columns, the guessed mapping, five rows as they would be stored, and what all rows would do"""
        return upload_preview.to_json(upload_preview.of(g.tenant, id, **wanted))

    @access(PERMISSION)
    @blp.arguments(ma.Schema.from_dict({}, name="AnyMappingSchema")(unknown=ma.INCLUDE), example=EXAMPLE_MAPPING)
    @blp.response(200, UploadPreviewSchema)
    @blp.alt_response(404, "NOT_FOUND")
    def post(self, mapping, id):
        """The same with a mapping of your own"""
        return upload_preview.to_json(upload_preview.of(g.tenant, id, upload_mapping.from_json(mapping)))


@blp.route("/<uuid:id>/read")
class ReadResource(MethodView):
    """Storing the rows."""

    @access(PERMISSION)
    @blp.arguments(ReadUploadSchema)
    @blp.response(202, UploadSchema)
    @blp.alt_response(404, "NOT_FOUND")
    @blp.alt_response(409, "CONFLICT")
    def post(self, given, id):
        """Store the file's rows, in the background. The same rows are never stored twice"""
        mapping = upload_mapping.from_json(given["mapping"]) if given["mapping"] else upload_preview.of(g.tenant, id).mapping
        into = NewShop(**given["new_shop"]) if given["new_shop"] else given["shop"]
        return _woken(uploads.ask_read(g.identity, id, mapping, into=into), "read_upload")


@blp.route("/<uuid:id>/undo")
class UndoResource(MethodView):
    """Taking the rows away again."""

    @access(PERMISSION)
    @blp.response(202, UploadSchema)
    @blp.alt_response(404, "NOT_FOUND")
    @blp.alt_response(409, "CONFLICT")
    def post(self, id):
        """Remove all rows that the upload stored and recompute what they touched, in the background"""
        return _woken(uploads.ask_undo(g.tenant, id), "undo_upload")


@blp.route("/<uuid:id>/errors.csv")
class ErrorsResource(MethodView):
    """The rows that could not be stored."""

    @access(PERMISSION)
    @blp.doc(responses={"200": {"description": "line, reason, column, value", "content": {"text/csv": {"schema": {"type": "string"}}}}})
    @blp.alt_response(404, "NOT_FOUND")
    def get(self, id):
        """The rows that were not stored, with the line and the reason"""
        upload = uploads.load(g.tenant, id)
        name = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in upload.filename.rsplit(".csv", 1)[0])
        answer = Response(upload_errors.as_csv(g.tenant, id), mimetype="text/csv")
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}-not-read.csv"'
        return answer


def _received() -> uploads.Upload:
    """The upload in this request's form, written to its place while it arrives."""
    most = uploads.max_bytes() + FORM_ROOM
    if (request.content_length or 0) > most:
        raise RequestEntityTooLarge(f"A file may have {uploads.max_bytes() >> 20:,} MiB.")
    request.max_content_length = most
    file = f"{uuid4()}.csv"
    incoming = files.Incoming(uploads.PURPOSE, file)
    try:
        sent = _parsed(incoming)
        return uploads.receive(g.tenant, incoming, file=file, filename=sent.filename or "", account_id=g.identity.account_id)
    finally:
        incoming.discard()


def _parsed(incoming: files.Incoming):
    """The form's file part, whose bytes went to `incoming`; raises Invalid where there is not exactly one."""
    parts = []

    def place(*_about, **_more):
        parts.append(1)
        if len(parts) > 1:
            raise Invalid("Send one file at a time.", fields={"file": ["One file"]})
        return incoming

    parser = FormDataParser(stream_factory=place, max_form_memory_size=FORM_MEMORY, max_form_parts=10)
    _stream, _form, sent = parser.parse(request.stream, request.mimetype, request.content_length, request.mimetype_params)
    if "file" not in sent:
        raise Invalid("Send the file as multipart/form-data in the field `file`.", fields={"file": ["A CSV file"]})
    return sent["file"]


def _woken(upload: uploads.Upload, kind: str) -> uploads.Upload:
    queue.wake(upload.tenant, upload.job_id, kind)
    return upload
