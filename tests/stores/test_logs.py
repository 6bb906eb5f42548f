"""The lines of the log: complete, on one line each, without personal data."""

import io
import json
import logging
import sys

import pytest
import structlog

import settings
from stores import logs


@pytest.fixture
def lines(monkeypatch, own_logging):
    """What this process logs from now on, decoded."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure(settings.load({}))
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_what_happened_in_which_request_and_shop(lines):
    logs.bind(request_id="r-1", tenant="linden")
    structlog.get_logger("api").info("answered", status=200, ms=1.5)

    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    expected = {"event": "answered", "logger": "api", "level": "info", "status": 200, "ms": 1.5, "request_id": "r-1", "tenant": "linden"}
    assert line == expected


def test_personal_data_is_hidden_wherever_it_stands(lines):
    logger = structlog.get_logger("api")
    logger.warning("bob@example.com failed", password="x", body={"note": "call +49 30 901820", "items": ["eve@example.com"]})
    logging.getLogger("library").error("bad login of %s", "bob@example.com")

    structured, foreign = lines()
    assert structured["event"] == "[email] failed"
    assert structured["password"] == "[hidden]"
    assert structured["body"] == {"note": "call [phone]", "items": ["[email]"]}
    assert foreign["event"] == "bad login of [email]"


def test_an_exception_is_masked_too(lines):
    try:
        raise ValueError("bob@example.com")
    except ValueError:
        structlog.get_logger("api").exception("failed")

    (line,) = lines()
    assert line["exception"].endswith("ValueError: [email]")


def test_a_line_break_cannot_forge_a_line(lines):
    structlog.get_logger("api").info("agent", agent='x\r\n{"event": "forged"}\x1b[2J')

    (line,) = lines()
    assert line["agent"] == 'x\\r\\n{"event": "forged"}\\x1b[2J'


def test_what_was_bound_is_forgotten(lines):
    logs.bind(tenant="linden")
    logs.clear()
    structlog.get_logger("api").info("next")

    assert "tenant" not in lines()[0]
