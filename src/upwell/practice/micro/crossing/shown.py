"""What the desk's page shows of a candidate: patterns and questions in words, tables with what is withheld. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upwell.evidence.disclosure.release import Pattern, QuestionText, Release, Row, Table
from upwell.evidence.disparity.rates import difference
from upwell.practice.bridge.actions import FigureFields

WHOLE = ("persons", "yes", "no")


@dataclass(frozen=True)
class Item:
    """Something a statement can be written about. key: "p1" a pattern, "q3" a question, by their place.

    words: the finding, or the total, as a sentence. figures: the released rows it stands on. group: whom a pattern
    found, which the title leaves out because a statement names no place finer than a county.
    """

    key: str
    title: str
    words: str
    question: str
    barrier: str
    figures: tuple[FigureFields, ...]
    group: str = ""


@dataclass(frozen=True)
class Shown:
    """A question with its tables."""

    question: QuestionText | None
    title: str
    tables: tuple[Table, ...]


def items(release: Release) -> tuple[Item, ...]:
    """Patterns first, then questions whose total is shown whole."""
    tables = {table.id: table for table in release.tables}
    questions = {question.name: question for question in release.questions}
    found = [_of_pattern(pattern, tables, questions[pattern.question], release.tables) for pattern in release.patterns]
    for at, question in enumerate(release.questions, start=1):
        total = _headline(release.tables, question.name)
        if total is not None:
            found.append(_of_question(f"q{at}", question, total, release.tables))
    return tuple(found)


def by_question(release: Release) -> tuple[Shown, ...]:
    """Every table, under the question it belongs to."""
    groups = [Shown(None, _("Everybody counted"), tuple(t for t in release.tables if not t.question))]
    groups += [
        Shown(question, question.words, tuple(t for t in release.tables if t.question == question.name))
        for question in release.questions
    ]
    return tuple(group for group in groups if group.tables)


def trend(rows: Sequence[Row]) -> str:
    """Whether a trouble is growing, by the later half of a series against the earlier; "cannot tell" otherwise.

    Steps are those in which people's cases began, and whoever came later has had less time to name a trouble. So a
    higher share later is growth in spite of that, and a lower or level one says nothing.
    """
    if len(rows) < 2 or not all(_is_whole(row) for row in rows):
        return "cannot tell"
    half = len(rows) // 2
    (early, before), (late, after) = (_sum(rows[:half]), _sum(rows[half:]))
    if not before or not after:
        return "cannot tell"
    moved = difference(yes=late, persons=after, other_yes=early, other_persons=before)
    return "growing" if moved.low > 0 else "cannot tell"


def _of_pattern(pattern: Pattern, tables: dict[str, Table], question: QuestionText, every: Sequence[Table]) -> Item:
    row, others = tables[pattern.table].rows
    over_time = tables[pattern.series].rows if pattern.series else ()
    words = _("Of {people} people {group}, {yes} {happened} ({share} %). Among everyone else it was {other} %.").format(
        people=row.persons,
        group=pattern.group,
        yes=row.yes,
        happened=question.happened,
        share=_percent(row),
        other=_percent(others),
    )
    figure = FigureFields(
        pattern.table,
        0,
        words[:300],
        row.yes or 0,
        row.persons or 0,
        expected_share=pattern.expected_share,
        p=pattern.p,
        trend=trend(over_time),
    )
    total = _headline(every, question.name)
    figures = (figure, _figure(question, total, every)) if total else (figure,)
    key = f"p{pattern.rank}"
    return Item(key, question.words, words, question.name, question.barrier, figures, group=str(pattern.group))


def _of_question(key: str, question: QuestionText, total: Table, every: Sequence[Table]) -> Item:
    figure = _figure(question, total, every)
    return Item(key, question.words, figure.words, question.name, question.barrier, (figure,))


def _figure(question: QuestionText, total: Table, every: Sequence[Table]) -> FigureFields:
    row = total.rows[0]
    series = next((t for t in every if t.kind == "series" and t.question == question.name), None)
    words = _("Of {people} {who}, {yes} {happened} ({share} %).").format(
        people=row.persons, who=question.people, yes=row.yes, happened=question.happened, share=_percent(row)
    )
    return FigureFields(
        total.id, 0, words[:300], row.yes or 0, row.persons or 0, trend=trend(series.rows if series else ())
    )


def _headline(tables: Sequence[Table], question: str) -> Table | None:
    """The table of everybody asked, where it is shown whole."""
    found = (t for t in tables if t.kind == "headline" and t.question == question and _is_whole(t.rows[0]))
    return next(found, None)


def _is_whole(row: Row) -> bool:
    return all(getattr(row, part) is not None for part in WHOLE)


def _sum(rows: Sequence[Row]) -> tuple[int, int]:
    return sum(row.yes or 0 for row in rows), sum(row.persons or 0 for row in rows)


def _percent(row: Row) -> str:
    return f"{100 * (row.yes or 0) / row.persons:.0f}" if row.persons else "0"
