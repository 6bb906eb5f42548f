"""Saved funnels: made, changed, listed, deleted."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from actions import funnels, jobs
from analytics.funnel import CHECKOUT, Definition, Exclusion, Step
from errors import Conflict, Invalid, NotFound

WHOLE = Definition(
    "Everything",
    (
        Step("event", "view_item"),
        Step("page", "/cart%", "like", optional=True, any_of=(Step("property", "2", "at_least", key="quantity"), Step("name", "Cart"))),
        Step("page_type", "confirmation"),
    ),
    (Exclusion(2, Step("event", "error")),),
    None,
    "person",
)


def test_a_funnel_is_kept_as_it_was_saved(tenant):
    made = funnels.create(tenant, WHOLE, account_id=None)

    assert made.definition == WHOLE
    assert funnels.load(tenant, made.id) == made
    assert funnels.recent(tenant) == [made]
    assert (made.name, made.is_filled) == ("Everything", False)
    assert [(job.kind, job.arguments) for job in jobs.recent(tenant)] == [("fill_funnel", {"number": made.number})]


def test_they_are_listed_by_name_and_each_name_is_there_once(tenant):
    funnels.create(tenant, replace(CHECKOUT, name="B"), account_id=None)
    other = funnels.create(tenant, replace(CHECKOUT, name="A"), account_id=None)

    assert [funnel.name for funnel in funnels.recent(tenant)] == ["A", "B"]
    with pytest.raises(Conflict, match="named “B”"):
        funnels.create(tenant, replace(CHECKOUT, name="B"), account_id=None)
    with pytest.raises(Conflict, match="named “B”"):
        funnels.change(tenant, other.id, replace(CHECKOUT, name="B"))


def test_a_changed_funnel_is_no_longer_filled(tenant):
    made = funnels.create(tenant, CHECKOUT, account_id=None)
    funnels.note_filled(tenant, made.saved, 7)
    assert funnels.load(tenant, made.id).is_filled

    changed = funnels.change(tenant, made.id, replace(CHECKOUT, window=timedelta(hours=1)))

    assert (changed.definition.window, changed.is_filled) == (timedelta(hours=1), False)
    # What a job that began before the change notes belongs to the earlier definition.
    funnels.note_filled(tenant, made.saved, 8)
    assert not funnels.load(tenant, made.id).is_filled


def test_a_deleted_funnel_and_another_shops_are_not_found(tenant, other_tenant):
    made = funnels.create(tenant, CHECKOUT, account_id=None)

    for shop, id in ((other_tenant, made.id), (tenant, uuid4())):
        with pytest.raises(NotFound):
            funnels.load(shop, id)
        with pytest.raises(NotFound):
            funnels.change(shop, id, CHECKOUT)
        with pytest.raises(NotFound):
            funnels.delete(shop, id)
    funnels.delete(tenant, made.id)
    assert funnels.recent(tenant) == []


def test_only_those_by_session_are_worked_out_ahead_and_again_on_request(tenant):
    by_session = funnels.create(tenant, CHECKOUT, account_id=None)
    funnels.create(tenant, replace(CHECKOUT, name="People", unit="person"), account_id=None)
    funnels.note_filled(tenant, by_session.saved, 7)

    assert [saved.number for saved in funnels.kept(tenant)] == [by_session.number]
    assert funnels.refill(tenant) == 1
    assert not funnels.load(tenant, by_session.id).is_filled


def test_a_name_is_needed_and_there_is_a_most(tenant, monkeypatch):
    with pytest.raises(Invalid, match="has a name"):
        funnels.create(tenant, replace(CHECKOUT, name=" "), account_id=None)
    monkeypatch.setattr(funnels, "MOST_FUNNELS", 1)
    funnels.create(tenant, CHECKOUT, account_id=None)
    with pytest.raises(Invalid, match="at most 1"):
        funnels.create(tenant, replace(CHECKOUT, name="Another"), account_id=None)
