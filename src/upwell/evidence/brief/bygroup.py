"""The appendix: every question by age, gender, place and the like. Folded on the page, and left out on paper."""

from __future__ import annotations

from upwell.evidence.brief import grids
from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.model import Block, Paragraph, Section, Subheading
from upwell.evidence.brief.words import begun
from upwell.evidence.disclosure.release import QuestionText, Table


def bygroup(quoter: Quoter) -> tuple[Section, ...]:
    """A section that says where the tables are, then one of detail for each question; none without such tables."""
    words = quoter.words
    if not quoter.of("by"):
        return ()
    blocks = (Paragraph(words.say("tables.intro")),)
    intro = Section("tables", words.say("tables.heading"), blocks, words.plain("tables.kicker"))
    return (intro, *(_question(quoter, each) for each in quoter.release.questions if quoter.of("by", each.name)))


def tells(quoter: Quoter, table: Table) -> bool:
    """Whether any share above none may be shown; a table without one stays in the package and out of the way."""
    return any(quoter.value(table.id, row) for row in range(len(table.rows)))


def _question(quoter: Quoter, question: QuestionText) -> Section:
    tables = quoter.of("by", question.name)
    blocks = [block for table in tables if tells(quoter, table) for block in _by(quoter, table, question)]
    blocks += _untold(quoter, [table for table in tables if not tells(quoter, table)])
    heading = (quoter.asked(question, "words")["words"],)
    return Section(f"tables-{question.name}", heading, tuple(blocks), listed=False, detail=True)


def _by(quoter: Quoter, table: Table, question: QuestionText) -> list[Block]:
    words, column = quoter.words, quoter.said(f"table:{table.id}:column", table.column)
    name = quoter.asked(question, "words")["words"]
    heading = Subheading(words.say("rates.by", column=column), f"heading-{table.id}", level=4)
    return [heading, grids.split_grid(quoter, table, words.say("rates.caption_by", question=name, column=column))]


def _untold(quoter: Quoter, tables: list[Table]) -> list[Block]:
    """One sentence for all tables of a question that can say nothing."""
    if not tables:
        return []
    words = quoter.words
    columns = [quoter.said(f"table:{table.id}:column", table.column) for table in tables]
    files = [quoter.said(f"table:{table.id}:id", f"{table.id}.csv") for table in tables]
    text = words.say("tables.untold", columns=words.joined(columns, "or"), ids=words.joined(files, "comma"))
    return [Paragraph(begun(text), "quiet")]
