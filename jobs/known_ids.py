"""Which events were stored in the last eight days: a filter in memory answers for nearly all, the table of ids for the rest."""

import numpy as np
import pyarrow as pa

from actions.event_schema import uuid_text
from jobs.ingest_columns import uuids
from stores import clickhouse

BITS_AN_ID, HASHES = 16, 3  # one new id in 160 is looked up for nothing
SMALLEST_BITS = 1 << 26  # 8 MB: four million ids
FEW = 1000  # so many ids travel as a parameter; more as rows of arrived_ids
PAGE = 1_000_000


class Filter:
    """A Bloom filter over the 16 bytes of event ids: False means never seen, True maybe seen."""

    def __init__(self, expected: int):
        bits = max(SMALLEST_BITS, 1 << (max(expected, 1) * BITS_AN_ID - 1).bit_length())
        self._words, self._mask = np.zeros(bits // 8, np.uint8), np.uint64(bits - 1)
        self.capacity, self.size = bits // BITS_AN_ID, 0

    def add(self, ids: np.ndarray) -> None:
        """Remember `ids`, (n, 2) halves of 64 bits."""
        for place in self._places(ids):
            np.bitwise_or.at(self._words, place >> np.uint64(3), _bit(place))
        self.size += len(ids)

    def maybe_has(self, ids: np.ndarray) -> np.ndarray:
        """For each id whether it may be known."""
        found = np.ones(len(ids), bool)
        for place in self._places(ids):
            found &= (self._words[place >> np.uint64(3)] & _bit(place)) != 0
        return found

    def _places(self, ids: np.ndarray):
        # Clients' ids need not be random (UUIDv1, v7, counters), so both halves are stirred.
        first, second = _stir(ids[:, 0] ^ _stir(ids[:, 1])), _stir(ids[:, 1] + np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)
        for number in range(HASHES):
            yield (first + np.uint64(number) * second) & self._mask


class KnownIds:
    """The ids that were stored, for one consumer. `load` first; safe to load again at any time."""

    def __init__(self):
        self._filter = Filter(0)

    def load(self) -> int:
        """Read the ids of the last days into a filter with room for as many again; how many there are."""
        self._filter = Filter(2 * _count())
        for page in _pages():
            self._filter.add(page)
        return self._filter.size

    def among(self, tenant: str, run: int, ids: list[bytes]) -> np.ndarray:
        """For each id whether an event of `tenant` with it is stored already."""
        suspects = np.flatnonzero(self._filter.maybe_has(halves(ids)))
        known = np.zeros(len(ids), bool)
        if len(suspects):
            stored = _stored(tenant, run, [ids[index] for index in suspects])
            known[suspects] = [ids[index] in stored for index in suspects]
        return known

    def add(self, ids: list[bytes]) -> None:
        """Remember ids that were stored just now."""
        if self._filter.size + len(ids) > self._filter.capacity:
            self.load()
        self._filter.add(halves(ids))


def halves(ids: list[bytes]) -> np.ndarray:
    """The ids as (n, 2) numbers of 64 bits."""
    return np.frombuffer(b"".join(ids), np.uint64).reshape(-1, 2)


def _stir(numbers: np.ndarray) -> np.ndarray:
    """The finalizer of splitmix64: every input bit moves every output bit."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def _bit(place: np.ndarray) -> np.ndarray:
    return np.uint8(1) << (place & np.uint64(7)).astype(np.uint8)


COUNT_SQL = "SELECT count() AS n FROM event_ids"


def _count() -> int:
    return clickhouse.query(COUNT_SQL)[0]["n"]


# In the order of the key, so that a page is read from where the one before ended.
PAGE_SQL = """
SELECT customer_id, event_id FROM event_ids WHERE (customer_id, event_id) > ({tenant:String}, {id:UUID})
ORDER BY customer_id, event_id LIMIT {page:UInt32}"""


def _pages():
    tenant, last = "", "00000000-0000-0000-0000-000000000000"
    while True:
        found = clickhouse.frame(PAGE_SQL, {"tenant": tenant, "id": last, "page": PAGE})
        if found.num_rows == 0:
            return
        column = found["event_id"].combine_chunks()
        storage = column.storage if isinstance(column, pa.ExtensionArray) else column
        yield np.frombuffer(storage.buffers()[1], np.uint64).reshape(-1, 2)[storage.offset : storage.offset + len(storage)]
        tenant, last = found["customer_id"][-1].as_py(), str(found["event_id"][-1].as_py())


STORED_SQL = "SELECT DISTINCT event_id FROM event_ids WHERE customer_id = {tenant:String} AND event_id IN {ids:Array(UUID)}"


def _stored(tenant: str, run: int, ids: list[bytes]) -> set[bytes]:
    if len(ids) > FEW:
        return _stored_of_many(tenant, run, ids)
    texts = [uuid_text(id) for id in ids]
    return {row["event_id"].bytes for row in clickhouse.query(STORED_SQL, {"tenant": tenant, "ids": texts})}


STORED_OF_MANY_SQL = """
SELECT DISTINCT event_id FROM event_ids
WHERE customer_id = {tenant:String}
  AND event_id IN (SELECT event_id FROM arrived_ids WHERE run = {run:UInt64} AND customer_id = {tenant:String})"""


def _stored_of_many(tenant: str, run: int, ids: list[bytes]) -> set[bytes]:
    rows = {"customer_id": pa.repeat(tenant, len(ids)), "run": pa.array([run] * len(ids), pa.uint64()), "event_id": uuids(ids)}
    clickhouse.insert("arrived_ids", pa.table(rows))
    return {row["event_id"].bytes for row in clickhouse.query(STORED_OF_MANY_SQL, {"tenant": tenant, "run": run})}
