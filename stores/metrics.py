"""Counters of what really happened, in Prometheus's terms. With PROMETHEUS_MULTIPROC_DIR all processes count into one folder.

`count` and `observe` cost about a microsecond. Label values come from closed sets: an open one would fill Prometheus.
"""

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

_LATENCIES_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_registry = CollectorRegistry()
disable_created_metrics()  # a second series for each, which nobody reads


def _counter(name: str, help: str, *labels: str) -> tuple[str, Counter]:
    return name, Counter(name, help, labels, registry=_registry)


def _histogram(name: str, help: str, *labels: str) -> tuple[str, Histogram]:
    return name, Histogram(name, help, labels, buckets=_LATENCIES_S, registry=_registry)


COUNTERS = dict(
    [
        _counter("events_received_total", "Events accepted into the log; event_type is canonical or 'other'", "customer_id", "event_type"),
        _counter("events_dropped_total", "Events refused, by reason", "customer_id", "reason"),
        _counter("events_stored_total", "Events written to ClickHouse", "customer_id"),
        _counter("events_repeated_total", "Deliveries of an event that was stored before", "customer_id"),
        _counter("analytics_queries_total", "Questions answered", "customer_id", "question"),
        _counter("ai_queries_total", "Questions asked in words", "customer_id", "outcome"),
        _counter("http_requests_total", "Requests answered; endpoint is the route's pattern", "method", "endpoint", "status"),
        _counter("jobs_finished_total", "Jobs that ended, by kind and state", "kind", "state"),
    ]
)
HISTOGRAMS = dict(
    [
        _histogram("ingestion_latency_seconds", "From the request's arrival to its entry in the log", "customer_id"),
        _histogram("event_delay_seconds", "From an event's arrival to its row in ClickHouse", "customer_id"),
        _histogram("query_latency_seconds", "Time a question took", "question"),
        _histogram("http_request_duration_seconds", "Time a request took", "method", "endpoint"),
    ]
)


def count(name: str, labels: dict[str, str], n: int = 1) -> None:
    """Add `n` to a counter."""
    COUNTERS[name].labels(**labels).inc(n)


def observe(name: str, labels: dict[str, str], seconds: float) -> None:
    """Note one duration."""
    HISTOGRAMS[name].labels(**labels).observe(seconds)


def exposition(gauges: dict[str, float] | None = None) -> bytes:
    """Everything counted by all processes since the server's start, and `gauges` as they are now, as Prometheus reads it."""
    return _counted() + "".join(f"# TYPE {name} gauge\n{name} {value}\n" for name, value in (gauges or {}).items()).encode()


def _counted() -> bytes:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(_registry)
    everybody = CollectorRegistry()
    MultiProcessCollector(everybody)
    counted = generate_latest(everybody)
    # A metric that nobody counted yet has no file: say that it exists.
    silent = [name for name in (*COUNTERS, *HISTOGRAMS) if f"# TYPE {name} ".encode() not in counted]
    return counted + "".join(f"# TYPE {name} {'counter' if name in COUNTERS else 'histogram'}\n" for name in silent).encode()
