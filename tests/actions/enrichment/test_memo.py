"""Answers are worked out once, and memory is bounded."""

from actions.enrichment.memo import Memo


def test_an_answer_is_worked_out_once_until_there_are_too_many():
    asked = []
    memo = Memo(lambda question: asked.append(question) or question * 2, limit=2)
    assert [memo[1], memo[1], memo[2], memo[3], memo[1]] == [2, 2, 4, 6, 2]
    assert (asked, len(memo)) == ([1, 2, 3, 1], 2)
