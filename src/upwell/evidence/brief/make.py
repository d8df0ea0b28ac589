"""From a signed Release to the files of a brief. Pure: same release, same day, same bytes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from upwell.evidence.brief import charts, package, pdf, render
from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.model import Document, Figure
from upwell.evidence.brief.outline import outline
from upwell.evidence.brief.words import catalogue
from upwell.evidence.disclosure.release import Release
from upwell.evidence.errors import EvidenceError

AUDIENCES = ("legislator",)
"""Whom page one is written for. More will come; each is a way of ordering page one, never another set of numbers."""


class AudienceError(EvidenceError):
    """Nobody wrote a page one for the audience asked for."""


def make(
    release: Release,
    signed: bytes,
    *,
    audience: str = "legislator",
    language: str = "en",
    today: date,
    progress: Callable[[str], None] | None = None,
) -> dict[str, bytes]:
    """Files by relative name: brief.html, brief.pdf, brief.md, and release/ with the numbers.

    signed: the release's own signed bytes, passed on untouched. today: the day printed as "written on".
    progress: told in words what is being done.
    Raises LanguageError or AudienceError for one that is not there.
    """
    if audience not in AUDIENCES:
        raise AudienceError(f"There is no brief for {audience!r} yet. Choose one of: {', '.join(AUDIENCES)}.")
    words = catalogue(language)

    def tell(step: str) -> None:
        if progress is not None:
            progress(words.plain(f"progress.{step}"))

    tell("words")
    document = outline(release, words, today=today)
    tell("pictures")
    pictures = charts.draw(figures(document))
    tell("page")
    files = {"brief.html": render.html(document, pictures, words), "brief.md": render.markdown(document)}
    tell("pdf")
    files["brief.pdf"] = pdf.pdf(document, pictures, words, today=today)
    tell("package")
    return files | package.package(Quoter(release, words), signed)


def figures(document: Document) -> list[Figure]:
    """Every figure of a document, in order."""
    return [block for section in document.every_section for block in section.blocks if isinstance(block, Figure)]
