"""Tables as printed, and the figures of the same cells."""

from __future__ import annotations

from collections.abc import Sequence

from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.model import Figure, Grid, Line, Marked, Point, Run, Sentence
from upwell.evidence.brief.words import large, said
from upwell.evidence.disclosure.release import Pattern, QuestionText, Table

MOST_OPEN = 14
"""A table over time with more steps than these is folded away under its figure."""


def notes_of(quoter: Quoter, table: Table) -> tuple[Sentence, ...]:
    """Footnotes that a table needs: its warning, and what withheld means."""
    words, notes = quoter.words, []
    if table.warning:
        notes.append(words.say("note.warning", warning=quoter.said(f"table:{table.id}:warning", table.warning)))
    if any(row.persons is None or (table.split and row.yes is None) for row in table.rows):
        notes.append(words.say("note.withheld", most=quoter.most_hidden))
    return tuple(notes)


def split_grid(quoter: Quoter, table: Table, caption: Sentence, roles: Sequence[str] = ()) -> Grid:
    """A table of yes and no: share with count, interval and a bar. roles: "finding" or "comparison" by row."""
    words = quoter.words
    lines = tuple(
        Line(
            (quoter.label(table.id, number),),
            ((quoter.share(table.id, number),), _of_many(quoter, table.id, number), quoter.interval(table.id, number)),
            row.known,
            quoter.bar(table.id, number, roles[number] if number < len(roles) else "comparison"),
        )
        for number, row in enumerate(table.rows)
    )
    first = large(table.column) or words.plain("label.group")
    head = (first, *(words.plain(f"label.{name}") for name in ("share", "counts", "interval")))
    folded = bool(table.steps) and len(lines) > MOST_OPEN
    return Grid(caption, head, lines, (table.id,), notes_of(quoter, table), bars=True, folded=folded)


def count_grid(quoter: Quoter, table: Table, caption: Sentence) -> Grid:
    """A table of persons alone."""
    lines = tuple(
        Line((quoter.label(table.id, number),), ((quoter.count(table.id, number, "persons"),),), row.known)
        for number, row in enumerate(table.rows)
    )
    head = (large(table.column) or quoter.words.plain("label.what"), quoter.words.plain("label.persons"))
    return Grid(caption, head, lines, (table.id,), notes_of(quoter, table))


def _of_many(quoter: Quoter, table: str, row: int) -> Sentence:
    yes, persons = quoter.count(table, row, "yes"), quoter.count(table, row, "persons")
    if yes.withheld and persons.withheld:
        return (yes,)
    return quoter.words.say("label.of_many", yes=yes, persons=persons)


def points(quoter: Quoter, table: Table, roles: Sequence[str] = ()) -> tuple[Point, ...]:
    """The rows of a table that may be shown, as marks of a figure."""
    marks, part = [], 0
    for number, row in enumerate(table.rows):
        bar = quoter.bar(table.id, number)
        if bar is None:
            part += 1
        else:
            role = roles[number] if number < len(roles) else "finding"
            label, text = (quoter.label(table.id, number),), (quoter.share(table.id, number),)
            marks.append(Point(label, text, bar.share, bar.low, bar.high, role, row.month, part))
    return tuple(marks)


def spoken(quoter: Quoter, marks: Sequence[Point]) -> Sentence:
    """The marks of a figure as words, for those who hear it."""
    items = [quoter.words.say("finding.point", label=mark.label, share=mark.text) for mark in marks]
    return quoter.words.joined(items, "comma")


def about(quoter: Quoter, question: QuestionText) -> dict[str, Run]:
    """What every subtitle names: the measure, the period and the source."""
    return {**quoter.asked(question, "happened"), **quoter.period, "source": quoter.source}


def expected_of(quoter: Quoter, pattern: Pattern) -> Marked:
    """The expected share as a line with its words."""
    run = quoter.pattern(pattern, "expected_share", "percent_whole")
    return Marked(pattern.expected_share, quoter.words.say("finding.expected_label", expected=run))


def line_figure(quoter: Quoter, table: Table, question: QuestionText) -> Figure | None:
    """A share over time, two periods as bars; None with fewer than two points that may be shown."""
    marks, words = points(quoter, table), quoter.words
    if len(marks) < 2:
        return None
    steps = words.choose("steps", table.steps)
    ends = {"first_share": marks[0].text, "last_share": marks[-1].text}
    return Figure(
        f"figure-{table.id}",
        "bars" if table.steps == "two periods" else "line",
        words.say("rates.figure_title", **ends),
        words.say("rates.figure_subtitle", steps=steps, **about(quoter, question)),
        said(words.say("rates.figure_alt", points=spoken(quoter, marks))),
        marks,
        Marked(),
        (table.id,),
    )
