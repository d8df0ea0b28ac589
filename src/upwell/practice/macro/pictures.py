"""Pictures of numbers that stand in a table beside them: small SVG made here, from the same figures, without styles.

Colours come from the classes of the style sheet, so that they hold in dark pages and in print; a shape or a word
always goes with them. Text inside is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, LEFT, RIGHT = 360, 8, 346
ROW, HEAD, FOOT = 44, 6, 24
AXIS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Dot:
    """A share with its interval, each 0..1. words: what stands above it. expected: a thin line, None where unknown.

    role: "deep" for the finding, "stone" for what it is compared with.
    """

    words: str
    share: float
    low: float
    high: float
    expected: float | None = None
    role: str = "deep"


def dots(rows: Sequence[Dot], alt: str) -> SafeString:
    """Shares as dots with their intervals on one axis, 0 to 100 %; "" for no rows. alt: the same in words."""
    if not rows:
        return SafeString("")
    height = HEAD + ROW * len(rows) + FOOT
    return _svg(height, alt, format_html("{}{}", _axis(len(rows)), _each(_row(row, i) for i, row in enumerate(rows))))


def stages(total: int, at: int, been: Sequence[int], alt: str) -> SafeString:
    """The line of stages: a full mark where the issue is, ringed marks where it has been. at, been: from 0.

    total: how many stages there are, 2 or more.
    """
    gap = (RIGHT - LEFT - 16) / (total - 1)
    xs = [LEFT + 8 + gap * number for number in range(total)]
    marks = _each(
        _mark(x, "at" if number == at else "been" if number in been else "ahead") for number, x in enumerate(xs)
    )
    line = format_html(
        '<path class="stone" d="M{} 16H{}" stroke="currentColor" stroke-width="2"/>', _n(xs[0]), _n(xs[-1])
    )
    return _svg(32, alt, format_html("{}{}", line, marks))


def _svg(height: int, alt: str, inside: SafeString) -> SafeString:
    return format_html(
        '<svg class="picture" role="img" aria-label="{}" viewBox="0 0 {} {}" xmlns="http://www.w3.org/2000/svg">{}</svg>',
        alt,
        WIDTH,
        height,
        inside,
    )


def _each(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")  # never a comma, whatever the language


def _x(share: float) -> str:
    return _n(LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, share)))


def _axis(rows: int) -> SafeString:
    """Thin lines at the quarters, broken where words stand, and their percentages below."""
    tops = [HEAD + ROW * number + 20 for number in range(rows)]
    down = "".join(f"V{top + ROW - 22}M{{0}} {top + ROW}" for top in tops).removesuffix(f"M{{0}} {tops[-1] + ROW}")
    ticks = [(_x(tick), HEAD + ROW * rows + 14, _anchor(tick), f"{tick * 100:.0f}\u00a0%") for tick in AXIS]
    return format_html_join(
        "",
        f'<path class="faint" d="M{{0}} {tops[0]}{down}" stroke="currentColor" stroke-width="1"/>'
        '<text class="stone" x="{0}" y="{1}" font-size="11" text-anchor="{2}" fill="currentColor">{3}</text>',
        ticks,
    )


def _anchor(tick: float) -> str:
    return "start" if tick == 0 else "end" if tick == 1 else "middle"


def _row(row: Dot, number: int) -> SafeString:
    top = HEAD + ROW * number
    middle = top + 30
    colour = "deep" if row.role == "deep" else "stone"
    shape = "circle" if row.role == "deep" else "square"
    return format_html(
        '<text class="ink" x="{}" y="{}" font-size="12" fill="currentColor">{}</text>{}'
        '<path class="{}" d="M{} {}H{}" stroke="currentColor" stroke-width="3"/>{}',
        LEFT,
        top + 14,
        row.words,
        _expected(row.expected, middle),
        colour,
        _x(row.low),
        middle,
        _x(row.high),
        _point(shape, colour, _x(row.share), middle),
    )


def _expected(share: float | None, middle: int) -> SafeString:
    if share is None:
        return SafeString("")
    return format_html(
        '<path class="stone" d="M{} {}V{}" stroke="currentColor" stroke-width="2" stroke-dasharray="4 2"/>',
        _x(share),
        middle - 10,
        middle + 10,
    )


def _point(shape: str, colour: str, x: str, y: int) -> SafeString:
    if shape == "circle":
        return format_html('<circle class="{}" cx="{}" cy="{}" r="6" fill="currentColor"/>', colour, x, y)
    corner = _n(float(x) - 5)
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="10" height="10" fill="currentColor"/>', colour, corner, y - 5
    )


def _mark(x: float, kind: str) -> SafeString:
    if kind == "at":
        return format_html('<circle class="deep" cx="{}" cy="16" r="10" fill="currentColor"/>', _n(x))
    ring = 3 if kind == "been" else 1
    return format_html(
        '<g class="{}"><circle class="ground" cx="{}" cy="16" r="7" stroke="currentColor" stroke-width="{}"/></g>',
        "deep" if kind == "been" else "stone",
        _n(x),
        ring,
    )
