"""Sentences about numbers: they say what was counted and how much, and name no cause that was not."""

from analytics import numbers
from analytics.funnel import Reached

UNITS = {"session": ("session", "sessions"), "visitor": ("visitor", "visitors"), "person": ("person", "persons")}


def drop_off(step: Reached, next_label: str, unit: str, reason: tuple[str, int, float] | None, currency: str) -> str:
    """What those did who left at a step, in one to three sentences; `reason` is the most frequent one: (words, count, share)."""
    if not step.left:
        return f"Nobody left between {step.label} and {next_label}."
    whole = f"{step.left:,} of {count(step.count, unit)} ({share(step.left_share)})"
    sentences = [f"{whole} left after {step.label} and did not reach {next_label}."]
    if reason:
        words, number, part = reason
        sentences.append(f"The most frequent last sign, with {number:,} of them ({share(part)}): {words[0].lower()}{words[1:]}.")
    if step.revenue_lost:
        sentences.append(f"At their peers' rate they would have brought {currency} {numbers.cents(step.revenue_lost):,}.")
    return " ".join(sentences)


def count(number: int, unit: str) -> str:
    """`1 session`, `1,204 sessions`."""
    one, many = UNITS[unit]
    return f"{number:,} {one if number == 1 else many}"


def share(value: float | None) -> str:
    """`12.5%`; a dash where it is unknown."""
    return "–" if value is None else f"{value:.1%}"
