"""Too large, too deep, too many keys: said before the event is read."""

import json

from actions import event_limits


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


def test_an_event_of_ordinary_shape_is_fine():
    assert event_limits.check_shape(b'{"event_type":"a","properties":{"items":[{"id":1},{"id":2}]}}') is None


def test_twenty_levels_are_fine_and_one_more_is_not():
    assert event_limits.check_shape(nested(20)) is None
    assert event_limits.check_shape(nested(21)).reason == "The event is nested more than 20 deep."


def test_brackets_in_texts_and_side_by_side_are_not_deep():
    assert event_limits.check_shape(json.dumps({"a": '[[{"\\' * 50, "b": [[1]] * 100}).encode()) is None


def test_the_size_is_said():
    assert event_limits.check_shape(b"x" * 65_537).reason == "The event has 65,537 bytes; 65,536 are the most."


def test_keys_are_counted_at_every_level():
    properties = {"list": [{str(n): n} for n in range(1_000)]}
    raw = json.dumps(properties).encode()
    assert event_limits.check_keys(raw, properties).reason == "The event has more than 1,000 keys."
    assert event_limits.check_keys(raw, {"list": [": : :" * 1000]}) is None
