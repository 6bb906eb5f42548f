"""How often a caller may ask: document 004's hourly limits on /api/v1, counted in Redis for all processes together.

Events have a limit of their own, see api/event_quota.py.
"""

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from api import auth
from errors import NotAuthenticated, NotPermitted, Unavailable
from settings import Settings

ANONYMOUS, ACCOUNT, KEY, ADMINISTRATOR = "100/hour", "1000/hour", "5000/hour", "10000/hour"
LIMITED = "/api/v1/"


def init_app(app: Flask, settings: Settings) -> None:
    """Count the requests to /api/v1. While Redis is away each process counts for itself."""
    app.config["RATELIMIT_HEADERS_ENABLED"] = True
    app.after_request(_without_needless_wait)
    limiter = Limiter(
        key_func=_caller,
        app=app,
        application_limits=[_limit],
        storage_uri=_storage(settings.redis_url),
        storage_options={"socket_connect_timeout": 2, "socket_timeout": 2} if settings.redis_url else {},
        in_memory_fallback_enabled=bool(settings.redis_url),
        strategy="fixed-window",
        key_prefix="ecap",
    )

    @limiter.request_filter
    def is_unlimited() -> bool:
        """Asked first: working out a limit costs more than many an answer."""
        return not request.path.startswith(LIMITED)


def _without_needless_wait(response: Response) -> Response:
    """Flask-Limiter says Retry-After even where nothing was refused."""
    if response.status_code in (200, 201, 204):
        response.headers.pop("Retry-After", None)
    return response


def _caller() -> str:
    """Whom a request counts for: the key, else the account, else the address. Wrong credentials count for the address they come from."""
    try:
        identity = auth.identity_of_request()
    except (NotAuthenticated, NotPermitted, Unavailable):
        identity = None
    if identity is None:
        return f"address:{get_remote_address()}"
    return f"key:{identity.key_id}" if identity.key_id else f"account:{identity.account_id}"


def _limit() -> str:
    try:
        identity = auth.identity_of_request()
    except (NotAuthenticated, NotPermitted, Unavailable):
        return ANONYMOUS
    if identity is None:
        return ANONYMOUS
    if identity.key_id:
        return KEY
    return ADMINISTRATOR if identity.role == "admin" else ACCOUNT


def _storage(url: str) -> str:
    return url.replace("unix://", "redis+unix://", 1) if url else "memory://"
