"""Equal rows are told apart by number, in any batches."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from actions.upload_repeats import Distinct, Repeats, hashes


@given(st.lists(st.lists(st.integers(0, 9), max_size=20), max_size=30))
def test_each_key_gets_the_number_of_equal_ones_before_it(batches):
    repeats, seen = Repeats(), Counter()
    for batch in batches:
        expected = []
        for key in batch:
            expected.append(seen[key])
            seen[key] += 1
        assert repeats.number(np.array(batch, np.int64)).tolist() == expected


def test_distinct_counts_each_text_once():
    distinct = Distinct()
    for texts in (["a", "b", "a"], [], ["b", "c"]):
        distinct.add(texts)

    assert distinct.count == 3


def test_hashes_of_equal_texts_are_equal():
    assert hashes(["x", "y", "x"]).tolist() == [hash("x"), hash("y"), hash("x")]
