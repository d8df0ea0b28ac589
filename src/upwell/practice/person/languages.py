"""The languages people speak, and which of ours they are shown pages in."""

from __future__ import annotations

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.text import capfirst
from django.utils.translation import get_supported_language_variant


def choices() -> list[tuple[str, str]]:
    """(code, its own name) of every language we know by name, by name; those with pages first."""
    ours = [code for code, _ in settings.LANGUAGES]
    named = {
        code: capfirst(about["name_local"])
        for code, about in LANG_INFO.items()
        if "name_local" in about and len(code) <= 8
    }
    rest = sorted((code for code in named if code not in ours), key=lambda code: named[code])
    return [(code, named[code]) for code in [*ours, *rest]]


def shown_in(language: str) -> str:
    """The language of pages and messages for somebody who speaks `language`: that one where we have it."""
    try:
        return get_supported_language_variant(language[:8])
    except LookupError:
        return settings.LANGUAGE_CODE


def name_of(language: str) -> str:
    """A language's own name; the code where we know none."""
    return dict(choices()).get(language, language)
