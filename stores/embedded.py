"""The servers that have no URL in the settings, started from their wheels; whoever uses a URL never knows.

`start` is for the process that supervises, `connect` for commands and tests beside it.
"""

import json
import os
import shutil
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from errors import Unavailable
from settings import Settings
from stores import embedded_process, embedded_servers
from stores.embedded_process import Child

VARIABLES = {"event_log": "EVENT_LOG_URL", "redis": "REDIS_URL", "postgres": "DATABASE_URL", "clickhouse": "CLICKHOUSE_URL"}
ATTACH_TIMEOUT_S = 15
DEFAULT_PORTS = {"postgresql+psycopg": 5432, "postgresql": 5432, "redis": 6379, "http": 8123, "https": 8443}


@dataclass
class Running:
    """What runs. `environ` holds the URLs as environment variables; `children` is empty where somebody else started them."""

    home: Path
    environ: dict[str, str]
    children: dict[str, Child] = field(default_factory=dict)
    lock: int | None = None

    def restart(self, name: str) -> None:
        """Start `name` again on its data, at the address it had. To be called from the main thread."""
        self.children[name].stop()
        self._start(name)

    def stop(self) -> None:
        """Return when all children have ended, the newest first."""
        for name in reversed(self.children):
            self.children[name].stop()
        self.children.clear()
        if self.lock is not None:
            (self.home / "run.json").unlink(missing_ok=True)
            shutil.rmtree(embedded_process.runtime_folder(self.home), ignore_errors=True)
            os.close(self.lock)
            self.lock = None

    def _start(self, name: str) -> None:
        self.children[name], self.environ[VARIABLES[name]] = _STARTERS[name](self.home, self.lock)


def start(settings: Settings) -> Running:
    """Start what has no URL, in `settings.ecap_home`. Raises Conflict, naming who, when its servers run already."""
    home = settings.ecap_home.absolute()
    names = missing(settings)
    if not names:
        return Running(home, {})
    embedded_process.private_folder(home)
    running = Running(home, {}, lock=embedded_process.lock(home))
    try:
        for name in names:
            running._start(name)
    except BaseException:
        running.stop()
        raise
    embedded_process.write_private(home / "run.json", json.dumps(running.environ))
    return running


def connect(settings: Settings) -> Running:
    """The servers of `settings.ecap_home`: those that run, else started here and to be stopped by the caller.

    Raises Unavailable when somebody holds the folder whose servers do not answer.
    """
    home = settings.ecap_home.absolute()
    if not missing(settings) or not embedded_process.is_locked(home):
        return start(settings)
    deadline = time.monotonic() + ATTACH_TIMEOUT_S
    while embedded_process.is_locked(home):
        if environ := _answering(home, missing(settings)):
            return Running(home, environ)
        if time.monotonic() > deadline:
            holder = embedded_process.holder_of(home)
            raise Unavailable(f"The servers of {home}, started by process {holder.get('pid')}, do not answer; see the logs there.")
        time.sleep(0.1)
    return start(settings)  # they were just ending


def missing(settings: Settings) -> list[str]:
    """The servers without a URL, in the order of the start."""
    return [name for name, url in _given(settings).items() if not url]


def answering(settings: Settings) -> dict[str, bool]:
    """For each store: whether its address accepts a connection; nothing is started."""
    known = _known(settings.ecap_home.absolute())
    return {name: _accepts(url or known.get(VARIABLES[name], "")) for name, url in _given(settings).items()}


def _given(settings: Settings) -> dict[str, str]:
    """The addresses in the settings, in the order of the start; they stop the other way round."""
    return {
        "event_log": settings.event_log_url or settings.kafka_bootstrap_servers,
        "redis": settings.redis_url,
        "postgres": settings.database_url,
        "clickhouse": settings.clickhouse_url,
    }


def _start_event_log(home: Path, lock: int) -> tuple[Child, str]:
    # What is acknowledged is on disk: this one syncs before it answers.
    return embedded_servers.start_redis("event_log", home, embedded_process.runtime_folder(home), lock, fsync="always")


def _start_redis(home: Path, lock: int) -> tuple[Child, str]:
    return embedded_servers.start_redis("redis", home, embedded_process.runtime_folder(home), lock, fsync="everysec")


def _start_postgres(home: Path, lock: int) -> tuple[Child, str]:
    return embedded_servers.start_postgres(home, embedded_process.runtime_folder(home), lock)


_STARTERS = {
    "event_log": _start_event_log,
    "redis": _start_redis,
    "postgres": _start_postgres,
    "clickhouse": embedded_servers.start_clickhouse,
}


def _answering(home: Path, names: list[str]) -> dict[str, str] | None:
    """The URLs in run.json when all of them answer, else None."""
    known = _known(home)
    wanted = {VARIABLES[name]: known.get(VARIABLES[name], "") for name in names}
    return wanted if all(_accepts(url) for url in wanted.values()) else None


def _known(home: Path) -> dict[str, str]:
    """What run.json says; {} when nothing runs."""
    try:
        return json.loads((home / "run.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}


def _accepts(url: str) -> bool:
    """Whether somebody listens at the first address of `url`."""
    parts = urlsplit(url if "://" in url else f"//{url.split(',')[0]}")
    if folder := parse_qs(parts.query).get("host"):
        address = f"{folder[0]}/.s.PGSQL.5432"
    else:
        address = parts.path if parts.scheme == "unix" else (parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme))
    with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as probe:
        probe.settimeout(2)
        try:
            probe.connect(address)
            return True
        except (OSError, TypeError):  # TypeError: an empty address
            return False
