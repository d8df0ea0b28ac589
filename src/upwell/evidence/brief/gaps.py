"""Differences between groups: ratio and difference together, each with what it is compared with; nobody is ranked."""

from __future__ import annotations

from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.model import Block, Figure, Grid, Line, Marked, Paragraph, Point, RunKind, Section, Sentence
from upwell.evidence.brief.words import said
from upwell.evidence.disclosure.release import Table

GAP_NUMBERS: tuple[tuple[str, RunKind], ...] = (("ratio", "ratio"), ("difference", "points"))

MOST_IN_FIGURE = 12
"""More differences than these make no picture that says anything: the table alone tells them."""


def gaps(quoter: Quoter) -> Section:
    """Differences that stand, and folded under them those that may be chance; each in the records' order."""
    words, compared = quoter.words, quoter.release.gaps
    heading, kicker = words.say("gaps.heading"), words.plain("gaps.kicker")
    if not compared:
        return Section("gaps", heading, (Paragraph(words.say("gaps.none")),), kicker, page=True)
    standing = [number for number, gap in enumerate(compared) if gap.holds]
    chance = [number for number, gap in enumerate(compared) if not gap.holds]
    blocks: list[Block] = [Paragraph(words.say("gaps.intro"))]
    if standing:
        blocks += [*_figure(quoter, standing), _grid(quoter, standing, "holds")]
    else:
        blocks.append(Paragraph(words.say("gaps.none_holds")))
    if chance:
        blocks.append(_grid(quoter, chance, "chance", folded=True))
    return Section("gaps", heading, tuple(blocks), kicker, page=True)


def _grid(quoter: Quoter, numbers: list[int], key: str, *, folded: bool = False) -> Grid:
    names = ("question", "group", "reference", "ratio", "difference")
    head = tuple(quoter.words.plain(f"label.{name}") for name in names)
    lines = tuple(_gap(quoter, number) for number in numbers)
    caption = quoter.words.say(f"gaps.caption_{key}")
    return Grid(caption, head, lines, _tables(quoter, numbers), folded=folded)


def _tables(quoter: Quoter, numbers: list[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(quoter.release.gaps[number].table for number in numbers))


def _gap_question(quoter: Quoter, table: Table) -> Sentence:
    name = quoter.asked(quoter.questions[table.question], "words")["words"]
    column = quoter.said(f"table:{table.id}:column", table.column)
    return quoter.words.say("gaps.question", question=name, column=column)


def _gap(quoter: Quoter, number: int) -> Line:
    words, gap = quoter.words, quoter.release.gaps[number]
    why = quoter.said(f"gap:{number}:why", gap.why)
    reference = words.say("gaps.reference", reference=quoter.label(gap.table, gap.reference), why=why)
    ratio, difference = (_with_interval(quoter, number, name, kind) for name, kind in GAP_NUMBERS)
    cells = (
        (quoter.label(gap.table, gap.group),),
        reference,
        ratio,
        difference,
    )
    return Line(_gap_question(quoter, quoter.tables[gap.table]), cells)


def _with_interval(quoter: Quoter, number: int, name: str, kind: RunKind) -> Sentence:
    ends = {end: quoter.gap(number, f"{name}.{end}", kind) for end in ("value", "low", "high")}
    return quoter.words.say("gaps.interval", **ends)


def _figure(quoter: Quoter, numbers: list[int]) -> tuple[Block, ...]:
    words = quoter.words
    if len(numbers) > MOST_IN_FIGURE:
        return ()
    marks = tuple(_mark(quoter, number) for number in numbers)
    spoken = words.joined([words.say("gaps.point", label=mark.label, ratio=mark.text) for mark in marks], "comma")
    return (
        Figure(
            "figure-gaps",
            "ratios",
            words.say("gaps.figure_title"),
            words.say("gaps.figure_subtitle", source=quoter.source),
            said(words.say("gaps.figure_alt", points=spoken)),
            marks,
            Marked(expected=1.0),
            _tables(quoter, numbers),
        ),
    )


def _mark(quoter: Quoter, number: int) -> Point:
    gap = quoter.release.gaps[number]
    label = quoter.words.say(
        "gaps.label",
        group=quoter.label(gap.table, gap.group),
        reference=quoter.label(gap.table, gap.reference),
        question=_gap_question(quoter, quoter.tables[gap.table]),
    )
    text = (quoter.gap(number, "ratio.value", "ratio"),)
    return Point(label, text, gap.ratio.value, gap.ratio.low, gap.ratio.high)
