"""The words of a protected table: those of the brief, and a few of its own (text/tabled/<language>.toml)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from upwell.evidence.brief.words import Words
from upwell.evidence.brief.words import catalogue as of_brief


@cache
def catalogue(language: str) -> Words:
    """The catalogue of a language. Raises LanguageError, which names the languages there are."""
    words = of_brief(language)
    path = files("upwell.evidence.brief").joinpath("text", "tabled", f"{language}.toml")
    own = tomllib.loads(path.read_text(encoding="utf-8"))
    return Words(language, _over(words.catalogue, own))


# Any: nested tables of a TOML file, as in Words.
def _over(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """One catalogue with another laid over it, part by part."""
    nested = {
        key: _over(under[key], value) if isinstance(value, dict) and isinstance(under.get(key), dict) else value
        for key, value in over.items()
    }
    return under | nested
