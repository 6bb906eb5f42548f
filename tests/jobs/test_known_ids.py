"""What was stored is known, and what was not is not, with or without the filter's guesses."""

import uuid

import numpy as np
import pyarrow as pa
import pytest

from jobs import known_ids
from jobs.ingest_columns import uuids
from jobs.known_ids import Filter, KnownIds, halves
from stores import clickhouse, postgres


def some(count: int) -> list[bytes]:
    return [uuid.uuid4().bytes for _ in range(count)]


def store(tenant: str, ids: list[bytes]) -> None:
    clickhouse.insert("event_ids", pa.table({"customer_id": [tenant] * len(ids), "event_id": uuids(ids)}))


def test_the_filter_never_forgets_and_seldom_guesses():
    known, unknown = halves(some(20_000)), halves(some(20_000))
    filter = Filter(20_000)
    filter.add(known)
    assert filter.maybe_has(known).all()
    assert filter.maybe_has(unknown).mean() < 0.01


def test_ids_that_are_no_chance_numbers_are_told_apart():
    counted = np.array([[0, number] for number in range(40_000)], np.uint64)
    filter = Filter(20_000)
    filter.add(counted[:20_000])
    assert filter.maybe_has(counted[20_000:]).mean() < 0.01


@pytest.mark.parametrize("page", [3, 1_000_000])
def test_ids_are_read_back_page_by_page(tenant, monkeypatch, page):
    monkeypatch.setattr(known_ids, "PAGE", page)
    stored, new = some(10), some(10)
    store(tenant, stored)
    known = KnownIds()
    if page > 100:
        known.load()
    else:
        known.add(stored)
    assert known.among(tenant, postgres.next_version(tenant), stored + new).tolist() == [True] * 10 + [False] * 10


def test_a_guess_of_the_filter_is_looked_up(tenant, other_tenant):
    ids = some(5)
    store(other_tenant, ids)
    known = KnownIds()
    known.add(ids)
    assert known.among(tenant, postgres.next_version(tenant), ids).tolist() == [False] * 5


def test_many_at_once_are_looked_up_together(tenant):
    stored, new = some(3_000), some(10)
    store(tenant, stored)
    known = KnownIds()
    known.add(stored + new)
    assert known.among(tenant, postgres.next_version(tenant), stored + new).sum() == 3_000
    assert known.among(tenant, postgres.next_version(tenant), []).tolist() == []


def test_a_full_filter_is_read_anew(tenant):
    known = KnownIds()
    known._filter.size = known._filter.capacity
    ids = some(3)
    store(tenant, ids)
    known.add(ids)
    assert known.among(tenant, postgres.next_version(tenant), ids).all()
