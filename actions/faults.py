"""Faults on purpose, for the crash runs: a run that finds nothing wrong proves something only if it finds these."""

import os

import settings

# ECAP_TEST_FAULTS names some of them, separated by spaces. They are honoured in development only.
SKIP_ID_LOOKUP = "skip-id-lookup"  # the consumer stores every delivery
ANSWER_BEFORE_WRITE = "answer-before-write"  # /track answers, then writes to the log a little later
DIE_BEFORE_DONE = "die-before-done"  # the consumer is killed at times between its inserts and its acknowledgement
FAULTS = (SKIP_ID_LOOKUP, ANSWER_BEFORE_WRITE, DIE_BEFORE_DONE)


def is_on(fault: str) -> bool:
    """Whether this process runs with `fault`."""
    assert fault in FAULTS, f"unknown fault {fault}"
    return fault in os.environ.get("ECAP_TEST_FAULTS", "").split() and settings.current().is_development
