"""Who tries passwords finds the door shut."""

from uuid import uuid4

import pytest

from actions import attempts
from errors import LimitExceeded, Unavailable


@pytest.fixture
def address(servers) -> str:
    return f"test-{uuid4().hex}"


def test_ten_wrong_passwords_for_a_name_are_enough(address):
    for _ in range(10):
        attempts.check("maria", address)
        attempts.note("maria", address)
    with pytest.raises(LimitExceeded) as refused:
        attempts.check(" Maria ", address)
    assert 895 <= refused.value.retry_after_s <= 900


def test_another_name_and_another_address_are_not_locked_out(address):
    for _ in range(10):
        attempts.note("maria", address)
    attempts.check("paul", address)
    attempts.check("maria", f"{address}-elsewhere")


def test_a_hundred_wrong_passwords_from_an_address_are_enough_for_all_names(address):
    for number in range(100):
        attempts.note(f"name{number}", address)
    with pytest.raises(LimitExceeded):
        attempts.check("anybody", address)


def test_nobody_gets_in_while_nobody_can_count(address, monkeypatch, servers):
    monkeypatch.setenv("REDIS_URL", "unix:///nowhere/redis.sock")
    import settings

    settings.current.cache_clear()
    try:
        with pytest.raises(Unavailable):
            attempts.check("maria", address)
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
