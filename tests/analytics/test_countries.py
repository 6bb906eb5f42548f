"""Countries by code and by the names that files use."""

import pytest

from analytics import countries


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Germany", "DE"),
        ("de", "DE"),
        ("  United   Kingdom ", "GB"),
        ("EIRE", "IE"),
        ("RSA", "ZA"),
        ("USA", "US"),
        ("Unspecified", ""),
        ("", ""),
        ("Channel Islands", "Channel Islands"),
        ("x" * 100, "x" * 60),
    ],
)
def test_a_name_becomes_a_code_where_it_is_a_country(text, code):
    assert countries.code(text) == code


def test_a_code_becomes_a_name():
    assert [countries.name(code) for code in ("IE", "Channel Islands", "")] == ["Ireland", "Channel Islands", "Not known"]


def test_every_name_leads_back_to_its_code():
    assert {code: countries.code(name) for code, name in countries.NAMES.items()} == {code: code for code in countries.NAMES}
