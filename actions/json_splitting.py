"""Takes a broken batch apart, so that one event that is no JSON does not take its neighbours with it."""

import re

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}:,]', re.DOTALL)


def elements(body: bytes, name: str) -> list[bytes] | None:
    """The raw elements of the list `name` in the JSON object `body`; None where there is no such list or the brackets do not match.

    It looks at strings and brackets only: what is inside an element may be anything.
    """
    depth, key, found, start = 0, b"", None, 0
    wanted = b'"' + name.encode() + b'"'
    for token in _TOKEN.finditer(body):
        text = token[0]
        if text in b"[{":
            depth += 1
            if depth == 2 and text == b"[" and key == wanted and found is None:
                found, start = [], token.end()
        elif text in b"]}":
            if depth == 2 and isinstance(found, list):
                _keep(found, body[start : token.start()])
                return found
            depth -= 1
            if depth < 1:
                return None
        elif text == b"," and depth == 2 and found is not None:
            _keep(found, body[start : token.start()])
            start = token.end()
        elif depth == 1 and text[:1] == b'"':
            key = text
    return None


def _keep(found: list[bytes], element: bytes) -> None:
    if element.strip():
        found.append(element.strip())
