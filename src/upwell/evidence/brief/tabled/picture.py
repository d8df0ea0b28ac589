"""One picture of what was withheld: a bar a table, shown numbers dark. Colours are the brief's, so the page darkens."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

WIDTH, STEP, BAR, LEFT, RIGHT = 540, 24, 10, 250, 76
MOST_LETTERS = 40
SHOWN, WITHHELD, WORDS, QUIET = "#0b4f6c", "#dcded9", "#1b2a33", "#5a6670"


@dataclass(frozen=True)
class Share:
    """One table: its name, how many of its numbers are shown, and how many it has."""

    name: str
    shown: int
    many: int


def bars(shares: tuple[Share, ...]) -> str:
    """The picture as SVG, without any name or id of its own: the figure around it says in words what it shows."""
    height = STEP * len(shares) + 4
    rows = "".join(_bar(share, STEP * at) for at, share in enumerate(shares))
    return f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" font-size="12">{rows}</svg>'


def _bar(share: Share, top: int) -> str:
    across = WIDTH - LEFT - RIGHT
    shown = across * share.shown / share.many if share.many else 0.0
    middle, edge = top + STEP / 2 + 4, top + (STEP - BAR) / 2
    return (
        f'<text x="{LEFT - 10}" y="{middle:.0f}" text-anchor="end" fill="{WORDS}">{escape(_short(share.name))}</text>'
        f'<rect x="{LEFT}" y="{edge:.0f}" width="{across}" height="{BAR}" fill="{WITHHELD}"/>'
        f'<rect x="{LEFT}" y="{edge:.0f}" width="{shown:.1f}" height="{BAR}" fill="{SHOWN}"/>'
        f'<text x="{WIDTH}" y="{middle:.0f}" text-anchor="end" fill="{QUIET}">{share.shown:,} of {share.many:,}</text>'
    )


def _short(name: str) -> str:
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1]}…"
