"""How many wrong passwords came lately? Too many for a name or from an address, and nobody gets in that way for a while."""

import hashlib
import math

from errors import LimitExceeded
from stores import redis

WINDOW_S = 900
# A name is counted together with the address, or anybody could lock somebody else out.
MOST_OF_NAME, MOST_OF_ADDRESS = 10, 100


def check(login: str, address: str) -> None:
    """Raise LimitExceeded after too many wrong passwords, and Unavailable where nobody can tell how many there were."""
    waits = [left_s for key, most in _counted(login, address) for used, left_s in [_used(key, 0)] if used >= most]
    if waits:
        raise LimitExceeded("Too many wrong passwords.", retry_after_s=math.ceil(max(waits)))


def note(login: str, address: str) -> None:
    """Count a wrong password."""
    for key, _most in _counted(login, address):
        _used(key, 1)


def _counted(login: str, address: str) -> list[tuple[str, int]]:
    # Hashed: what was typed into the wrong field may be a password.
    name = hashlib.sha256(f"{address}\n{login.strip().lower()}".encode()).hexdigest()[:32]
    return [(f"wrong-password:{name}", MOST_OF_NAME), (f"wrong-password:{address}", MOST_OF_ADDRESS)]


def _used(key: str, amount: int) -> tuple[int, float]:
    return redis.take(key, amount, window_s=WINDOW_S)
