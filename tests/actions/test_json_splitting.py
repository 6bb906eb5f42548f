"""Neighbours of an event that is no JSON survive."""

from actions.json_splitting import elements


def test_broken_elements_are_cut_out_whole():
    body = b'{"sent_at": 5, "events": [{"a": NaN}, {"b": "\\ud800 ]}"} , {"c": [1, {"d": 2}]}], "z": 1}'
    assert elements(body, "events") == [b'{"a": NaN}', b'{"b": "\\ud800 ]}"}', b'{"c": [1, {"d": 2}]}']


def test_the_list_is_found_by_its_key_at_the_top_only():
    body = b'{"events2": [1], "x": {"events": [2]}, "y": "events", "events": [3, 4]}'
    assert elements(body, "events") == [b"3", b"4"]


def test_an_empty_list_has_no_elements():
    assert elements(b'{"events": [ ]}', "events") == []


def test_what_is_not_closed_or_not_there_is_none():
    assert elements(b'{"events": [{"a": 1}', "events") is None
    assert elements(b'{"other": [1]}', "events") is None
    assert elements(b"", "events") is None
    assert elements(b'[{"events": [1]}]', "events") is None


def test_very_deep_elements_are_one_element():
    assert [len(found) for found in elements(b'{"events":[' + b"[" * 10_000 + b"]" * 10_000 + b",1]}", "events")] == [20_000, 1]
