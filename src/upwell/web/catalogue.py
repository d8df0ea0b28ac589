"""Catalogues of translated text: `python -m upwell.web.catalogue` brings them up to date and compiles them.

For whoever works on Upwell: it needs Babel, of the development tools, and no gettext. New texts are added empty, texts
that are gone are dropped, and nothing is ever guessed ("fuzzy"). A test fails while a text has no translation.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

# Babel is a development tool, and this module is one too: the application reads compiled catalogues only.
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1]
LOCALE = Path(__file__).resolve().parent / "locale"
LANGUAGES = ("es",)
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_ROOMS = ("practice", "web")
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
"""The same texts give the same file: no date of today in it."""
_HEADER = "# Upwell in another language. Texts stand in the order of the files they come from.\n"


def wanted() -> Catalog:
    """Every text of the application's Python files and templates, without translations."""
    catalog = Catalog(project="Upwell", charset="utf-8", header_comment=_HEADER)
    for path, line, message, context in _texts():
        catalog.add(message, locations=[(str(path.relative_to(SOURCE)), line)], context=context)
    return catalog


def held(language: str) -> Catalog:
    """The catalogue of a language as it is."""
    path = _po(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def missing(language: str) -> list[str]:
    """Texts without a translation, as they stand in English."""
    catalog = held(language)
    lacking = []
    for message in wanted():
        there = catalog.get(message.id, message.context) if message.id else None
        words = there.string if there else ""
        complete = all(words) if isinstance(words, tuple | list) else bool(words)
        if message.id and not (there and complete and not there.fuzzy):
            lacking.append(str(message.id))
    return lacking


def compiled(language: str) -> bytes:
    """The compiled catalogue, as it must lie beside the readable one."""
    out = io.BytesIO()
    write_mo(out, held(language))
    return out.getvalue()


def update(language: str) -> None:
    """Bring the readable catalogue up to date, and compile it."""
    catalog = Catalog(
        locale=language,
        project="Upwell",
        charset="utf-8",
        header_comment=_HEADER,
        creation_date=_LONG_AGO,
        revision_date=_LONG_AGO,
        last_translator="Upwell",
        language_team=language,
        fuzzy=False,
    )
    before = held(language)
    for message in wanted():
        if not message.id:
            continue
        old = before.get(message.id, message.context)
        words = old.string if old else None
        catalog.add(
            message.id, words, locations=[(place, 0) for place, _ in message.locations], context=message.context
        )
    path = _po(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, omit_header=False, include_lineno=False)
    path.with_suffix(".mo").write_bytes(compiled(language))


def _texts() -> Iterator[tuple[Path, int, str | tuple[str, ...], str | None]]:
    for room in _ROOMS:
        for path in sorted((SOURCE / room).rglob("*")):
            if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts or path == Path(__file__):
                continue
            source = path.read_text(encoding="utf-8")
            if path.suffix != ".py":
                # one line: what Django makes of a template is Python's words, but not its indentation
                source = templatize(source).replace("\n", " ").strip()
            found = extract("python", io.BytesIO(source.encode()), keywords=cast("dict[str, None]", KEYWORDS))
            for line, message, _comments, context in found:
                yield path, line, message, context


def _po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


if __name__ == "__main__":
    for each in LANGUAGES:
        update(each)
        for text in missing(each):
            print(f"{each}: no translation yet: {text}")
