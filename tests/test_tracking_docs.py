"""docs/tracking.md names every event as analytics/event_names.py does, and every option and call of the tracker."""

import os
import re
from pathlib import Path

import pytest

from analytics import event_names, page_types

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs" / "tracking.md"
TRACKER = (ROOT / "assets" / "tracker.js").read_text()
BEGIN, END = "<!-- event names: written by tests/test_tracking_docs.py -->", "<!-- end of event names -->"


def table() -> str:
    """The table as it must stand: each canonical name with the other spellings that mean it."""
    lines = ["| name | also understood |", "|---|---|"]
    for name in event_names.GA4 + event_names.OURS:
        spellings = sorted(other for other, meant in event_names.ALIASES.items() if meant == name and other != name)
        lines.append(f"| `{name}` | {', '.join(spellings) or '–'} |")
    return "\n".join(lines)


def test_the_table_of_event_names_is_the_one_in_the_code():
    """UPDATE_DOCS=1 writes it."""
    text = DOCS.read_text()
    before, rest = text.split(BEGIN)
    now, after = rest.split(END)
    if os.environ.get("UPDATE_DOCS"):
        DOCS.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}")
        now = f"\n{table()}\n"
    assert now.strip() == table()


def test_page_types_are_named_as_in_the_code():
    assert ", ".join(page_types.PAGE_TYPES) in DOCS.read_text().replace("\n  ", " ")


@pytest.mark.parametrize("option", sorted(set(re.findall(r"options\.(\w+)", TRACKER))))
def test_each_option_of_the_tracker_is_documented(option):
    assert f"| `{option}` |" in DOCS.read_text()


@pytest.mark.parametrize("call", ["page", "track", "formSubmit", "identify", "reset", "consent", "flush"])
def test_each_call_of_the_tracker_is_documented(call):
    assert f"methods.{call} = function" in TRACKER
    assert re.search(rf"\| `{call}\(", DOCS.read_text())
