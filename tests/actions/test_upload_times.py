"""Times as files write them."""

from datetime import UTC, datetime

import pytest

from actions import upload_times
from actions.upload_times import Guess


def at(form: str, zone: str, text: str) -> str | None:
    ms = upload_times.reader(form, zone)(text)
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("iso", "2024-03-13 10:21:14", "2024-03-13 09:21:14.000"),
        ("iso", "2024-03-13T10:21:14.1239Z", "2024-03-13 10:21:14.123"),
        ("iso", "2024/3/1 1:05 PM", "2024-03-01 12:05:00.000"),
        ("iso", "2024-03-13 10:21 +05:30", "2024-03-13 04:51:00.000"),
        ("iso", "2024-03-13T10:21:00-0800", "2024-03-13 18:21:00.000"),
        ("iso", "2024-03-13", "2024-03-12 23:00:00.000"),
        ("dmy", "13.02.2024 10:00", "2024-02-13 09:00:00.000"),
        ("dmy", "1/2/24", "2024-01-31 23:00:00.000"),
        ("mdy", "1/2/2024 12:30 AM", "2024-01-01 23:30:00.000"),
        ("epoch_s", "1710325274", "2024-03-13 10:21:14.000"),
        ("epoch_s", "1710325274.5", "2024-03-13 10:21:14.500"),
        ("epoch_ms", "1710325274123", "2024-03-13 10:21:14.123"),
    ],
)
def test_each_form_is_read_in_the_zone(form, text, expected):
    assert at(form, "Europe/Berlin", text) == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "2024-02-30", "2024-13-01", "2024-01-01 25:00", "0000-00-00", "1969-12-31", "2100-01-01", "٢٠٢٤-01-01"]
)
def test_what_is_no_time_is_none(text):
    assert at("iso", "UTC", text) is None


def test_an_hour_that_the_clock_skips_counts_on_and_one_it_shows_twice_is_the_first():
    assert at("iso", "Europe/Berlin", "2024-03-31 02:30") == "2024-03-31 01:30:00.000"  # shown as 03:30
    assert at("iso", "Europe/Berlin", "2024-10-27 02:30") == "2024-10-27 00:30:00.000"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["2024-01-01", "2024-01-02 10:00"], Guess("iso", 1.0, False, True, "The year comes first")),
        (["2024-01-01T00:00:00Z"], Guess("iso", 1.0, True, True, "The year comes first")),
        (["01/02/2024", "13/02/2024"], Guess("dmy", 1.0, False, True, "13/02/2024 has no 13th month")),
        (["12/1/2010 8:26", "12/13/2010 8:26"], Guess("mdy", 1.0, False, True, "12/13/2010 8:26 has no 13th month")),
        (["01/02/2024"], Guess("dmy", 1.0, False, False, "No day above 12: day and month could be exchanged")),
        (["01/02/2024 1:00 PM"], Guess("mdy", 1.0, False, False, "No day above 12: day and month could be exchanged")),
        (["1710325274"], Guess("epoch_s", 1.0, True, True, "seconds since 1970")),
        (["1710325274123"], Guess("epoch_ms", 1.0, True, True, "milliseconds since 1970")),
        (["17850", "13047"], None),
        (["2024-01", "x"], None),
        ([], None),
    ],
)
def test_the_form_is_guessed_with_its_evidence(values, expected):
    assert upload_times.guess(values) == expected
