"""Are the colours readable, and can they be told apart?

Contrast: WCAG 2. Colour vision: Machado, Oliveira & Fernandes 2009, severity 1.0, in linear RGB. Distance: Euclidean in OKLab, times 100.
"""

import itertools

import numpy as np
import pytest

from dashboard import theme, tokens

SIGHT = {
    "usual": np.eye(3),
    "protan": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deutan": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritan": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}
TO_LMS = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]]
)
TO_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]]
)
# (text, ground, least contrast): 4.5 for text, 3 for marks, icons and the edges of fields.
PAIRS = [(text, ground, 4.5) for text in ("ink", "ink-2", "ink-3", "accent") for ground in ("canvas", "surface", "sunken", "hover")]
PAIRS += [(status, ground, 4.5) for status in ("good", "warn", "bad", "info") for ground in ("surface", "canvas", f"{status}-soft")]
PAIRS += [("on-accent", "accent", 4.5), ("on-accent", "accent-hover", 4.5), ("accent", "accent-soft", 4.5), ("ink", "accent-soft", 4.5)]
PAIRS += [("ink", f"seq-{n}", 4.5) for n in range(1, 5)]  # numbers in a heat map
PAIRS += [("field", "surface", 3)] + [(f"series-{n}", "surface", 3) for n in range(1, 9)]


@pytest.mark.parametrize("name", tokens.THEMES)
def test_text_and_marks_have_contrast_enough(name):
    colours = tokens.THEMES[name]
    assert [pair for pair in PAIRS if contrast(colours[pair[0]], colours[pair[1]]) < pair[2]] == []


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("name", tokens.THEMES)
def test_series_are_told_apart_by_everybody(name, sight):
    series = tokens.series(name)
    assert closest(series, sight) >= 7.5
    assert closest(series[:4], sight) >= 13


def test_both_themes_name_the_same_colours():
    assert tokens.LIGHT.keys() == tokens.DARK.keys()


def test_every_colour_of_a_chart_has_one_partner_in_the_other_theme():
    light, dark = zip(*theme.PAIRS, strict=True)
    assert len(set(light)) == len(light)
    assert len(set(dark)) == len(dark)


def linear(colour):
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    low, high = sorted(linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def closest(colours, sight):
    seen = [TO_LAB @ np.cbrt(TO_LMS @ np.clip(SIGHT[sight] @ linear(colour), 0, 1)) for colour in colours]
    return min(100 * np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2))
