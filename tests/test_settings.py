"""The settings: read once, checked in production, listed in .env.example."""

import os
from dataclasses import fields
from pathlib import Path

import pytest

import settings
from errors import Invalid
from settings import PROJECT, Settings, load

PRODUCTION = {"ENVIRONMENT": "production", "SECRET_KEY": "k" * 32, "ADMIN_PASSWORD": "a password of 12"}


def example() -> dict[str, str]:
    """The settings that .env.example shows."""
    lines = [line for line in (PROJECT / ".env.example").read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_the_example_lists_every_setting_once_in_order_and_with_its_default():
    names = [line.split("=")[0] for line in (PROJECT / ".env.example").read_text().splitlines() if line and not line.startswith("#")]

    assert names == [field.name.upper() for field in fields(Settings)]
    assert load(example()) == Settings()


def test_each_value_is_read_as_its_kind():
    read = load({"PORT": "9000", "DEMO": "no", "ECAP_HOME": "/data", "HOST": "0.0.0.0"})

    assert (read.port, read.demo, read.ecap_home, read.host) == (9000, False, Path("/data"), "0.0.0.0")


def test_what_is_no_setting_is_left_alone():
    assert load({"PATH": "/bin"}) == Settings()


@pytest.mark.parametrize(("name", "value", "kind"), [("PORT", "80a", "int"), ("DEMO", "maybe", "bool")])
def test_a_value_that_cannot_be_read_is_named(name, value, kind):
    with pytest.raises(Invalid, match=f"{name} is '{value}', which is not a {kind}"):
        load({name: value})


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"ENVIRONMENT": "staging"}, "it is development or production"),
        ({"SECRET_KEY": settings.DEVELOPMENT_SECRET}, "SECRET_KEY is the default"),
        ({"SECRET_KEY": "short"}, "shorter than 32"),
        ({"ADMIN_PASSWORD": settings.DEVELOPMENT_ADMIN_PASSWORD}, "ADMIN_PASSWORD is the development default"),
    ],
)
def test_production_refuses_what_is_unsafe(changed, reason):
    with pytest.raises(Invalid, match=reason):
        load(PRODUCTION | changed)


def test_production_starts_with_secrets_of_its_own():
    assert load(PRODUCTION).environment == "production"


def test_the_env_file_fills_what_the_environment_does_not_say(tmp_path, monkeypatch):
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.delenv("LOG_LEVEL", raising=False)
    monkeypatch.setenv("HOST", "")  # so that monkeypatch restores it
    monkeypatch.delenv("HOST")
    file = tmp_path / ".env"
    file.write_text("# a comment\nPORT=1\nHOST='0.0.0.0'\n\nnot a line\n#LOG_LEVEL=debug\n")

    settings.read_env_file(file)

    read = settings.load({name: value for name, value in os.environ.items() if name in ("PORT", "HOST", "LOG_LEVEL")})
    assert (read.port, read.host, read.log_level) == (9000, "0.0.0.0", "info")


def test_without_an_env_file_nothing_changes(tmp_path):
    settings.read_env_file(tmp_path / "none")
