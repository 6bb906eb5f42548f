"""One line a happening, as JSON: with the request and shop it belongs to, and without personal data."""

import logging
import sys
from collections.abc import Callable

import structlog

from settings import Settings
from stores.masking import mask

# What the libraries say below this is about their own insides.
QUIET = {
    "alembic": logging.WARNING,
    "rq": logging.WARNING,
    "urllib3": logging.WARNING,
    "werkzeug": logging.WARNING,
    "clickhouse_connect": 40,
}
HIDDEN_NAMES = ("password", "secret", "token", "authorization", "cookie", "api_key", "apikey", "write_key")
KEPT_NAMES = ("timestamp", "level", "logger", "request_id", "tenant")  # ours: made by us or checked at the door


def configure(settings: Settings) -> None:
    """Send all logs of this process, the libraries' too, to stderr: for people on a development terminal, else JSON lines."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,  # a module's logger is made before this runs
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(settings)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)


def bind(**values: str) -> None:
    """Say `values` (request_id, tenant, job) with every line of this request or job from now on."""
    structlog.contextvars.bind_contextvars(**values)


def clear() -> None:
    """Forget what was bound; at the begin of each request and job."""
    structlog.contextvars.clear_contextvars()


def hide(logger, method: str, event: dict) -> dict:
    """`event` with secrets hidden by name and personal data by form, and no line break or control character in any text."""
    return {name: value if name in KEPT_NAMES or name.startswith("_") else _hidden(name, value) for name, value in event.items()}


def _hidden(name: str, value):
    if any(word in name.lower() for word in HIDDEN_NAMES):
        return "[hidden]"
    if isinstance(value, dict):
        return {key: _hidden(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_hidden(name, inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = mask(str(value))
    return text if name == "exception" else _one_line(text)


def _one_line(text: str) -> str:
    """A forged line break would look like a line of ours."""
    return "".join(character if character.isprintable() else character.encode("unicode_escape").decode() for character in text)


def _renderer(settings: Settings) -> Callable:
    if settings.is_development and sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer()
    return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
