"""Kinds of jobs that exist in tests only."""

import pytest

from jobs import kinds
from jobs.kinds import Kind


@pytest.fixture(autouse=True)
def test_kinds(monkeypatch):
    """`count`, `refuse`, `break_down` and `miss_a_store` of kinds_for_tests.py."""
    for name in ("count", "refuse", "break_down", "miss_a_store"):
        monkeypatch.setitem(kinds.KINDS, name, Kind(f"tests.jobs.kinds_for_tests:{name}", 30))
