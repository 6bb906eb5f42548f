"""Every setting, read once from the environment. .env.example lists them all; a test compares the two."""

import os
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from errors import Invalid

PROJECT = Path(__file__).parent
VERSION = "1.0.0"
DEVELOPMENT_SECRET = "development-secret-not-for-production-0123456789"
DEVELOPMENT_ADMIN_PASSWORD = "admin123"


@dataclass(frozen=True)
class Settings:
    """The field `database_url` is the environment variable DATABASE_URL, and so on."""

    environment: str = "development"  # development: loopback only, open reads in the demo shop; production: every path closed
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""  # the address users type, for links and the snippet; empty: http://HOST:PORT
    log_level: str = "info"

    secret_key: str = DEVELOPMENT_SECRET
    jwt_algorithm: str = "HS256"
    jwt_expire_minutes: int = 30
    admin_email: str = "admin@ecommerce.com"
    admin_password: str = DEVELOPMENT_ADMIN_PASSWORD

    ecap_home: Path = Path(".ecap")  # data of the embedded servers, uploads, exports
    database_url: str = ""  # empty: an embedded PostgreSQL
    redis_url: str = ""  # empty: an embedded Redis for cache, limits, jobs, pub/sub
    event_log_url: str = ""  # empty: a second embedded Redis, fsync always
    kafka_bootstrap_servers: str = ""  # set: the event log is Kafka
    clickhouse_url: str = ""  # empty: chDB in a process of its own
    clickhouse_cluster: str = ""  # set: tables become Distributed over this cluster

    web_workers: int = 1
    web_threads: int = 1300  # a ceiling; threads appear only when none is idle
    worker_processes: int = 1
    max_request_mb: int = 5
    max_upload_mb: int = 1024
    max_log_backlog: int = 2_000_000  # events in the log before /track answers 503
    trusted_proxies: int = 0  # how many X-Forwarded-For hops to believe
    country_header: str = ""  # a trusted proxy's header with the visitor's country, such as CF-IPCountry

    events_per_minute: int = 10_000  # a shop of the standard tier
    events_per_minute_enterprise: int = 100_000

    demo: bool = True  # development only: load the demo shop at first start and keep it trickling
    anthropic_api_key: str = ""

    @property
    def is_development(self) -> bool:
        return self.environment == "development"

    @property
    def base_url(self) -> str:
        return self.public_url or f"http://{self.host}:{self.port}"


def load(environ: dict[str, str]) -> Settings:
    """The Settings in `environ`; raises Invalid naming the variable that cannot be read or is unsafe in production."""
    values = {f.name: _read(f.name, f.type, environ[f.name.upper()]) for f in fields(Settings) if f.name.upper() in environ}
    settings = Settings(**values)
    _check(settings)
    return settings


@lru_cache(maxsize=1)
def current() -> Settings:
    """The Settings of this process. Tests change the environment and call `current.cache_clear()`."""
    return load(dict(os.environ))


def read_env_file(path: Path = PROJECT / ".env") -> None:
    """Set what `path` (lines NAME=value, as .env.example) says and the environment does not; without the file nothing."""
    if not path.exists():
        return
    for line in path.read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not name.lstrip().startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def _read(name: str, kind: type, text: str):
    try:
        if kind is bool:
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}[text.lower()]
        return kind(text)
    except (KeyError, ValueError):
        raise Invalid(f"{name.upper()} is {text!r}, which is not a {kind.__name__}.", fields={name.upper(): ["cannot be read"]}) from None


def _check(settings: Settings) -> None:
    if settings.environment not in ("development", "production"):
        raise Invalid(f"ENVIRONMENT is {settings.environment!r}; it is development or production.")
    if settings.is_development:
        return
    if settings.secret_key == DEVELOPMENT_SECRET or len(settings.secret_key) < 32:
        raise Invalid(
            "SECRET_KEY is the default or shorter than 32 characters. Set it to the output of "
            "`python -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )
    if settings.admin_password == DEVELOPMENT_ADMIN_PASSWORD:
        raise Invalid("ADMIN_PASSWORD is the development default. Set it to a password of your own, of 12 or more characters.")
