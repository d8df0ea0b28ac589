"""The brief as a value: sections of blocks made of runs of text, in which every number knows where it came from.

One document, three faces (page, PDF, plain text): the renderers add no word and no number of their own.

A source is text. "t07:3:yes" is a cell of the release: table, row from 0, column. An expression over cells has one of
the forms in `claims`. "pattern:1:excess.value", "gap:0:q", "searched:2:smallest", "release:seed" name fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RunKind = Literal["text", "count", "percent", "percent_whole", "points", "ratio", "p", "words"]
"""text: words of the catalogue. words: words that came with the release. The rest are numbers as printed."""


@dataclass(frozen=True)
class Run:
    """A piece of a sentence. source: where it came from, "" only for words of the catalogue.

    withheld: the number is not shown, and `text` is the word that says so. strong: to be set in bold.
    """

    text: str
    source: str = ""
    kind: RunKind = "text"
    withheld: bool = False
    strong: bool = False

    @property
    def attribute(self) -> str:
        """The name of the HTML attribute that carries the source: a cell, a derivation from cells, or a field."""
        if not self.source:
            return ""
        if self.kind == "count" and self.source.startswith("t"):
            return "data-cell"
        return "data-from" if "(" in self.source else "data-field"


Sentence = tuple[Run, ...]


@dataclass(frozen=True)
class Claim:
    """A number as printed, and the expression over cells or the field that it must be recomputed from."""

    text: str
    expression: str
    kind: RunKind


@dataclass(frozen=True)
class Paragraph:
    """One or more sentences. tone: "" | "lead" | "quiet" | "caution"."""

    text: Sentence
    tone: str = ""


@dataclass(frozen=True)
class Bullets:
    """Sentences that stand side by side. numbered: in an order that matters."""

    items: tuple[Sentence, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Answers:
    """Questions of a reader with their answers, in the order they are asked."""

    items: tuple[tuple[str, tuple[Sentence, ...]], ...]


@dataclass(frozen=True)
class KeyNumbers:
    """Up to three numbers to be read from a distance: number, what it is, tone ("finding" | "comparison")."""

    items: tuple[tuple[Sentence, Sentence, str], ...]


@dataclass(frozen=True)
class Notice:
    """What every reader must see. tone: "warning" | "note"."""

    title: str
    items: tuple[Sentence, ...]
    tone: str = "note"


@dataclass(frozen=True)
class Bar:
    """A bar inside a table's row: share 0..1 with its interval; role: "finding" | "comparison"."""

    share: float
    low: float
    high: float
    role: str = "comparison"


@dataclass(frozen=True)
class Line:
    """One row of a printed table. bar: None where the share is withheld or there is none."""

    label: Sentence
    cells: tuple[Sentence, ...]
    known: bool = True
    bar: Bar | None = None


@dataclass(frozen=True)
class Grid:
    """A table as printed. ids: tables of the release it was made from. bars: whether a column of bars stands last.

    folded: a long table under a figure of the same numbers: closed on the page until asked for, and left out on paper.
    """

    caption: Sentence
    head: tuple[str, ...]
    lines: tuple[Line, ...]
    ids: tuple[str, ...]
    notes: tuple[Sentence, ...] = ()
    bars: bool = False
    folded: bool = False


@dataclass(frozen=True)
class Point:
    """One mark of a figure. value, low, high: shares 0..1 (or ratios). month: for marks along time, else None.

    label: what it is. text: the number beside the mark. role: "finding" | "comparison".
    part: marks of one part are joined by a line; a withheld step parts them.
    """

    label: Sentence
    text: Sentence
    value: float
    low: float
    high: float
    role: str = "finding"
    month: int | None = None
    part: int = 0


@dataclass(frozen=True)
class Marked:
    """What stands behind the marks: the expected share (with its words) and the onset in months."""

    expected: float | None = None
    expected_text: Sentence = ()
    onset: int | None = None
    onset_low: int | None = None
    onset_high: int | None = None
    onset_text: Sentence = ()


@dataclass(frozen=True)
class Figure:
    """A picture of numbers. kind: bars | line | dots | ratios. alt: the same in words."""

    id: str
    kind: Literal["bars", "line", "dots", "ratios"]
    title: Sentence
    subtitle: Sentence
    alt: Sentence
    points: tuple[Point, ...]
    marked: Marked
    ids: tuple[str, ...]
    source: Sentence = ()


@dataclass(frozen=True)
class Subheading:
    """A heading inside a section. level: 3 or 4."""

    text: Sentence
    id: str
    level: int = 3


Block = Paragraph | Bullets | Answers | KeyNumbers | Notice | Grid | Figure | Subheading


@dataclass(frozen=True)
class Section:
    """A part of the brief with its heading. page: begins a new page in print. listed: stands in the contents.

    detail: for those who look things up: closed on the page until asked for, and left out of all that is printed.
    """

    id: str
    heading: Sentence
    blocks: tuple[Block, ...]
    kicker: str = ""
    page: bool = False
    listed: bool = True
    detail: bool = False


@dataclass(frozen=True)
class Document:
    """The whole brief. warning: None unless no basis was named. front: page one; the rest follows in order."""

    language: str
    direction: Literal["ltr", "rtl"]
    title: str
    eyebrow: Sentence
    front: Section
    sections: tuple[Section, ...]
    footer: Sentence
    labels: dict[str, str]
    warning: Section | None = None

    @property
    def every_section(self) -> tuple[Section, ...]:
        """All sections in reading order."""
        return (*((self.warning,) if self.warning else ()), self.front, *self.sections)


def text_of(sentence: Sentence) -> str:
    """The words of a sentence without where they came from."""
    return "".join(run.text for run in sentence)
