"""Sentences from fields and a catalogue. Every word that the brief adds to a release stands in text/<language>.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Literal, cast

from upwell.evidence.brief.model import Run, RunKind, Sentence
from upwell.evidence.errors import EvidenceError

Said = Sentence | Run | str

LANGUAGES = ("en", "es")
"""Languages that a brief can be written in: those of text/*.toml."""

SMALLEST_P = 0.0001
"""Smaller probabilities are printed as "below" this one: more zeros would not make anybody surer."""

SMALLEST_SHARE, WHOLE_FROM = 0.001, 0.0995
"""Shares: printed as "below" the one, with a decimal up to the other, where a decimal would round to ten."""


class LanguageError(EvidenceError):
    """There is no catalogue in the language asked for."""


@dataclass(frozen=True, eq=False)
class Words:
    """A catalogue in one language: says a sentence by its key, and writes numbers as the language does."""

    language: str
    catalogue: dict[str, Any]  # nested tables of a TOML file: its shape is checked by the tests of the catalogue

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Which way the language is written."""
        return cast(Literal["ltr", "rtl"], self.catalogue["direction"])

    def plain(self, key: str) -> str:
        """The text of a key such as "front.who", without any place to fill."""
        return str(self._at(key))

    def lines(self, key: str) -> list[str]:
        """The texts of a key that holds several."""
        return [str(text) for text in self._at(key)]

    def choose(self, key: str, name: str) -> str:
        """The text of `name` under a key, or that of "other" for a name the catalogue does not know."""
        texts = self._at(key)
        return str(texts.get(name, texts["other"]))

    def barrier(self, name: str) -> dict[str, str] | None:
        """Name, meaning and first move of a barrier kind; None for one that the catalogue does not know."""
        return cast("dict[str, str] | None", self._at("barrier").get(name))

    def say(self, key: str, **values: Said) -> Sentence:
        """The sentence of a key with its places filled; a place without a value raises KeyError."""
        return self.fill(self.plain(key), **values)

    def fill(self, template: str, **values: Said) -> Sentence:
        """A template's sentence, its {places} filled with runs."""
        runs: list[Run] = []
        for text, place, _, _ in Formatter().parse(template):
            runs.extend([Run(text)] if text else [])
            runs.extend(as_sentence(values[place]) if place else ())
        return tuple(runs)

    def joined(self, items: Sequence[Said], last: str = "and") -> Sentence:
        """Items as a list in a sentence: "a, b or c". last: "and" | "or" | "comma" |
        "and_next" (items with commas of their own: parted by semicolons throughout)."""
        runs: list[Run] = []
        for position, item in enumerate(items):
            if position:
                between = last if position == len(items) - 1 or last == "and_next" else "comma"
                runs.append(Run(self.plain(f"number.{between}")))
            runs.extend(as_sentence(item))
        return tuple(runs)

    def more_than(self, ratio: float) -> str:
        """A ratio in plain words that follow the people: "nearly twice as many as expected"."""
        return next(str(step["words"]) for step in self.catalogue["ratio"] if ratio < step["below"])

    def printed(self, value: float, kind: RunKind) -> str:
        """A number as the brief prints it.

        count: whole, grouped. percent: whole from 10 % up and for none, else one decimal. percent_whole: whole.
        points: as percent without the sign. ratio: two decimals. p: one significant digit, or "below 0.0001".
        """
        if kind in ("percent", "percent_whole"):
            return self._percent(value, whole=kind == "percent_whole")
        if kind == "points":
            return self._decimal(100 * value, 0).replace("-", "\u2212")
        if kind == "ratio":
            return self._decimal(value, 2)
        if kind == "p":
            return self._probability(value)
        return self._decimal(value, 0)

    def day(self, iso: str) -> str:
        """A date in words, from its ISO form."""
        when = date.fromisoformat(iso)
        month = self.catalogue["number"]["months"][when.month - 1]
        return self.plain("number.date").format(day=when.day, month=month, year=when.year)

    def _percent(self, value: float, *, whole: bool) -> str:
        if 0 < value < SMALLEST_SHARE and not whole:
            return self.plain("number.below").format(number=self._percent(SMALLEST_SHARE, whole=False))
        digits = 0 if whole or value >= WHOLE_FROM or value == 0 else 1
        return self.plain("number.percent").format(number=self._decimal(100 * value, digits))

    def _probability(self, value: float) -> str:
        text = f"{Decimal(f'{max(value, SMALLEST_P):.0e}'):f}".replace(".", self.plain("number.decimal"))
        return text if value >= SMALLEST_P else self.plain("number.below").format(number=text)

    def _decimal(self, value: float, places: int) -> str:
        marks = {",": self.plain("number.thousands"), ".": self.plain("number.decimal")}
        return "".join(marks.get(sign, sign) for sign in f"{value:,.{places}f}")

    def _at(self, key: str) -> Any:  # a leaf or a table of the catalogue
        found: Any = self.catalogue
        for part in key.split("."):
            found = found[part]
        return found


@cache
def catalogue(language: str) -> Words:
    """The catalogue of a language. Raises LanguageError, which names the languages there are."""
    path = files("upwell.evidence.brief").joinpath("text", f"{language}.toml")
    if language not in LANGUAGES:
        raise LanguageError(f"There is no brief in {language!r} yet. Choose one of: {', '.join(LANGUAGES)}.")
    return Words(language, tomllib.loads(path.read_text(encoding="utf-8")))


def as_sentence(said: Said) -> Sentence:
    """Runs of what may be a sentence, a run or a bare text."""
    if isinstance(said, str):
        return (Run(said),)
    return (said,) if isinstance(said, Run) else said


def begun(sentence: Sentence) -> Sentence:
    """The sentence with its first letter large, wherever that letter comes from."""
    first, *rest = sentence
    return (replace(first, text=large(first.text)), *rest)


def within(run: Run) -> Run:
    """A label that began a row, as it stands inside a sentence: its first letter small, unless it is all capitals."""
    return run if run.text[:2].isupper() else replace(run, text=run.text[:1].lower() + run.text[1:])


def large(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


def said(*sentences: Said) -> Sentence:
    """Sentences one after the other, a space between."""
    runs: list[Run] = []
    for sentence in sentences:
        runs.extend([Run(" ")] if runs else [])
        runs.extend(as_sentence(sentence))
    return tuple(runs)


def strong(sentence: Iterable[Run]) -> Sentence:
    """The sentence in bold."""
    return tuple(replace(run, strong=True) for run in sentence)
