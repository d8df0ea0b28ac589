"""The promise of a release in plain words, what it does not cover, and the one marker of what is withheld.

Every face of a release - page, paper, plain text, data package, web page, an agency's own table - says it with these.
"""

from __future__ import annotations

from typing import NamedTuple

from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.model import Sentence, text_of
from upwell.evidence.brief.words import catalogue
from upwell.evidence.disclosure.release import Release


class Promise(NamedTuple):
    """Sentences: what is promised to the people in the records, and what the promise does not cover."""

    promised: tuple[str, ...]
    not_covered: tuple[str, ...]


def promise(release: Release, language: str = "en") -> Promise:
    """What a release promises, and what it does not. Raises LanguageError for a language without a catalogue."""
    quoter = Quoter(release, catalogue(language))
    return Promise(
        tuple(text_of(sentence) for sentence in promised(quoter)),
        tuple(text_of(sentence) for sentence in not_covered(quoter)),
    )


def withheld(release: Release, language: str = "en") -> str:
    """What the marker means, with the release's own threshold: "withheld (0 to 10, or hidden to protect another)"."""
    return text_of(marker_of(Quoter(release, catalogue(language))))


def promised(quoter: Quoter) -> tuple[Sentence, ...]:
    """The promise, with where its numbers come from."""
    words, release = quoter.words, quoter.release
    marker = words.say("promise.one_marker", marker=marker_of(quoter))
    if not release.width:
        return words.say("promise.kept_unsaid"), marker
    kept = words.say("promise.kept", values=quoter.values_kept)
    return kept, words.say("promise.witnessed"), marker


def not_covered(quoter: Quoter) -> tuple[Sentence, ...]:
    """What the promise does not cover."""
    return tuple(quoter.words.fill(line) for line in quoter.words.lines("promise.limits"))


def marker_of(quoter: Quoter, word: str = "") -> Sentence:
    """The marker with its meaning. word: another than the language's own ("withheld" in every CSV)."""
    return quoter.words.say(
        "promise.marker", word=word or quoter.words.plain("label.withheld"), most=quoter.most_hidden
    )
