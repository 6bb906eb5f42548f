"""One measured figure, and whether it is good enough."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Measurement:
    """A figure with its target. With `more_is_better` the target is a floor, else a ceiling."""

    name: str  # what was measured, in words: "Overview, 30 days and the 30 before"
    value: float
    unit: str  # ms, s, events/s, requests/s, ×
    target: float | None = None  # None: measured for information
    more_is_better: bool = False
    yardstick: float | None = None  # the same unit, measured in the same run: the raw SQL, an empty POST
    note: str = ""  # conditions that the name does not say

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; None without one."""
        if self.target is None:
            return None
        return self.value >= self.target if self.more_is_better else self.value <= self.target

    def as_dict(self) -> dict:
        """For the results file."""
        return asdict(self) | {"is_met": self.is_met}


def median_ms(work: Callable[[], object], *, runs: int = 5, warm_up: int = 1) -> float:
    """The median of `runs` timed calls after `warm_up` untimed ones, in ms."""
    for _ in range(warm_up):
        work()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)
