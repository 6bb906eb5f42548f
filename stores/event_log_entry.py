"""An entry as it comes out of the event log, whichever log it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Delivery:
    """One entry and where it lies."""

    position: str
    body: bytes
    size: int  # events or lines in it
