"""What an event may be at most, and how it is said when it is more."""

from actions.dead_letters import Refused

MAX_EVENTS = 10_000  # in one call
MAX_BYTES = 65_536  # of one event
MAX_DEPTH = 20
MAX_KEYS = 1_000
MAX_ID = 256
MAX_NAME = 200
MAX_TEXT = 2_000
MAX_URL = 8_192


def check_shape(raw: bytes) -> Refused | None:
    """Why the event is too much to be read, before it is: its size, and how deep it is; None where it is fine."""
    if len(raw) > MAX_BYTES:
        return Refused(raw, f"The event has {len(raw):,} bytes; {MAX_BYTES:,} are the most.")
    # Counting is cheap and mostly enough: what has few brackets cannot be deep, what has few colons cannot have many keys.
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH and _depth(raw) > MAX_DEPTH:
        return Refused(raw, f"The event is nested more than {MAX_DEPTH} deep.")
    return None


def check_keys(raw: bytes, properties: dict) -> Refused | None:
    """Why the properties are too many; None where they are not."""
    if len(raw) > 4 * MAX_KEYS and raw.count(b":") > MAX_KEYS and _count_keys(properties) > MAX_KEYS:
        return Refused(raw, f"The event has more than {MAX_KEYS:,} keys.", "properties")
    return None


def _depth(raw: bytes) -> int:
    """How deep brackets are nested outside of strings."""
    depth = deepest = 0
    is_text = is_escaped = False
    for byte in raw:
        if is_text:
            is_text = is_escaped or byte != 0x22
            is_escaped = byte == 0x5C and not is_escaped
        elif byte == 0x22:
            is_text = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _count_keys(value) -> int:
    if isinstance(value, dict):
        return len(value) + sum(map(_count_keys, value.values()))
    return sum(map(_count_keys, value)) if isinstance(value, list) else 0
