"""The document as a tagged PDF, set by Typst. The document goes in as JSON and is never spliced into markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Literal

from upwell.evidence.brief.charts import PAPER
from upwell.evidence.brief.model import (
    Answers,
    Block,
    Bullets,
    Document,
    Figure,
    Grid,
    KeyNumbers,
    Line,
    Notice,
    Paragraph,
    Section,
    Sentence,
    Subheading,
    text_of,
)
from upwell.evidence.brief.render import bar_head, bar_top
from upwell.evidence.brief.words import Words

STANDARD: Literal["ua-1"] = "ua-1"
"""PDF/UA-1: tags, reading order, alternative text, language and title; Typst refuses to set what would break it."""


WHITE = "#ffffff"
"""Paper on paper: the ground that texts in pictures stand on."""


def pdf(document: Document, pictures: Mapping[str, str], words: Words, *, today: date) -> bytes:
    """The brief as PDF/UA-1. The same document on the same day gives the same bytes."""
    import typst  # noqa: PLC0415  # 30 MB of native code: only when a PDF is set

    data = json.dumps(_document(document, pictures, words), ensure_ascii=False)
    at = datetime(today.year, today.month, today.day, tzinfo=UTC)
    compiler = typst.Compiler(_template(), font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"data": data})
    made = compiler.compile(format="pdf", pdf_standards=STANDARD, timestamp=at)
    if not isinstance(made, bytes):
        raise TypeError("Typst gave pages instead of one PDF.")
    return made


@cache
def _template() -> bytes:
    return files("upwell.evidence.brief").joinpath("templates", "brief.typ").read_bytes()


@cache
def _fonts() -> Any:  # typst.Fonts: the library is imported late
    import typst  # noqa: PLC0415  # as above

    with as_file(files("upwell.evidence.brief").joinpath("fonts")) as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])


def _document(document: Document, pictures: Mapping[str, str], words: Words) -> dict[str, Any]:
    def section(each: Section) -> dict[str, Any]:
        blocks = [_block(block, pictures, words) for block in each.blocks]
        return {"heading": text_of(each.heading), "kicker": each.kicker, "page": each.page, "blocks": blocks}

    return {
        "language": document.language,
        "title": document.title,
        "name": document.labels["title"],
        "eyebrow": text_of(document.eyebrow),
        "footer": text_of(document.footer),
        "mark": document.labels["mark"],
        "made_from": document.labels["made_from"],
        "folded": document.labels["folded"],
        "warning": section(document.warning) if document.warning else None,
        "front": section(document.front),
        "sections": [section(each) for each in document.sections if not each.detail],
    }


def _texts(sentences: tuple[Sentence, ...]) -> list[str]:
    return [text_of(sentence) for sentence in sentences]


def _block(block: Block, pictures: Mapping[str, str], words: Words) -> dict[str, Any]:
    """A block in JSON: its kind and its texts."""
    if isinstance(block, Grid):
        return _grid(block, words)
    if isinstance(block, Figure):
        return _figure(block, pictures)
    return _said(block)


def _said(block: Paragraph | Subheading | Bullets | Notice | KeyNumbers | Answers) -> dict[str, Any]:
    kind = type(block).__name__
    match block:
        case Paragraph():
            return {"kind": kind, "text": text_of(block.text), "tone": block.tone}
        case Subheading():
            return {"kind": kind, "text": text_of(block.text), "level": block.level}
        case Bullets():
            return {"kind": kind, "items": _texts(block.items), "numbered": block.numbered}
        case Notice():
            return {"kind": kind, "title": block.title, "items": _texts(block.items), "tone": block.tone}
        case KeyNumbers():
            items = [{"number": text_of(n), "text": text_of(text), "tone": tone} for n, text, tone in block.items]
            return {"kind": kind, "items": items}
        case Answers():
            return {"kind": kind, "items": [{"name": name, "answers": _texts(said)} for name, said in block.items]}


def _figure(figure: Figure, pictures: Mapping[str, str]) -> dict[str, Any]:
    words = {name: text_of(getattr(figure, name)) for name in ("title", "subtitle", "alt")}
    return {"kind": "Figure", **words, "svg": pictures[figure.id].replace(PAPER, WHITE)}


def _grid(grid: Grid, words: Words) -> dict[str, Any]:
    top = bar_top(grid)

    def line(each: Line) -> dict[str, Any]:
        bar = None
        if each.bar is not None:
            ends = {name: round(getattr(each.bar, name) / top, 4) for name in ("share", "low", "high")}
            bar = {**ends, "role": each.bar.role}
        return {"label": text_of(each.label), "cells": _texts(each.cells), "known": each.known, "bar": bar}

    return {
        "kind": "Grid",
        "caption": text_of(grid.caption),
        "head": list(grid.head),
        "bars": grid.bars,
        "folded": grid.folded,
        "bar_head": bar_head(grid, words),
        "lines": [line(each) for each in grid.lines],
        "notes": _texts(grid.notes),
        "ids": list(grid.ids),
    }
