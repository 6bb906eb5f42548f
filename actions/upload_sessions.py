"""Sessions for the events of a file that names none: 30 minutes without an event end one. Sorted on disk, so any size will do."""

import heapq
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec

from actions import event_schema
from actions.event_schema import Event

GAP_MS = 30 * 60 * 1000
RUN = 50_000  # events that are sorted in memory at a time
FRAME = 4  # bytes of a length

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Event).decode


class Sessions:
    """Takes events without a session in any order, and gives them back by visitor and time, each with its session."""

    def __init__(self, tenant: str, folder: str):
        self._tenant = tenant
        self._folder = Path(folder)
        self._runs: list[Path] = []
        self._held: list[Event] = []

    def add(self, events: list[Event]) -> None:
        """Remember these events."""
        self._held += events
        if len(self._held) >= RUN:
            self._spill()

    def sorted(self) -> Iterator[Event]:
        """All events added, each with its session's id. The same file gives the same ids."""
        self._held.sort(key=_place)
        merged = heapq.merge(*map(_read, self._runs), self._held, key=_place)
        visitor, last, session = None, 0, ""
        for event in merged:
            if event.visitor_id != visitor or event.timestamp - last > GAP_MS:
                session = event_schema.event_uuid(self._tenant, f"session\0{event.visitor_id}\0{event.timestamp}").hex()
            visitor, last = event.visitor_id, event.timestamp
            event.session_id = session
            yield event

    def batches(self, size: int) -> Iterator[list[Event]]:
        """The same, `size` at a time."""
        found = self.sorted()
        while batch := list(islice(found, size)):
            yield batch

    def _spill(self) -> None:
        self._held.sort(key=_place)
        run = self._folder / f"{len(self._runs)}.events"
        with run.open("wb") as file:
            for event in self._held:
                raw = _encode(event)
                file.write(len(raw).to_bytes(FRAME) + raw)
        self._runs.append(run)
        self._held = []


def _place(event: Event) -> tuple[str, int, int]:
    return event.visitor_id, event.timestamp, event.seq


def _read(run: Path) -> Iterator[Event]:
    with run.open("rb") as file:
        while length := file.read(FRAME):
            yield _decode(file.read(int.from_bytes(length)))
