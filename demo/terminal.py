"""A progress bar for whoever started the server."""

import sys
import time
from typing import TextIO

WIDTH = 32
EVERY_S = 0.1


class Bar:
    """One line that fills up; where the output is no terminal, a line for each tenth."""

    def __init__(self, title: str, out: TextIO | None = None):
        self.title, self.out = title, out or sys.stderr
        self._shown_at, self._tenth, self._length = 0.0, -1, 0

    def show(self, share: float, message: str) -> None:
        """Draw `share` (0..1) with its words."""
        if self.out.isatty():
            if share >= 1 or time.monotonic() - self._shown_at >= EVERY_S:
                self._draw(share, message)
        elif int(share * 10) > self._tenth:
            self._tenth = int(share * 10)
            print(f"{self.title}: {share:4.0%}  {message}", file=self.out, flush=True)

    def close(self, message: str) -> None:
        """End the line."""
        if self.out.isatty():
            self._draw(1.0, message)
            print(file=self.out, flush=True)
        else:
            print(f"{self.title}: {message}", file=self.out, flush=True)

    def _draw(self, share: float, message: str) -> None:
        full = round(max(0.0, min(1.0, share)) * WIDTH)
        text = f"{self.title}  {'█' * full}{'░' * (WIDTH - full)} {share:4.0%}  {message}"
        # The rest of a longer line before this one is painted over.
        print(f"\r{text:<{self._length}}", end="", file=self.out, flush=True)
        self._length, self._shown_at = len(text), time.monotonic()
