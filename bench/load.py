"""A load generator that costs little: one thread, many kept connections, prepared requests."""

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Load:
    """What came of it. `latencies` in seconds, in the order of the answers."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def answered(self) -> int:
        return self.statuses.get(200, 0) + self.statuses.get(204, 0)

    @property
    def rate(self) -> float:
        """Accepted requests a second."""
        return self.answered / self.seconds

    def percentile_ms(self, share: float) -> float:
        """The latency that `share` (0..1) of the requests did not exceed."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class _Connection:
    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received, self.sent_at = b"", 0.0

    def send(self, request: bytes) -> None:
        self.received, self.sent_at = b"", time.perf_counter()
        self.socket.sendall(request)

    def status(self) -> int | None:
        """The answer's status once it is complete, None before."""
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server closed the connection")
        self.received += part
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return None
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"), 0)
        return int(head[9:12]) if len(body) >= length else None


def request(path: str, body: bytes, **headers: str) -> bytes:
    """A POST as bytes, on a connection that is kept."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", "Content-Type: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def run(port: int, requests: Callable[[], bytes], *, seconds: float, connections: int = 16, rate: float = 0) -> Load:
    """Send what `requests` gives for `seconds` over `connections`; with `rate` no more than so many requests a second."""
    load, began, sent = Load(seconds), time.perf_counter(), 0
    with selectors.DefaultSelector() as ready:
        idle = [_Connection(port) for _ in range(connections)]
        for connection in idle:
            ready.register(connection.socket, selectors.EVENT_READ, connection)
        while (now := time.perf_counter()) - began < seconds or len(idle) < connections:
            while idle and now - began < seconds and (not rate or sent < (now - began) * rate):
                idle.pop().send(requests())
                sent += 1
            for key, _ in ready.select(0.005):
                if status := key.data.status():
                    load.latencies.append(time.perf_counter() - key.data.sent_at)
                    load.statuses[status] = load.statuses.get(status, 0) + 1
                    idle.append(key.data)
    for connection in idle:
        connection.socket.close()
    load.seconds = time.perf_counter() - began
    return load
