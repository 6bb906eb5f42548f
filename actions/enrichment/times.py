"""When an event happened, if its sender's clock is off."""

from datetime import UTC, datetime

import numpy as np

DRIFT_MS = 60_000  # a clock that is off by less is left alone
AHEAD_MS = 24 * 3_600_000  # what is further ahead did not happen yet
FIRST_MS = 0  # nothing is older than 1970: the store cannot hold it
LAST_MS = 4_102_444_800_000  # 2100


def corrected(timestamp: int | None, sent_at: int | None, received_at: int) -> int:
    """The time of one event in ms; the same rule as `corrected_all`."""
    if timestamp is None:
        return received_at
    if sent_at is not None and abs(received_at - sent_at) >= DRIFT_MS:
        timestamp += received_at - sent_at
    return received_at if timestamp > received_at + AHEAD_MS or timestamp < FIRST_MS else timestamp


def corrected_all(
    timestamp: np.ndarray, is_given: np.ndarray, sent_at: np.ndarray, is_sent: np.ndarray, received_at: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The times in ms, and their flags: 0 as sent, 1 corrected by sent_at, 2 more than a day ahead and so taken as received."""
    drift = received_at - sent_at
    is_off = is_given & is_sent & (np.abs(drift) >= DRIFT_MS)
    times = np.where(is_given, timestamp + np.where(is_off, drift, 0), received_at)
    is_ahead = (times > received_at + AHEAD_MS) | (times < FIRST_MS)
    return np.where(is_ahead, received_at, times), np.where(is_ahead, 2, is_off.astype(np.int8))


FLAGS = ("", "corrected", "future")


def parse(value: str | int | float | None) -> int | None:
    """The ms since 1970 UTC of an ISO 8601 text (without a zone it is UTC) or of epoch seconds, milliseconds, microseconds or nanoseconds.

    None where it cannot be read or lies outside 1970..2100.
    """
    moment = _epoch_ms(value) if isinstance(value, int | float) else _text_ms(value)
    return moment if moment is not None and FIRST_MS <= moment < LAST_MS else None


def _text_ms(text: str | None) -> int | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return _epoch_ms(float(text)) if text.strip().replace(".", "", 1).isdigit() and len(text) < 25 else None
    # Not timestamp(): it rounds through a float and a date of year 1 overflows in it.
    delta = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _epoch_ms(number: float) -> int | None:
    if not 0 <= number < 1e19:
        return None
    for limit, factor in ((1e11, 1000), (1e14, 1), (1e17, 1e-3)):
        if number < limit:
            return int(number * factor)
    return int(number * 1e-6)
