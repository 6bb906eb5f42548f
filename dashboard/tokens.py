"""Which colours are there? Those of assets/theme.css, read from it, so that style sheet and charts cannot drift apart."""

import re
from pathlib import Path

ASSETS = Path(__file__).resolve().parent.parent / "assets"
_CSS = (ASSETS / "theme.css").read_text(encoding="utf-8")


def _block(theme: str) -> dict[str, str]:
    body = _CSS.split(f'html[data-bs-theme="{theme}"] {{\n')[1].split("\n}")[0]  # the first such block holds the colours
    return dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", body))


LIGHT = _block("light")
DARK = _block("dark")
THEMES = {"light": LIGHT, "dark": DARK}


def series(theme: str) -> list[str]:
    """The eight categorical colours, in the order in which charts use them."""
    return [THEMES[theme][f"series-{n}"] for n in range(1, 9)]


def sequential(theme: str) -> list[str]:
    """Six steps of petrol; more is further from the card's colour."""
    return [THEMES[theme][f"seq-{n}"] for n in range(1, 7)]


def diverging(theme: str) -> list[str]:
    """Five steps from petrol (for) to copper (against)."""
    return [THEMES[theme][f"div-{n}"] for n in range(1, 6)]
