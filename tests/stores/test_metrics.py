"""What is counted is exposed, for one process and for all together."""

import subprocess
import sys
from uuid import uuid4

import pytest

from settings import PROJECT
from stores import metrics
from tests.conftest import subprocess_environ


def test_a_count_appears_under_its_documented_name():
    shop = uuid4().hex
    metrics.count("events_received_total", {"customer_id": shop, "event_type": "page_view"}, 3)
    metrics.observe("ingestion_latency_seconds", {"customer_id": shop}, 0.004)

    lines = metrics.exposition().decode().splitlines()

    assert "# TYPE events_received_total counter" in lines
    assert f'events_received_total{{customer_id="{shop}",event_type="page_view"}} 3.0' in lines
    assert f'ingestion_latency_seconds_bucket{{customer_id="{shop}",le="0.0025"}} 0.0' in lines
    assert f'ingestion_latency_seconds_bucket{{customer_id="{shop}",le="0.005"}} 1.0' in lines


def test_what_nobody_counted_is_named_all_the_same():
    text = metrics.exposition().decode()
    assert all(f"# TYPE {name} counter" in text for name in metrics.COUNTERS)
    assert all(f"# TYPE {name} histogram" in text for name in metrics.HISTOGRAMS)


def test_a_label_that_the_metric_does_not_have_is_a_mistake():
    with pytest.raises(ValueError, match="label"):
        metrics.count("events_received_total", {"visitor": "1"})


def test_the_counts_of_several_processes_are_summed(tmp_path):
    program = """
from stores import metrics
metrics.count("events_received_total", {"customer_id": "a", "event_type": "other"}, 2)
print(metrics.exposition().decode())
"""
    environ = subprocess_environ(PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
    run = [sys.executable, "-c", program]
    for _ in range(2):
        done = subprocess.run(run, cwd=PROJECT, env=environ, capture_output=True, text=True, check=True)

    lines = done.stdout.splitlines()
    assert 'events_received_total{customer_id="a",event_type="other"} 4.0' in lines
    assert "# TYPE ai_queries_total counter" in lines
