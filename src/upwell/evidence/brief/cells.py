"""Quoting a release: runs for its counts, shares, intervals and fields, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from upwell.evidence.brief.intervals import wilson
from upwell.evidence.brief.model import Bar, Run, RunKind, Sentence
from upwell.evidence.brief.words import Words
from upwell.evidence.disclosure.release import Gap, Pattern, QuestionText, Release, Row, Searched, Table


@dataclass(frozen=True, eq=False)
class Quoter:
    """A release with the words to quote it in. Whatever it gives says where it stands in the release."""

    release: Release
    words: Words

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Tables by id."""
        return {table.id: table for table in self.release.tables}

    @cached_property
    def questions(self) -> dict[str, QuestionText]:
        """Questions by name."""
        return {question.name: question for question in self.release.questions}

    def of(self, kind: str, question: str = "") -> tuple[Table, ...]:
        """The release's tables of a kind, of one question where it is named, in their order."""
        return tuple(table for table in self.release.tables if table.kind == kind and question in ("", table.question))

    def row(self, table: str, row: int) -> Row:
        """One line of a table."""
        return self.tables[table].rows[row]

    def count(self, table: str, row: int, column: str) -> Run:
        """Persons in a cell, or the word "withheld". column: "persons" | "yes" | "no"."""
        persons: int | None = getattr(self.row(table, row), column)
        source = f"{table}:{row}:{column}"
        if persons is None:
            return self._withheld(source)
        return Run(self.words.printed(persons, "count"), source, "count")

    def share(self, table: str, row: int) -> Run:
        """The share of yes in a row, or "withheld" when either number is, or "nobody" when nobody was asked."""
        cells = f"{table}:{row}:yes, {table}:{row}:persons"
        value = self.value(table, row)
        if value is None:
            if self.row(table, row).persons == 0:
                return Run(self.words.plain("label.nobody"), f"share({cells})", "words")
            return self._withheld(f"share({cells})")
        return Run(self.words.printed(value, "percent"), f"share({cells})", "percent")

    def value(self, table: str, row: int) -> float | None:
        """The share of yes in a row, 0..1; None where it may not or cannot be told."""
        line = self.row(table, row)
        if line.yes is None or not line.persons:
            return None
        return line.yes / line.persons

    def share_and_count(self, table: str, row: int) -> Sentence:
        """ "32 %, 131 of 412", or the one word "withheld"."""
        share = self.share(table, row)
        if self.value(table, row) is None:
            return (share,)
        return self.words.say(
            "share.with_count",
            share=share,
            yes=self.count(table, row, "yes"),
            persons=self.count(table, row, "persons"),
        )

    def interval(self, table: str, row: int) -> Sentence:
        """ "28 % to 36 %": the 95 % interval of a row's share; "withheld" with it."""
        line = self.row(table, row)
        if line.yes is None or not line.persons:
            return (self.share(table, row),)
        cells = f"{table}:{row}:yes, {table}:{row}:persons"
        low, high = (
            Run(self.words.printed(end, "percent"), f"{name}({cells})", "percent")
            for name, end in zip(("low", "high"), wilson(line.yes, line.persons), strict=True)
        )
        return self.words.say("share.interval", low=low, high=high)

    def bar(self, table: str, row: int, role: str = "comparison") -> Bar | None:
        """The row's share as a bar, None where it is withheld."""
        line, share = self.row(table, row), self.value(table, row)
        if share is None or line.yes is None or line.persons is None:
            return None
        return Bar(share, *wilson(line.yes, line.persons), role)

    def label(self, table: str, row: int) -> Run:
        """What a row counts, in the release's words."""
        return Run(self.row(table, row).label, f"label:{table}:{row}", "words")

    def said(self, source: str, text: str) -> Run:
        """Words of the release, with the field they came from."""
        return Run(text, source, "words")

    def day(self, source: str, iso: str) -> Run:
        """A date of the release."""
        return Run(self.words.day(iso), source, "words")

    def field(self, source: str, value: float, kind: RunKind) -> Run:
        """A number that is itself a field of the release."""
        return Run(self.words.printed(value, kind), source, kind)

    @property
    def most_hidden(self) -> Run:
        """The largest count that is never shown."""
        return Run(self.words.printed(self.release.threshold - 1, "count"), "below(release:threshold)", "count")

    @property
    def values_kept(self) -> Run:
        """How many values a protected count may have, at least."""
        return Run(self.words.printed(self.release.width + 1, "count"), "above(release:width)", "count")

    @property
    def period(self) -> dict[str, Run]:
        """First and last day, as values of a sentence."""
        first, last = self.release.period
        return {"first": self.day("release:period.0", first), "last": self.day("release:period.1", last)}

    @property
    def source(self) -> Run:
        """Who exported the records."""
        return self.said("release:source", self.release.source)

    def asked(self, question: QuestionText, *fields: str) -> dict[str, Run]:
        """Fields of a question, as values of a sentence."""
        return {name: self.said(f"question:{question.name}:{name}", str(getattr(question, name))) for name in fields}

    def pattern(self, pattern: Pattern, path: str, kind: RunKind) -> Run:
        """A number of a pattern; path such as "excess.low"."""
        return self.field(f"pattern:{pattern.rank}:{path}", _along(pattern, path), kind)

    def gap(self, number: int, path: str, kind: RunKind) -> Run:
        """A number of a gap, by its place in the release."""
        return self.field(f"gap:{number}:{path}", _along(self.release.gaps[number], path), kind)

    def searched(self, number: int, path: str, kind: RunKind) -> Run:
        """A number that tells how much was searched, by its place in the release."""
        return self.field(f"searched:{number}:{path}", _along(self.release.searched[number], path), kind)

    def _withheld(self, source: str) -> Run:
        return Run(self.words.plain("label.withheld"), source, "words", withheld=True)


def _along(value: Pattern | Gap | Searched, path: str) -> float:
    found: object = value
    for name in path.split("."):
        found = getattr(found, name)
    return float(found)  # type: ignore[arg-type]  # the paths are those of numbers; a test walks them all
