"""What the jobs of the tests do."""

import time
from pathlib import Path

from errors import Invalid, Unavailable
from jobs import progress


def count(tenant: str, file: str, seconds: float = 0.0) -> dict:
    """Leave a mark in `file`, then work for `seconds`; how many marks there are."""
    with Path(file).open("a") as marks:
        marks.write(f"{tenant}\n")
    began = time.monotonic()
    while (spent := time.monotonic() - began) < seconds:
        progress.report(spent / seconds, "working")
        time.sleep(0.02)
    return {"marks": len(Path(file).read_text().splitlines())}


def refuse(tenant: str) -> None:
    """An error that a user may read."""
    raise Invalid("The file has no heading.")


def break_down(tenant: str) -> None:
    """A defect, with something in it that nobody should read."""
    raise RuntimeError("password=hunter2")


def miss_a_store(tenant: str) -> None:
    """A store that is away for the moment."""
    raise Unavailable("ClickHouse does not answer.")
