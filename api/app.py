"""Makes the Flask application: the API, its documentation, and the dashboard mounted beside it."""

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask, Response, redirect
from flask.sessions import SessionInterface
from flask_compress import Compress
from flask_smorest import Api
from werkzeug.middleware.proxy_fix import ProxyFix

import settings as configuration
from api import auth, errors, headers, limits, metrics
from api.resources import BLUEPRINTS
from api.tracking_door import TrackingDoor
from dashboard import app as dashboard
from settings import VERSION, Settings

TITLE = "E-Commerce Analytics Platform API"
# These are flask-smorest's own views; they get a rule like every other route.
DOCUMENTATION = ("api-docs.openapi_json", "api-docs.openapi_redoc", "api-docs.openapi_swagger_ui")
MEGABYTE = 1024 * 1024


class EcapApi(Api):
    """flask-smorest with our error body."""

    ERROR_SCHEMA = errors.ErrorSchema

    def handle_http_exception(self, error):
        """The answer to an HTTP error."""
        return errors.http_error(error)


class NoSessions(SessionInterface):
    """Flask's signed session cookie is not used: who calls is told by tokens and keys alone."""

    def open_session(self, app, request):
        """None: Flask puts a session in place that cannot be written to."""


def create_app(settings: Settings | None = None) -> Flask:
    """A new application for these settings, else for the environment's; any number of them in a process. It connects to nothing."""
    settings = settings or configuration.current()
    app = Flask("api", static_folder="static", static_url_path="/static")
    app.config.update(_config(settings))
    app.session_interface = NoSessions()
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    headers.init_app(app, settings)
    metrics.init_app(app)
    auth.init_app(app, settings)
    limits.init_app(app, settings)
    Compress(app)
    _register(app)
    errors.register(app)
    app.add_url_rule("/favicon.ico", "favicon", auth.access(auth.PUBLIC)(_favicon))
    dashboard.mount(app)
    app.wsgi_app = TrackingDoor(app.wsgi_app, settings)  # outermost: most requests are events and need no Flask
    return app


def _favicon() -> Response:
    """Browsers ask for it wherever they are."""
    return redirect("/app/assets/mark.svg", 308)


def _register(app: Flask) -> None:
    api = EcapApi(app, spec_kwargs={"marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_schema_name)})
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    open_documents = auth.access(auth.KNOWN, open_in_development=True)
    for endpoint in DOCUMENTATION:
        app.view_functions[endpoint] = open_documents(app.view_functions[endpoint])


def _schema_name(schema) -> str:
    """`UserSchema` of api/resources/auth.py is AuthUser in the document: two resources may each have their own."""
    kind = resolve_schema_cls(schema)
    kind = kind[0] if isinstance(kind, list) else kind
    name, module = kind.__name__.removesuffix("Schema"), kind.__module__.rpartition(".")
    if module[0] != "api.resources" or name.lower().startswith(module[2].rstrip("s")):
        return name
    return "".join(part.capitalize() for part in module[2].split("_")) + name


def _config(settings: Settings) -> dict:
    return {
        "ECAP": settings,
        "MAX_CONTENT_LENGTH": settings.max_request_mb * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        "JSON_SORT_KEYS": False,
        "API_TITLE": TITLE,
        "API_VERSION": VERSION,
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/",
        "OPENAPI_JSON_PATH": "openapi.json",
        "OPENAPI_SWAGGER_UI_PATH": "docs",
        "OPENAPI_SWAGGER_UI_URL": "/static/docs/",
        "OPENAPI_SWAGGER_UI_CONFIG": {"validatorUrl": None, "persistAuthorization": True},
        "OPENAPI_REDOC_PATH": "redoc",
        "OPENAPI_REDOC_URL": "/static/docs/redoc.standalone.js",
        "API_SPEC_OPTIONS": {
            "info": {"description": "Events in, answers out. docs/api.md is the introduction."},
            "components": {
                "securitySchemes": {
                    "bearer": {"type": "http", "scheme": "bearer", "description": "A token of POST /api/v1/auth/login, or an API key"},
                    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                    "cookie": {"type": "apiKey", "in": "cookie", "name": "access_token_cookie"},
                }
            },
        },
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_STREAMS": False,  # an event stream must not wait for a full block
        "COMPRESS_BR_LEVEL": 4,
        "COMPRESS_MIN_SIZE": 1000,
    }
