"""Rates, trends and differences between groups of every question, and who was asked."""

from __future__ import annotations

from upwell.evidence.brief import grids
from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.front import rate
from upwell.evidence.brief.model import (
    Block,
    Figure,
    Grid,
    Line,
    Marked,
    Paragraph,
    Point,
    RunKind,
    Section,
    Sentence,
    Subheading,
)
from upwell.evidence.brief.words import said, within
from upwell.evidence.disclosure.release import QuestionText, Table

GAP_NUMBERS: tuple[tuple[str, RunKind], ...] = (("ratio", "ratio"), ("difference", "points"))


MOST_IN_FIGURE = 12
"""More differences than these make no picture that says anything: the table alone tells them."""


def rates(quoter: Quoter) -> tuple[Section, ...]:
    """All questions in one table, then a section for each."""
    overview = _overview(quoter)
    return (*((overview,) if overview else ()), *(_question(quoter, each) for each in quoter.release.questions))


def _overview(quoter: Quoter) -> Section | None:
    words, tables = quoter.words, quoter.of("headline")
    lines: list[Line] = []
    notes: list[Sentence] = [words.say("note.interval")]
    for table in tables:
        grid = grids.split_grid(quoter, table, words.say("rates.caption"))
        label = (quoter.asked(quoter.questions[table.question], "words")["words"],)
        lines += [Line(label, line.cells, line.known, line.bar) for line in grid.lines[:1]]
        notes += [note for note in grid.notes if note not in notes]
    if not lines:
        return None
    head = tuple(words.plain(f"label.{name}") for name in ("question", "share", "counts", "interval"))
    ids = tuple(table.id for table in tables)
    grid = Grid(words.say("rates.caption"), head, tuple(lines), ids, tuple(notes), bars=True)
    blocks = (Paragraph(words.say("rates.intro")), grid)
    return Section("rates", words.say("rates.heading"), blocks, words.plain("rates.kicker"), page=True)


def _question(quoter: Quoter, question: QuestionText) -> Section:
    words = quoter.words
    known = rate(quoter, question) or words.say("rates.rate_withheld")
    blocks: list[Block] = [
        Paragraph(known, "lead"),
        Paragraph(words.say("rates.asked_of", **quoter.asked(question, "asked_of")), "quiet"),
    ]
    if question.cannot_tell:
        blocks.append(Paragraph(words.say("rates.cannot_tell", **quoter.asked(question, "cannot_tell")), "quiet"))
    for table in quoter.of("series", question.name):
        blocks += _series(quoter, table, question) if _tells(quoter, table) else _untold(quoter, table)
    groups = sorted(quoter.of("by", question.name), key=lambda table: not _tells(quoter, table))
    for table in groups:  # those without any share that may be shown come last, a line each
        blocks += _by(quoter, table, question) if _tells(quoter, table) else _untold(quoter, table)
    for table in quoter.of("coverage", question.name):
        blocks += _coverage(quoter, table, question)
    heading = (quoter.asked(question, "words")["words"],)
    return Section(f"question-{question.name}", heading, tuple(blocks), words.plain("rates.question_kicker"))


def _titled(quoter: Quoter, table: Table, text: Sentence) -> Subheading:
    return Subheading(text, f"heading-{table.id}")


def _tells(quoter: Quoter, table: Table) -> bool:
    """Whether any share above none may be shown; a table without one stays in the package and out of the way."""
    return any(quoter.value(table.id, row) for row in range(len(table.rows)))


def _untold(quoter: Quoter, table: Table) -> list[Block]:
    ident = quoter.said(f"table:{table.id}:id", table.id)
    column = quoter.said(f"table:{table.id}:column", table.column)
    return [Paragraph(quoter.words.say(f"withheld_table.{table.kind}", column=column, id=ident), "quiet")]


def _series(quoter: Quoter, table: Table, question: QuestionText) -> list[Block]:
    words, name = quoter.words, quoter.asked(question, "words")["words"]
    caption = words.say("rates.caption_series", question=name, steps=words.choose("steps", table.steps))
    figure = grids.line_figure(quoter, table, question)
    heading = _titled(quoter, table, words.say("rates.series"))
    return [heading, *([figure] if figure else []), grids.split_grid(quoter, table, caption)]


def _by(quoter: Quoter, table: Table, question: QuestionText) -> list[Block]:
    words, column = quoter.words, quoter.said(f"table:{table.id}:column", table.column)
    name = quoter.asked(question, "words")["words"]
    caption = words.say("rates.caption_by", question=name, column=column)
    return [_titled(quoter, table, words.say("rates.by", column=column)), grids.split_grid(quoter, table, caption)]


def _coverage(quoter: Quoter, table: Table, question: QuestionText) -> list[Block]:
    words, name = quoter.words, quoter.asked(question, "words")["words"]
    heading = _titled(quoter, table, words.say("rates.coverage"))
    grid = grids.count_grid(quoter, table, words.say("rates.caption_coverage", question=name))
    return [heading, *_quality(quoter, table, question), grid]


def _quality(quoter: Quoter, table: Table, question: QuestionText) -> list[Block]:
    """How many could be asked and why others could not. The headline tells who was asked, coverage who was not."""
    words = quoter.words
    headlines = quoter.of("headline", question.name)
    if not headlines or headlines[0].rows[0].persons is None:
        return [Paragraph(words.say("rates.quality_withheld"))]
    reasons = [
        words.say(
            "rates.reason",
            persons=quoter.count(table.id, row, "persons"),
            reason=within(quoter.label(table.id, row)),
        )
        for row, line in enumerate(table.rows)
        if not line.known and line.persons != 0
    ]
    asked = quoter.count(headlines[0].id, 0, "persons")
    return (
        [Paragraph(words.say("rates.quality", asked=asked, reasons=words.joined(reasons, "and_next")))]
        if reasons
        else []
    )


def gaps(quoter: Quoter) -> Section:
    """Differences between groups, each with its reference, ratio and difference together, in the records' order."""
    words, release = quoter.words, quoter.release
    heading, kicker = words.say("gaps.heading"), words.plain("gaps.kicker")
    if not release.gaps:
        return Section("gaps", heading, (Paragraph(words.say("gaps.none")),), kicker, page=True)
    names = ("question", "group", "reference", "ratio", "difference", "holds")
    head = tuple(words.plain(f"label.{name}") for name in names)
    ids = tuple(dict.fromkeys(gap.table for gap in release.gaps))
    lines = tuple(_gap(quoter, number) for number in range(len(release.gaps)))
    grid = Grid(words.say("gaps.caption"), head, lines, ids)
    blocks = (Paragraph(words.say("gaps.intro")), *_gap_figure(quoter, ids), grid)
    return Section("gaps", heading, blocks, kicker, page=True)


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
        words.say("gaps.holds" if gap.holds else "gaps.not"),
    )
    return Line(_gap_question(quoter, quoter.tables[gap.table]), cells)


def _with_interval(quoter: Quoter, number: int, name: str, kind: RunKind) -> Sentence:
    ends = {end: quoter.gap(number, f"{name}.{end}", kind) for end in ("value", "low", "high")}
    return quoter.words.say("gaps.interval", **ends)


def _gap_figure(quoter: Quoter, ids: tuple[str, ...]) -> tuple[Block, ...]:
    words, marks = quoter.words, []
    for number, gap in enumerate(quoter.release.gaps):
        if gap.holds:
            label = quoter.label(gap.table, gap.group)
            text = (quoter.gap(number, "ratio.value", "ratio"),)
            name = quoter.label(gap.table, gap.reference)
            full = words.say(
                "gaps.label", group=label, reference=name, question=_gap_question(quoter, quoter.tables[gap.table])
            )
            marks.append(Point(full, text, gap.ratio.value, gap.ratio.low, gap.ratio.high))
    if not marks or len(marks) > MOST_IN_FIGURE:
        return ()
    spoken = words.joined([words.say("gaps.point", label=mark.label, ratio=mark.text) for mark in marks], "comma")
    return (
        Figure(
            "figure-gaps",
            "ratios",
            words.say("gaps.figure_title_plain"),
            words.say("gaps.figure_subtitle", source=quoter.source),
            said(words.say("gaps.figure_alt", points=spoken)),
            tuple(marks),
            Marked(expected=1.0),
            ids,
        ),
    )


def _served_caption(quoter: Quoter, table: Table) -> Sentence:
    if not table.column:
        return quoter.words.say("rates.caption_served", **quoter.period)
    column = quoter.said(f"table:{table.id}:column", table.column)
    return quoter.words.say("rates.caption_served_by", column=column, **quoter.period)


def served(quoter: Quoter) -> tuple[Section, ...]:
    """Who was served; no section where the release has no such table."""
    words, tables = quoter.words, quoter.of("served")
    grids_made = tuple(grids.count_grid(quoter, table, _served_caption(quoter, table)) for table in tables)
    if not grids_made:
        return ()
    return (Section("served", words.say("served.heading"), grids_made, words.plain("served.kicker")),)
