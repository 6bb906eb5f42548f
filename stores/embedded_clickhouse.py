"""ClickHouse's HTTP protocol on loopback, answered by chDB: `python -m stores.embedded_clickhouse FOLDER PORT PASSWORD_FILE`.

A process of its own, because chDB allows one process a folder and cannot be forked, and because SQL of users runs here.
"""

import base64
import gzip
import hmac
import importlib
import json
import os
import re
import secrets
import signal
import sys
import threading
import zlib
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import lz4.frame
import zstandard

from stores.embedded_confinement import confine
from stores.embedded_process import private_folder
from stores.embedded_statement import INSERT, Refused, Statement

USER = "default"
MAX_LINE = 1 << 20  # of a request, as ClickHouse's own limit
IDLE_TIMEOUT_S = 300
FAILED_CODE = re.compile(r"Code: (\d+)")
# Query-string names that are about the transport; all others are settings.
TRANSPORT = {
    *("query", "database", "default_format", "query_id", "role", "user", "password", "quota_key", "compress", "decompress"),
    *("session_id", "session_timeout", "session_check", "wait_end_of_query", "buffer_size", "client_protocol_version"),
    *("send_progress_in_http_headers", "http_headers_progress_interval_ms", "enable_http_compression"),
    *("network_compression_method", "cancel_http_readonly_queries_on_client_close"),
}
UNPACK = {
    "": lambda body: body,
    "identity": lambda body: body,
    "gzip": gzip.decompress,
    "lz4": lz4.frame.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
}


class Handler(BaseHTTPRequestHandler):
    """One connection of a client; `server` carries the engine and the password."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body leave in one packet
    disable_nagle_algorithm = True
    timeout = IDLE_TIMEOUT_S

    def do_GET(self) -> None:
        if urlsplit(self.path).path in ("/ping", "/replicas_status"):
            self._send(200, b"Ok.\n")
        else:
            self.do_POST()

    def do_POST(self) -> None:
        options = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        if not self._is_permitted(options):
            self.close_connection = True  # its body stays unread
            self._fail(403, "Code: 516. DB::Exception: default: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED)")
            return
        try:
            self._answer(_statement(options, self._body(), self.headers.get_content_type(), self.headers.get_param("boundary")))
        except ConnectionError:
            self.close_connection = True
        except (RuntimeError, Refused, ValueError) as problem:  # RuntimeError is what chDB raises
            self._fail(500, str(problem).removeprefix("Streaming query failed: "))

    def _answer(self, statement: Statement) -> None:
        if statement.data:
            written = self.server.engine.insert(statement)
            self._send(200, b"", {"X-ClickHouse-Summary": json.dumps({"written_rows": str(written)})})
            return
        with closing(self.server.engine.select(statement)) as pieces:
            # A statement that fails does so before its first rows, mostly: then the status can still say it.
            first, second = next(pieces, b""), next(pieces, None)
            headers = {"X-ClickHouse-Format": statement.output_format}
            if second is None:
                self._send(200, first, headers)
            else:
                self._stream(chain((first, second), pieces), headers)

    def _stream(self, pieces, headers: dict[str, str]) -> None:
        tag = secrets.token_hex(8)
        self._head(200, headers | {"Transfer-Encoding": "chunked", "X-ClickHouse-Exception-Tag": tag})
        try:
            for piece in pieces:
                self._chunk(piece)
        except RuntimeError as problem:  # the status is gone, so the body says it, in the way that clients look for
            message = str(problem).encode()
            marked = b"__exception__\r\n%b\r\n%b\n%d %b\r\n__exception__\r\n" % (tag.encode(), message, len(message) + 1, tag.encode())
            self._chunk(marked)
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _chunk(self, piece: bytes) -> None:
        if piece:
            self.wfile.write(b"%x\r\n" % len(piece))
            self.wfile.write(piece)
            self.wfile.write(b"\r\n")

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            body = b"".join(self._chunks())
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        return _unpacked(body, self.headers.get("Content-Encoding", ""))

    def _chunks(self):
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _is_permitted(self, options: dict[str, str]) -> bool:
        user, password = self.headers.get("X-ClickHouse-User"), self.headers.get("X-ClickHouse-Key", "")
        basic = self.headers.get("Authorization", "")
        if basic.startswith("Basic "):
            user, _, password = base64.b64decode(basic[6:]).decode().partition(":")
        elif user is None:
            user, password = options.get("user"), options.get("password", "")
        return user == USER and hmac.compare_digest(password.encode(), self.server.password)

    def _fail(self, status: int, message: str) -> None:
        code = FAILED_CODE.search(message)
        self._send(status, message.encode(), {"X-ClickHouse-Exception-Code": code.group(1) if code else "1002"})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self._head(status, (headers or {}) | {"Content-Length": str(len(body))})
        self.wfile.write(body)
        self.wfile.flush()

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        fixed = {"Content-Type": "application/octet-stream", "X-ClickHouse-Timezone": "UTC", "X-ClickHouse-Server-Display-Name": "embedded"}
        for name, value in (fixed | headers).items():
            self.send_header(name, value)
        query_id = dict(parse_qsl(urlsplit(self.path).query)).get("query_id")
        if query_id and query_id.isprintable():
            self.send_header("X-ClickHouse-Query-Id", query_id)
        self.end_headers()

    def log_message(self, format: str, *args) -> None:
        """Say nothing: statements hold what users look for."""


class Server(ThreadingHTTPServer):
    """A thread a connection; the engine bounds how many of them work."""

    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = True

    def __init__(self, port: int, password: str):
        super().__init__(("127.0.0.1", port), Handler)
        self.password = password.encode()
        self.engine = None  # an Engine, once this process is confined

    def handle_error(self, request, client_address) -> None:
        """A client that went away is not worth a word; anything else is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding not in UNPACK:
        raise Refused(f"Code: 48. DB::Exception: Unknown compression method: {encoding}. (NOT_IMPLEMENTED)")
    try:
        return UNPACK[encoding](body)
    except (OSError, EOFError, RuntimeError, zlib.error, zstandard.ZstdError) as problem:
        raise Refused(f"Code: 354. DB::Exception: The body cannot be unpacked: {problem}. (ZLIB_INFLATE_FAILED)") from problem


def _statement(options: dict[str, str], body: bytes, content_type: str, boundary: str | None) -> Statement:
    """The Statement of a request: its text is in the query string, in the body, or both, one after the other."""
    if content_type == "multipart/form-data":
        options, body = options | _form(body, boundary), b""
    head = options.get("query", "").encode()
    whole = head + b"\n" + body if head and body else head or body
    found = INSERT.match(head or body)
    data = b"" if not found else body if head else body[found.end() :]
    return Statement(
        sql=(whole if not data else head or body[: found.end()]).decode(),
        data=data,
        database=options.get("database", ""),
        format=options.get("default_format") or "TabSeparated",
        role=options.get("role", ""),
        settings={name: value for name, value in options.items() if name not in TRANSPORT and not name.startswith("param_")},
        params={name.removeprefix("param_"): value for name, value in options.items() if name.startswith("param_")},
    )


def _form(body: bytes, boundary: str) -> dict[str, str]:
    """The fields of a multipart body: long statements and parameters come this way. Raises Refused for tables of the client."""
    fields = {}
    for part in body.split(b"--" + boundary.encode())[1:-1]:
        head, _, value = part.strip(b"\r\n").partition(b"\r\n\r\n") if b"\r\n\r\n" in part else (part, b"", b"")
        name = re.search(rb'name="([^"]*)"', head)
        if b"filename=" in head or not name:
            raise Refused("Code: 48. DB::Exception: External tables are not served by the embedded engine. (NOT_IMPLEMENTED)")
        fields[name.group(1).decode()] = value.decode()
    return fields


def _scratch(folder: Path) -> Path:
    """A folder for rows on their way in: in memory where there is /dev/shm, else beside the data; emptied of what a killed process left."""
    shared = Path("/dev/shm")
    parent = shared if os.access(shared, os.W_OK) else folder
    scratch = private_folder(parent / f"ecap-{os.geteuid()}-{folder.stat().st_ino}")
    for left in scratch.iterdir():
        left.unlink()
    return scratch


def _confine(folder: Path, scratch: Path) -> None:
    """From here on this process opens its own data, what it needs to run, and nothing else: scalar `file()` has no grant to withhold."""
    machine = ["/usr", "/lib", "/lib64", "/bin", "/nix/store", "/etc/ld.so.cache", "/etc/localtime", "/etc/timezone", "/sys/fs/cgroup"]
    machine += ["/sys/devices/system", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/proc/loadavg", "/proc/sys", f"/proc/{os.getpid()}"]
    devices = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"]
    readable = [*map(Path, machine), Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parent]
    if not confine([folder, scratch, *map(Path, devices)], readable):
        print("This kernel has no Landlock: the engine could open any file of this user.", flush=True)  # noqa: T201


def main(folder: Path, port: int, password_file: Path) -> None:
    """Serve until SIGTERM, then finish what ends soon and close the engine."""
    server = Server(port, password_file.read_text())
    scratch = _scratch(folder)
    os.environ["TMPDIR"] = str(scratch)
    _confine(folder, scratch)
    # Only now: loading the engine starts threads, and threads that run already would stay free.
    server.engine = importlib.import_module("stores.embedded_engine").Engine(folder, scratch)
    # `shutdown` waits for the loop, which this handler interrupts: so it is called from a thread.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.1)
    server.engine.close()
    os._exit(0)  # neither the engine's own threads nor a statement that takes too long are waited for


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
