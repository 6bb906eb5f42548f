"""When it happened, by clocks that are off."""

import numpy as np
import pytest

from actions.enrichment import times

NOW = 1_736_510_400_000
HOUR = 3_600_000


@pytest.mark.parametrize(
    ("timestamp", "sent_at", "expected", "flag"),
    [
        (NOW - HOUR, None, NOW - HOUR, ""),
        (NOW - HOUR, NOW - 59_000, NOW - HOUR, ""),
        (NOW - 3 * HOUR, NOW - 2 * HOUR, NOW - HOUR, "corrected"),
        (NOW + 2 * HOUR, NOW + 3 * HOUR, NOW - HOUR, "corrected"),
        (NOW + 24 * HOUR, None, NOW + 24 * HOUR, ""),
        (NOW + 24 * HOUR + 1, None, NOW, "future"),
        (NOW - 10_000 * HOUR, None, NOW - 10_000 * HOUR, ""),
        (-1, None, NOW, "future"),
        (None, NOW - 5 * HOUR, NOW, ""),
    ],
)
def test_one_time_and_many_times_are_corrected_alike(timestamp, sent_at, expected, flag):
    assert times.corrected(timestamp, sent_at, NOW) == expected
    found, flags = times.corrected_all(
        np.array([timestamp or 0]),
        np.array([timestamp is not None]),
        np.array([sent_at or 0]),
        np.array([sent_at is not None]),
        np.array([NOW]),
    )
    assert (found.tolist(), times.FLAGS[flags[0]]) == ([expected], flag)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-01-10T12:00:00Z", NOW),
        ("2025-01-10T13:00:00.250+01:00", NOW + 250),
        ("2025-01-10 12:00:00", NOW),
        ("2025-01-10", NOW - 12 * HOUR),
        (NOW, NOW),
        (NOW / 1000, NOW),
        (NOW * 1000, NOW),
        (NOW * 1_000_000, NOW),
        ("1736510400", NOW),
        ("1736510400000", NOW),
        (0, 0),
        (-5, None),
        (float("inf"), None),
        ("yesterday", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31", None),
        ("", None),
        (None, None),
        ("9" * 400, None),
    ],
)
def test_times_are_read_as_senders_write_them(value, expected):
    assert times.parse(value) == expected
