"""Sparklines as CSS masks: the shape travels as a data URI, the colour stays in the style sheet, so themes cost nothing."""

from collections.abc import Sequence
from urllib.parse import quote

from dash import html

WIDTH, HEIGHT = 120, 32


def sparkline(values: Sequence, className: str = ""):
    """A line with a faint area below, or an empty place for fewer than two known values or none but zeros.

    Give it complete buckets only: a day that is not over looks like a fall.
    """
    known = [float(value) for value in values if value is not None]
    if len(known) < 2 or not any(known):
        return html.Span(className=f"spark is-blank {className}".rstrip(), style={"visibility": "hidden"}, **{"aria-hidden": "true"})
    mask = f'url("data:image/svg+xml,{quote(_svg(known))}")'
    return html.Span(className=f"spark {className}".rstrip(), style={"maskImage": mask, "WebkitMaskImage": mask}, **{"aria-hidden": "true"})


def _svg(values: list[float]) -> str:
    low, high = min(values), max(values)
    points = [(i * WIDTH / (len(values) - 1), 3 + (HEIGHT - 6) * (1 - (v - low) / ((high - low) or 1))) for i, v in enumerate(values)]
    line = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">'
        f'<path d="{line} L{WIDTH} {HEIGHT} L0 {HEIGHT}Z" opacity=".1"/>'
        f'<path d="{line}" fill="none" stroke="#000" stroke-width="1.5" vector-effect="non-scaling-stroke"/></svg>'
    )
