"""Every question in one table, then each with its rate, its trend and who could be counted; and who was served."""

from __future__ import annotations

from dataclasses import replace

from upwell.evidence.brief import grids
from upwell.evidence.brief.bygroup import tells
from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.front import rate
from upwell.evidence.brief.model import (
    Block,
    Grid,
    Line,
    Paragraph,
    Section,
    Sentence,
)
from upwell.evidence.brief.words import within
from upwell.evidence.disclosure.release import QuestionText, Table


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
    for table in quoter.of("coverage", question.name):
        blocks += _coverage(quoter, table, question)
    if question.cannot_tell:
        blocks.append(Paragraph(words.say("rates.cannot_tell", **quoter.asked(question, "cannot_tell")), "quiet"))
    for table in quoter.of("series", question.name):
        blocks += _series(quoter, table, question) if tells(quoter, table) else _untold(quoter, table)
    heading = (quoter.asked(question, "words")["words"],)
    return Section(f"question-{question.name}", heading, tuple(blocks), listed=False)


def _untold(quoter: Quoter, table: Table) -> list[Block]:
    ident = quoter.said(f"table:{table.id}:id", table.id)
    return [Paragraph(quoter.words.say("rates.untold_series", id=ident), "quiet")]


def _series(quoter: Quoter, table: Table, question: QuestionText) -> list[Block]:
    words, name = quoter.words, quoter.asked(question, "words")["words"]
    caption = words.say("rates.caption_series", question=name, steps=words.choose("steps", table.steps))
    figure = grids.line_figure(quoter, table, question)
    return [*([figure] if figure else []), grids.split_grid(quoter, table, caption)]


def _coverage(quoter: Quoter, table: Table, question: QuestionText) -> list[Block]:
    """Who could be counted: in a sentence, and the table of the same numbers folded under it."""
    grid = grids.count_grid(quoter, table, quoter.words.say("rates.caption_coverage"))
    return [Paragraph(_counted(quoter, table, question), "quiet"), replace(grid, folded=True)]


def _counted(quoter: Quoter, table: Table, question: QuestionText) -> Sentence:
    """How many could be asked and why others could not. The headline tells who was asked, coverage who was not."""
    words = quoter.words
    headlines = quoter.of("headline", question.name)
    if not headlines or headlines[0].rows[0].persons is None:
        return words.say("rates.quality_withheld")
    asked = quoter.count(headlines[0].id, 0, "persons")
    reasons = [
        words.say(
            "rates.reason",
            persons=quoter.count(table.id, row, "persons"),
            reason=within(quoter.label(table.id, row)),
        )
        for row, line in enumerate(table.rows)
        if not line.known and line.persons != 0
    ]
    if not reasons:
        return words.say("rates.quality_all", asked=asked)
    return words.say("rates.quality", asked=asked, reasons=words.joined(reasons, "and_next"))


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
    return (Section("served", words.say("served.heading"), grids_made, words.plain("served.kicker"), page=True),)
