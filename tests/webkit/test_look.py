"""Contrast of every pair of ink and ground, in light and dark: WCAG 2.2 AA (1.4.3: 4.5 to 1; 1.4.11: 3 to 1)."""

import re

import pytest

from hub.config import ROOT

HUES = ("waiting", "attention", "late", "done", "ended")
TEXT = [(f"{hue}-ink", ground) for hue in HUES for ground in (f"{hue}-ground", "surface", "ground")] + [
    (ink, ground) for ink in ("ink", "muted", "accent") for ground in ("surface", "ground", "accent-soft")
]
TEXT += [("on-accent", "accent"), ("on-accent", "accent-strong")]
EDGES = [("line-strong", "surface"), ("line-strong", "ground"), ("accent", "surface"), ("late-ink", "surface")]


def tokens() -> dict[str, dict[str, str]]:
    css = (ROOT / "hub/static/hub.css").read_text()
    light, dark = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    found = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in (light, dark)]
    return {"light": found[0], "dark": found[1]}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_readable(scheme, ink, ground):
    colours = tokens()[scheme]
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_controls_are_visible(scheme, edge, ground):
    colours = tokens()[scheme]
    assert contrast(colours[edge], colours[ground]) >= 3
