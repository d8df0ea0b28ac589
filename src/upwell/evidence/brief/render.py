"""The document as a page (HTML) and as plain text (Markdown). Both add no word and no number of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, partial, singledispatch
from importlib.resources import files
from math import ceil

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from upwell.evidence.brief.model import (
    Answers,
    Block,
    Bullets,
    Document,
    Figure,
    Grid,
    KeyNumbers,
    Notice,
    Paragraph,
    Section,
    Sentence,
    Subheading,
    text_of,
)
from upwell.evidence.brief.words import Words

LETTERS_BESIDE_NUMBERS = 50
"""A row's name in more letters than this leaves no room for its numbers on a phone."""


def html(document: Document, pictures: Mapping[str, str], words: Words) -> bytes:
    """The brief as one page that needs nothing else: styles and pictures inside, no script, no address outside.

    pictures: SVG by figure id, made by charts.draw and so free of anything a reader could have put in.
    """
    safe = {name: Markup(svg) for name, svg in pictures.items()}  # ours, and text in it is escaped
    page = _environment().get_template("brief.html")
    return page.render(
        document=document,
        pictures=safe,
        style=Markup(_text("brief.css")),
        bar_head=partial(bar_head, words=words),
    ).encode()


def bar_top(grid: Grid) -> float:
    """The share at which a bar of this table would fill its column: a whole tenth, or a hundredth for small shares."""
    highest = max((line.bar.high for line in grid.lines if line.bar), default=1.0)
    step = 0.1 if highest > 0.1 else 0.02
    return min(1.0, max(step, step * ceil(highest / step - 1e-9)))


def bar_head(grid: Grid, words: Words) -> str:
    """The heading of a column of bars: where its scale begins and ends."""
    low, high = (words.printed(end, "percent_whole") for end in (0, bar_top(grid)))
    return words.plain("label.bar").format(low=low, high=high)


def long_labels(grid: Grid) -> bool:
    """Whether the rows are named by sentences, which on a phone need a line of their own above the numbers."""
    return any(len(text_of(line.label)) > LETTERS_BESIDE_NUMBERS for line in grid.lines)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_text), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals.update(bar_top=bar_top, long_labels=long_labels)
    return environment


def _text(name: str) -> str:
    return files("upwell.evidence.brief").joinpath("templates", name).read_text(encoding="utf-8")


def markdown(document: Document) -> bytes:
    """The brief as Markdown that also reads well as plain text; pictures become their words."""
    parts = [f"*{_md(document.eyebrow)}*"]
    for section in document.every_section:
        parts += _section(section, 1 if section is document.front else 3 if section.detail else 2, document)
    parts += ["---", _md(document.footer)]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _section(section: Section, level: int, document: Document) -> list[str]:
    heading = f"{'#' * level} {_md(section.heading)}"
    return [heading, *(_block(block, document) for block in section.blocks)]


def _md(sentence: Sentence) -> str:
    """Words with the signs that Markdown would take for its own made harmless."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", text_of(sentence).replace("\n", " "))


@singledispatch
def _block(block: Block, document: Document) -> str:
    raise TypeError(f"No plain text is known of {type(block).__name__}.")


@_block.register
def _(block: Paragraph, document: Document) -> str:
    return _md(block.text)


@_block.register
def _(block: Subheading, document: Document) -> str:
    return f"{'#' * block.level} {_md(block.text)}"


@_block.register
def _(block: Bullets, document: Document) -> str:
    return "\n".join(f"{f'{i + 1}.' if block.numbered else '-'} {_md(item)}" for i, item in enumerate(block.items))


@_block.register
def _(block: Notice, document: Document) -> str:
    return "\n>\n".join([f"> **{block.title}**", *(f"> {_md(item)}" for item in block.items)])


@_block.register
def _(block: KeyNumbers, document: Document) -> str:
    return "\n".join(f"- **{_md(number)}** {_md(text)}" for number, text, _ in block.items)


@_block.register
def _(block: Answers, document: Document) -> str:
    return "\n\n".join(f"**{name}**\n\n" + "\n\n".join(map(_md, answers)) for name, answers in block.items)


@_block.register
def _(block: Figure, document: Document) -> str:
    return f"**{_md(block.title)}.** {_md(block.subtitle)} {_md(block.alt)}"


@_block.register
def _(block: Grid, document: Document) -> str:
    rows = [list(block.head), ["---"] * len(block.head)]
    rows += [[_md(line.label), *map(_md, line.cells)] for line in block.lines]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    files = ", ".join(f"release/{name}.csv" for name in block.ids)
    made_from = [f"{document.labels['made_from']}: {files}"] if files else []
    return "\n\n".join([_md(block.caption), table, *map(_md, block.notes), *made_from])
