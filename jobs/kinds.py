"""Every kind of job, and the function that does it: called as function(tenant=…, **arguments), safe to run twice."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass

MINUTE_S, HOUR_S = 60, 3600


@dataclass(frozen=True)
class Kind:
    """Where the work is written down and how long it may take."""

    function: str  # "module:function"; loaded by the worker only
    timeout_s: int

    def load(self) -> Callable:
        """The function itself."""
        module, name = self.function.split(":")
        return getattr(importlib.import_module(module), name)


KINDS: dict[str, Kind] = {
    "forget": Kind("jobs.housekeeping:forget", 10 * MINUTE_S),
    "retention": Kind("jobs.retention:run", HOUR_S),
    "count_upload": Kind("jobs.imports:count", HOUR_S),
    "read_upload": Kind("jobs.imports:read", 6 * HOUR_S),
    "undo_upload": Kind("jobs.imports:undo", 6 * HOUR_S),
    "forget_files": Kind("jobs.imports:forget_files", 10 * MINUTE_S),
    "fill_funnel": Kind("jobs.funnels:fill", HOUR_S),
    "demo_load": Kind("demo.load:fill", 15 * MINUTE_S),
}
