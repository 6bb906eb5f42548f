"""Faults are on in development only, and only the ones that exist."""

from dataclasses import replace

import pytest

import settings
from actions import faults


def test_a_fault_is_on_where_it_is_named(monkeypatch):
    monkeypatch.setenv("ECAP_TEST_FAULTS", "skip-id-lookup die-before-done")
    assert [faults.is_on(fault) for fault in faults.FAULTS] == [True, False, True]


def test_nothing_is_on_by_default_or_in_production(monkeypatch):
    assert not any(map(faults.is_on, faults.FAULTS))
    monkeypatch.setenv("ECAP_TEST_FAULTS", " ".join(faults.FAULTS))
    production = replace(settings.current(), environment="production")
    monkeypatch.setattr(settings, "current", lambda: production)
    assert not any(map(faults.is_on, faults.FAULTS))


def test_an_unknown_fault_is_a_mistake():
    with pytest.raises(AssertionError):
        faults.is_on("typo")
