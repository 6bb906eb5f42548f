"""The command line: every command is described, and an error is a sentence, not a trace."""

import json

import pytest

import manage
import settings
from errors import Invalid

pytestmark = pytest.mark.usefixtures("own_logging")


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as exit:
        manage.main(["--help"])

    text = capsys.readouterr().out
    assert exit.value.code == 0
    expected = ["migrate", "demo", "import", "web", "worker", "ingest", "scheduler", "openapi", "bench", "status"]
    assert [name for name in expected if f"    {name}" not in text] == []


def test_migrating_twice_changes_nothing(servers, capsys):
    assert manage.main(["migrate"]) == 0
    assert manage.main(["migrate"]) == 0


def test_status_says_what_answers(servers, capsys):
    # The stores of the tests answer, and nobody answers requests.
    assert manage.main(["status"]) == 1
    assert dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()) == {
        "web": "does not answer",
        "event_log": "answers",
        "redis": "answers",
        "postgres": "answers",
        "clickhouse": "answers",
    }


def test_the_api_description_is_written_without_any_store(tmp_path, environment):
    file = tmp_path / "openapi.json"
    assert manage.main(["openapi", "--out", str(file)]) == 0
    assert json.loads(file.read_text())["openapi"] == "3.1.0"


def test_an_error_is_told_in_one_line(monkeypatch, capsys):
    def refuse():
        raise Invalid("PORT is 'x', which is not a int.")

    monkeypatch.setattr(settings, "current", refuse)
    assert manage.main(["status"]) == 1
    assert capsys.readouterr().err == "status: PORT is 'x', which is not a int.\n"
