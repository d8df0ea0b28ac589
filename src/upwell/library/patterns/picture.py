"""A picture of a finding, from the same numbers, drawn as the brief draws."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from upwell.evidence.brief import charts
from upwell.evidence.brief.intervals import wilson
from upwell.evidence.brief.model import Figure, Marked, Point, Run
from upwell.evidence.errors import EvidenceError

if TYPE_CHECKING:
    from upwell.library.patterns.found import Pattern

FOOT = "Not protected: exact counts, for the case team alone."
MOST_STEPS = 12
LETTERS = 52


@dataclass(frozen=True, repr=False)
class Picture:
    """svg: the drawing. alt: the same in words, for who cannot see it."""

    svg: str
    alt: str

    def save(self, path: str | Path) -> Path:
        """Write it as .svg or .png. Raises EvidenceError for another ending."""
        path = Path(path)
        if path.suffix == ".svg":
            path.write_text(self.svg, encoding="utf-8")
        elif path.suffix == ".png":
            import vl_convert  # noqa: PLC0415 - slow to start: only when a picture is drawn

            path.write_bytes(vl_convert.svg_to_png(self.svg, scale=2))
        else:
            raise EvidenceError(
                f"A picture is saved as .svg or .png, not as {path.suffix or 'a name without ending'!r}."
            )
        return path

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        """That it is not protected; no count."""
        return "Picture(NOT PROTECTED: exact counts, for the case team alone; save(path) writes it)"


def of_pattern(found: Pattern, over: str) -> Picture:
    """Bars of the group and everyone else, or a line over months, with the expectation."""
    if over not in ("group", "months"):
        raise EvidenceError("A picture goes over 'group' or over 'months'.")
    if over == "months" and not found.months:
        raise EvidenceError("There are no months to draw: give month= to find_patterns.")
    figure = _bars(found) if over == "group" else _line(found)
    spec = charts.spec(figure)
    spec["title"] = {
        "text": textwrap.wrap(_text(figure.title), LETTERS),
        "subtitle": [*textwrap.wrap(_text(figure.subtitle), LETTERS + 8), FOOT],
        "anchor": "start",
        "frame": "group",
        "offset": 24,
        "color": charts.INK,
        "subtitleColor": charts.STONE,
        "font": "Inter",
        "subtitleFont": "Inter",
    }
    spec["background"] = charts.PAPER
    return Picture(charts.svg(spec), _text(figure.alt))


def _bars(found: Pattern) -> Figure:
    inside = _point("In the group", found.yes, found.persons, "finding")
    outside = _point("Everyone else", found.elsewhere_yes, found.elsewhere_persons, "comparison")
    points = (inside, outside) if found.elsewhere_persons else (inside,)
    title = f"{_percent(found.share)} in the group, {_percent(found.expected_share)} expected"
    alt = f"Bars from zero. {'. '.join(f'{_text(p.label)}: {_text(p.text)}' for p in points)}. "
    alt += f"A thin line marks what was expected, {_percent(found.expected_share)}."
    return Figure("finding", "bars", _run(title), _subtitle(found), _run(alt), points, _expected(found), ())


def _line(found: Pattern) -> Figure:
    step = ceil(len(found.months) / MOST_STEPS)
    parts = [found.months[at : at + step] for at in range(0, len(found.months), step)]
    asked = [part for part in parts if sum(month[1] for month in part)]
    points = tuple(
        _point(
            _between(part[0][0], part[-1][0]), sum(m[2] for m in part), sum(m[1] for m in part), "finding",
            month=parts.index(part) * step,
        )
        for part in asked
    )  # fmt: skip
    title = f"Over time: {_text(points[0].text)} at first, {_text(points[-1].text)} at last"
    alt = f"Line from zero. {'. '.join(f'{_text(p.label)}: {_text(p.text)}' for p in points)}."
    return Figure("finding", "line", _run(title), _subtitle(found), _run(alt), points, _begun(found), ())


def _begun(found: Pattern) -> Marked:
    at = {month[0]: number for number, month in enumerate(found.months)}
    expected = _expected(found)
    if found.onset is None:
        return expected
    return Marked(
        expected.expected,
        expected.expected_text,
        at.get(found.onset),
        None if found.onset_low is None else at.get(found.onset_low),
        None if found.onset_high is None else at.get(found.onset_high),
        _run(f"begins {found.onset}"),
    )


def _expected(found: Pattern) -> Marked:
    return Marked(found.expected_share, _run(f"expected {_percent(found.expected_share)}"))


def _point(label: str, yes: int, persons: int, role: str, month: int | None = None) -> Point:
    low, high = wilson(yes, persons)
    share = yes / persons
    words = f"{_percent(share)}, {yes:,} of {persons:,}" if month is None else _percent(share)
    return Point(_run(label), _run(words), share, low, high, role, month)


def _between(first: str | int, last: str | int) -> str:
    return str(first) if first == last else f"{first} to {last}"


def _subtitle(found: Pattern) -> tuple[Run, ...]:
    return _run(f"Share who {found.happened}, with 95 % interval. {found.group}")


def _percent(share: float) -> str:
    return f"{share * 100:.0f}\u00a0%"


def _run(words: str) -> tuple[Run, ...]:
    return (Run(words),)


def _text(sentence: tuple[Run, ...]) -> str:
    return "".join(run.text for run in sentence)
