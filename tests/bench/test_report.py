"""The tables of the benchmarks."""

import json

from bench import report
from bench.measurement import Measurement, median_ms

MEASURED = [
    Measurement("Overview, 30 days", 61.25, "ms", target=150, yardstick=49),
    Measurement("Batches accepted and stored", 38_000.4, "events/s", target=40_000, more_is_better=True, note="5 minutes"),
    Measurement("Disk", 2.5, "GB"),
]
TABLE = """\
| Measured | Result | Target | Yardstick in the same run | Met |
|---|---:|---:|---:|---|
| Overview, 30 days | 61.2 ms | ≤ 150 ms | 49.0 ms (1.25 ×) | yes |
| Batches accepted and stored (5 minutes) | 38,000 events/s | ≥ 40,000 events/s |  | **no** |
| Disk | 2.50 GB |  |  |  |"""


def test_a_target_is_a_ceiling_or_a_floor():
    assert [found.is_met for found in MEASURED] == [True, False, None]


def test_the_table_says_result_target_yardstick_and_verdict():
    assert report.table(MEASURED) == TABLE


def test_results_go_into_their_place_and_leave_the_others():
    text = "# B\n<!-- results of a -->\nold\n<!-- end -->\n<!-- results of b -->\nkept\n<!-- end -->\n"
    assert report.with_results(text, "a", "new\n") == text.replace("old", "new")
    assert report.with_results(text, "c", "new\n") == text


def test_the_figures_are_kept_as_a_file_and_in_the_document(tmp_path):
    document = tmp_path / "benchmarks.md"
    document.write_text("<!-- results of pages -->\n<!-- end -->\n")
    report.keep("pages", MEASURED, document=document, results=tmp_path / "results")
    assert TABLE in document.read_text()
    [file] = (tmp_path / "results").iterdir()
    assert [row["is_met"] for row in json.loads(file.read_text())["measured"]] == [True, False, None]


def test_an_unknown_benchmark_is_refused(capsys):
    assert report.run(["nothing"]) == 2
    assert "There is no benchmark nothing" in capsys.readouterr().out


def test_every_bench_that_is_listed_has_its_place_in_the_document():
    text = report.DOCUMENT.read_text()
    assert [name for name in report.BENCHES if f"<!-- results of {name} -->" not in text] == []


def test_a_median_leaves_the_warm_up_out():
    calls = []
    assert median_ms(lambda: calls.append(1), runs=3, warm_up=2) >= 0
    assert len(calls) == 5
