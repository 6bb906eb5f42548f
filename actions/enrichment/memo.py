"""A bounded memory of answers, for functions asked the same question a thousand times in a batch."""

from collections.abc import Callable, Hashable


class Memo(dict):
    """`memo[question]` is `answer(question)`, worked out once. At `limit` questions it forgets all: cheaper than finding the oldest."""

    def __init__(self, answer: Callable, limit: int = 50_000):
        super().__init__()
        self._answer, self._limit = answer, limit

    def __missing__(self, question: Hashable):
        if len(self) >= self._limit:
            self.clear()
        answer = self[question] = self._answer(question)
        return answer
