"""Where somebody is."""

import pytest

from actions.enrichment import country


@pytest.mark.parametrize(
    ("given", "of_request", "zone", "expected"),
    [
        ("de", "FR", "Asia/Tokyo", "DE"),
        ("", "fr", "Asia/Tokyo", "FR"),
        ("", "XX", "Asia/Tokyo", "JP"),
        ("", "", "Europe/Berlin", "DE"),
        ("", "", "Mars/Base", ""),
        ("United Kingdom", "", "", "United Kingdom"),
        ("", "", "", ""),
    ],
)
def test_what_is_said_counts_before_what_is_guessed(given, of_request, zone, expected):
    assert country.of(given, of_request, zone) == expected
