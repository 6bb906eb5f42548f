"""Run the benchmarks, print their table and keep it: bench/results/ as JSON, docs/benchmarks.md as the table that README links to."""

import importlib
import json
import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

from bench.measurement import Measurement

BENCHES = ("ingest", "questions", "pages")  # modules of this package, in the order in which they run
PROJECT = Path(__file__).parent.parent
RESULTS = PROJECT / "bench" / "results"
DOCUMENT = PROJECT / "docs" / "benchmarks.md"
PLACE = re.compile(r"(<!-- results of (?P<name>\w+) -->\n).*?(<!-- end -->)", re.S)


def run(names: list[str]) -> int:
    """Run the named benchmarks, or all; 1 when a target was missed, else 0."""
    if unknown := set(names) - set(BENCHES):
        print(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}.")
        return 2
    is_all_met = True
    for name in names or BENCHES:
        measured = importlib.import_module(f"bench.{name}").run()
        print(f"\n{name}, {conditions()}\n{table(measured)}", flush=True)
        keep(name, measured)
        is_all_met &= all(found.is_met is not False for found in measured)
    return 0 if is_all_met else 1


def table(measured: list[Measurement]) -> str:
    """The figures as a Markdown table: measured, target, yardstick of the same run, verdict."""
    head = "| Measured | Result | Target | Yardstick in the same run | Met |\n|---|---:|---:|---:|---|"
    return "\n".join([head, *(_row(found) for found in measured)])


def keep(name: str, measured: list[Measurement], *, document: Path = DOCUMENT, results: Path = RESULTS) -> None:
    """Write the figures to a file of this moment and into their place in the document."""
    now = datetime.now(UTC)
    results.mkdir(parents=True, exist_ok=True)
    record = {"name": name, "at": now.isoformat(), "conditions": conditions(), "measured": [found.as_dict() for found in measured]}
    (results / f"{now:%Y%m%dT%H%M%S}-{name}.json").write_text(json.dumps(record, indent=1) + "\n")
    document.write_text(with_results(document.read_text(), name, f"{now:%d %B %Y}, {conditions()}.\n\n{table(measured)}\n"))


def with_results(text: str, name: str, results: str) -> str:
    """`text` with `results` between the two comments that mark the place of `name`; unchanged where there is no such place."""
    return PLACE.sub(lambda found: found[1] + results + found[3] if found["name"] == name else found[0], text)


def conditions() -> str:
    """On what it was measured."""
    machine = f"{os.cpu_count()} cores, {_memory_gb()} GB, {platform.system()} {platform.machine()}"
    return f"{machine}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"


def _row(found: Measurement) -> str:
    target = "" if found.target is None else f"{'≥' if found.more_is_better else '≤'} {_number(found.target, found.unit)}"
    yardstick = "" if found.yardstick is None else f"{_number(found.yardstick, found.unit)} ({found.value / found.yardstick:.2f} ×)"
    verdict = {True: "yes", False: "**no**", None: ""}[found.is_met]
    name = f"{found.name} ({found.note})" if found.note else found.name
    return f"| {name} | {_number(found.value, found.unit)} | {target} | {yardstick} | {verdict} |"


def _number(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def _memory_gb() -> int:
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30)
