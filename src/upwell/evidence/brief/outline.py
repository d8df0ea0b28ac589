"""The outline of a brief: from a Release to a document in which every number says where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import singledispatch

from upwell.evidence.brief.bygroup import bygroup
from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.findings import findings
from upwell.evidence.brief.front import front
from upwell.evidence.brief.gaps import gaps
from upwell.evidence.brief.method import basis, method, promise, searched, unanswerable, warning
from upwell.evidence.brief.model import (
    Answers,
    Block,
    Bullets,
    Claim,
    Document,
    Figure,
    Grid,
    KeyNumbers,
    Notice,
    Paragraph,
    Section,
    Sentence,
    Subheading,
)
from upwell.evidence.brief.rates import rates, served
from upwell.evidence.brief.words import Words
from upwell.evidence.disclosure.release import Release

LABELS = ("title", "skip", "contents", "mark", "table", "folded", "bar", "withheld")


def outline(release: Release, words: Words, *, today: date) -> Document:
    """The whole brief as a value, ready to be set as a page, a PDF or plain text. Pure: same release, same document."""
    quoter = Quoter(release, words)
    labels = {name: words.plain(f"label.{name}") for name in LABELS} | {"made_from": words.plain("note.made_from")}
    footer = words.say(
        "footer.text",
        source=quoter.source,
        id=quoter.said("release:id", release.id),
        software=quoter.said("release:software", release.software),
    )
    return Document(
        language=words.language,
        direction=words.direction,
        title=f"{words.plain('label.title')}: {release.source}",
        eyebrow=words.say("front.kicker", source=quoter.source, **quoter.period),
        front=front(quoter),
        sections=_sections(quoter, today),
        footer=footer,
        labels=labels,
        warning=warning(quoter),
    )


def _sections(quoter: Quoter, today: date) -> tuple[Section, ...]:
    return (
        *findings(quoter),
        *rates(quoter),
        gaps(quoter),
        *served(quoter),
        unanswerable(quoter),
        searched(quoter),
        method(quoter),
        promise(quoter),
        basis(quoter, today),
        *bygroup(quoter),
    )


def claims(document: Document) -> list[Claim]:
    """Every number that the document prints, with the expression or field it must be recomputed from.

    An expression is a cell ("t07:3:yes"), or a function of cells: share(yes, persons), low(...) and high(...) for the
    ends of its Wilson interval; or of fields: below(field) for the field minus one, many(field, ...) for how many.
    Withheld numbers are claims too, of that word.
    """
    return [
        Claim(run.text, run.source, run.kind)
        for sentence in sentences(document)
        for run in sentence
        if run.source and (run.kind not in ("text", "words") or run.withheld)
    ]


def sentences(document: Document) -> Iterator[Sentence]:
    """Every sentence of a document, those in tables, figures and headings included."""
    yield document.eyebrow
    for section in document.every_section:
        yield section.heading
        for block in section.blocks:
            yield from spoken(block)
    yield document.footer


@singledispatch
def spoken(block: Block) -> Iterator[Sentence]:
    """The sentences of a block."""
    raise TypeError(f"No sentences are known of {type(block).__name__}.")


@spoken.register(Paragraph)
@spoken.register(Subheading)
def _(block: Paragraph | Subheading) -> Iterator[Sentence]:
    yield block.text


@spoken.register(Bullets)
@spoken.register(Notice)
def _(block: Bullets | Notice) -> Iterator[Sentence]:
    yield from block.items


@spoken.register(Answers)
def _(block: Answers) -> Iterator[Sentence]:
    for _, answers in block.items:
        yield from answers


@spoken.register(KeyNumbers)
def _(block: KeyNumbers) -> Iterator[Sentence]:
    for number, text, _ in block.items:
        yield number
        yield text


@spoken.register(Grid)
def _(block: Grid) -> Iterator[Sentence]:
    yield block.caption
    for line in block.lines:
        yield line.label
        yield from line.cells
    yield from block.notes


@spoken.register(Figure)
def _(block: Figure) -> Iterator[Sentence]:
    yield from (block.title, block.subtitle, block.alt, block.marked.expected_text, block.marked.onset_text)
    for point in block.points:
        yield point.label
        yield point.text
