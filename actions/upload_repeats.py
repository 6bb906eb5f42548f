"""Which of its equals is this row? Answered for millions of rows with eight bytes each."""

import numpy as np

MOST = 1 << 20  # keys of one run: merging larger ones would need as much memory again


class _Runs:
    """Keys that came, in sorted runs of doubling length."""

    def __init__(self) -> None:
        self._runs: list[np.ndarray] = []

    def occurrences(self, ordered: np.ndarray) -> np.ndarray:
        """How often each of the sorted keys `ordered` came."""
        return sum((_occurrences(run, ordered) for run in self._runs), np.zeros(len(ordered), np.int64))

    def add(self, ordered: np.ndarray) -> None:
        """Remember the sorted keys `ordered`."""
        if not len(ordered):
            return
        while self._runs and len(self._runs[-1]) <= 2 * len(ordered) and len(self._runs[-1]) + len(ordered) <= MOST:
            ordered = np.concatenate([self._runs.pop(), ordered])
            ordered.sort(kind="stable")
        self._runs.append(ordered)


class Repeats:
    """Counts how often each key came before. Keys are 64-bit hashes."""

    def __init__(self) -> None:
        self._seen = _Runs()

    def number(self, keys: np.ndarray) -> np.ndarray:
        """For each key, in order, how many equal ones came before it, in this call or an earlier one."""
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        counts = np.arange(len(keys)) - np.searchsorted(ordered, ordered, "left")
        counts += self._seen.occurrences(ordered)
        numbers = np.empty(len(keys), np.int64)
        numbers[order] = counts
        self._seen.add(ordered)
        return numbers


class Distinct:
    """Counts different texts."""

    def __init__(self) -> None:
        self._seen = _Runs()
        self.count = 0

    def add(self, texts: list[str]) -> None:
        """Count those of `texts` that did not come before."""
        if not texts:
            return
        keys = np.unique(hashes(texts))
        keys = keys[self._seen.occurrences(keys) == 0]
        self._seen.add(keys)
        self.count += len(keys)


def _occurrences(run: np.ndarray, ordered: np.ndarray) -> np.ndarray:
    """How often each of `ordered` is in `run`; both are sorted. Few are, as a rule: only those are counted."""
    left = np.searchsorted(run, ordered, "left")
    found = np.zeros(len(ordered), np.int64)
    hits = np.flatnonzero((left < len(run)) & (run[np.minimum(left, len(run) - 1)] == ordered))
    found[hits] = np.searchsorted(run, ordered[hits], "right") - left[hits]
    return found


def hashes(texts: list[str]) -> np.ndarray:
    """A 64-bit hash of each text, with Python's own salted function: nobody can prepare texts that collide."""
    return np.fromiter(map(hash, texts), np.int64, len(texts))
