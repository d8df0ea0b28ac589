"""Finds in a text what points to somebody: known names, dates, numbers, addresses, words that look like names.

Pure: text in, places out. Nothing is changed unless `neutral` is asked for. It flags too much rather than too little:
a person then looks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What sort of pointer. The earlier kind is the stronger where two cover the same place."""

    PERSON = "person", _("the person's name")
    HOUSEHOLD = "household", _("a name from the household")
    WORKER = "worker", _("a worker's name")
    EMAIL = "email", _("an e-mail address")
    ADDRESS = "address", _("a street address")
    DATE = "date", _("a date")
    PHONE = "phone", _("a phone number")
    NUMBER = "number", _("a long number")
    NAME = "name", _("what looks like a name")


KNOWN = frozenset({Kind.PERSON, Kind.HOUSEHOLD, Kind.WORKER})
"""Kinds that are no guess: the name stands in the file."""

NEUTRAL: dict[Kind, str | Promise] = {
    Kind.PERSON: _("the person"),
    Kind.HOUSEHOLD: _("somebody in the family"),
    Kind.WORKER: _("the worker"),
    Kind.EMAIL: _("an e-mail address"),
    Kind.ADDRESS: _("an address"),
    Kind.DATE: _("that day"),
    Kind.PHONE: _("a phone number"),
    Kind.NUMBER: _("a number"),
    Kind.NAME: _("somebody"),
}
"""What `neutral` writes instead."""


@dataclass(frozen=True)
class Names:
    """Names to look for, and public ones (offices, rules, towns) that point to nobody."""

    person: frozenset[str] = field(default_factory=frozenset)
    household: frozenset[str] = field(default_factory=frozenset)
    workers: frozenset[str] = field(default_factory=frozenset)
    public: frozenset[str] = field(default_factory=frozenset)

    def __repr__(self) -> str:
        """Never the names: a repr ends up in logs."""
        return f"Names({len(self.person)}, {len(self.household)}, {len(self.workers)}, {len(self.public)})"


@dataclass(frozen=True)
class Found:
    """A place in a text, start..end as Python slices it, and what stands there."""

    start: int
    end: int
    kind: Kind

    @property
    def neutral(self) -> str:
        """Words that point to nobody, in the reader's language."""
        return str(NEUTRAL[self.kind])


def find(text: str, names: Names | None = None) -> list[Found]:
    """What points to somebody, in order, no two places overlapping."""
    names = names or Names()
    known = [Found(start, end, kind) for kind, some in _known(names) for start, end in _places(text, some)]
    public = [_fold(name)[0] for name in names.public]
    guessed = [each for each in _guesses(text) if not _is_public(text[each.start : each.end], public)]
    return _apart(known + guessed)


def neutral(text: str, found: Iterable[Found]) -> str:
    """The text with each place replaced by words that point to nobody. found: as `find` gave it for this text."""
    for each in sorted(found, key=lambda one: one.start, reverse=True):
        text = text[: each.start] + each.neutral + text[each.end :]
    return text


def _known(names: Names) -> tuple[tuple[Kind, frozenset[str]], ...]:
    return ((Kind.PERSON, names.person), (Kind.HOUSEHOLD, names.household), (Kind.WORKER, names.workers))


def _is_public(words: str, public: Sequence[str]) -> bool:
    """Whether words stand in the name of an office, a rule or a town."""
    folded = _fold(words)[0]
    return any(folded in name for name in public)


def _apart(found: Sequence[Found]) -> list[Found]:
    """Places that overlap become one, of the strongest kind among them: half a name is a name."""
    rank = list(Kind)
    apart: list[Found] = []
    for each in sorted(found, key=lambda one: (one.start, one.end)):
        if apart and each.start < apart[-1].end:
            before = apart.pop()
            each = Found(before.start, max(before.end, each.end), min(before.kind, each.kind, key=rank.index))
        apart.append(each)
    return apart


# Known names: letters compared without case, accents and invisible signs, each folded letter remembering its place.


def _fold(text: str) -> tuple[str, list[int]]:
    """The text without case and accents, and for each of its letters the place in the original."""
    letters, places = [], []
    for place, letter in enumerate(text):
        for plain in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold()):
            if not unicodedata.combining(plain) and unicodedata.category(plain) != "Cf":
                letters.append(_PLAIN.get(plain, plain))
                places.append(place)
    return "".join(letters), places


_PLAIN = {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ħ": "h", "ŧ": "t"}  # letters that NFKD leaves whole
_LETTER = r"[^\W\d_]"
_WORD = re.compile(_LETTER + "+")


def _places(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Where names stand in a text, in any case and with or without accents: (start, end) in the original."""
    patterns = [pattern for name in names for pattern in _patterns(name)]
    if not patterns:
        return []
    folded, places = _fold(text)
    longest_first = sorted(set(patterns), key=lambda one: (-len(one), one))
    found = re.finditer("|".join(longest_first), folded)
    return [(places[one.start()], _end(text, places[one.end() - 1])) for one in found]


def _patterns(name: str) -> Iterator[str]:
    """The whole name with anything between its words, and each word of two letters or more alone."""
    words = _WORD.findall(_fold(name)[0])
    if not words:
        return
    yield _bounded(r"[\W\d_]{0,3}".join(re.escape(word) for word in words), words)
    yield from (_bounded(re.escape(word), [word]) for word in words if len(word) > 1)


def _bounded(pattern: str, words: Sequence[str]) -> str:
    """A pattern that stands alone between letters; where a script writes no gaps between words, anywhere."""
    if all(unicodedata.category(letter) == "Lo" for word in words for letter in word):
        return pattern
    plural = "(?:e?s)?" if len(words[-1]) > 2 else ""
    return f"(?<!{_LETTER}){pattern}{plural}(?!{_LETTER})"


def _end(text: str, last: int) -> int:
    """The end of a place whose last letter stands at `last`: accents that follow it belong to it."""
    end = last + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


# Guesses: patterns of what usually points to somebody.

_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre"
    "|diciembre"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th|º)?"
_YEAR = r"(?:,? ?(?:of |de |del )?\d{4})?"
_STREET = (
    r"street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl|terrace|parkway|pkwy|highway"
    r"|hwy|circle|square"
)
_STREET_WORD = r"(?:[^\W\d][\w.'’-]{0,30}|\d{1,3}(?:st|nd|rd|th))"
_SHAPES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.EMAIL, re.compile(r"[^\s@<>,;:]{1,64}@[^\s@<>,;:]{1,190}\.[^\W\d_]{2,24}")),
    (Kind.ADDRESS, re.compile(rf"\b\d{{1,6}}[a-z]?(?: {_STREET_WORD}){{1,4}}? (?:{_STREET})\b\.?", re.I)),
    (Kind.ADDRESS, re.compile(r"\b(?:calle|avenida|av\.|camino) (?:[\w.'’-]{1,30} ){0,4}\d{1,6}\b", re.I)),
    (Kind.ADDRESS, re.compile(r"\b(?:p\.? ?o\.? box|apt\.?|apartment|unit|apto\.?) ?#?\d{1,6}[a-z]?\b", re.I)),
    (Kind.DATE, re.compile(r"(?<!\d)\d{4}-\d{1,2}-\d{1,2}(?!\d)")),
    (Kind.DATE, re.compile(r"(?<!\d)\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)")),
    (Kind.DATE, re.compile(rf"\b{_DAY} (?:of |de )?(?:{_MONTH})\b\.?{_YEAR}", re.I)),
    (Kind.DATE, re.compile(rf"\b(?:{_MONTH})\.? {_DAY}\b{_YEAR}", re.I)),
    (Kind.PHONE, re.compile(r"(?<![\w])\+?\(?\d(?:[ ()./-]{0,2}\d){6,14}(?!\d)")),
    (Kind.NUMBER, re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")),
    (Kind.NUMBER, re.compile(r"(?<![\d.,])\d{5,}(?!\d)")),
)
_YEARS = re.compile(r"(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d")
_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Mx|Miss|Dr|Sr|Sra|Srta|Dra|Don|Doña)\.? $")
_NAME_WORD = re.compile(rf"{_LETTER}+(?:['’-]{_LETTER}+)*")
_COMMON_TEXT = (
    "a about after all also an and any as asked at because before but by called can client could did do does each el "
    "every for friday from had has have he her his how i if in is it its la las last los mr mrs ms monday my neither "
    "never next no nobody not now of on once one or our saturday she since so some sunday that the their then there "
    "they this thursday today tomorrow tuesday un una was we wednesday were what when where which while who why will "
    "with without would yesterday you"
)
_COMMON = frozenset(_COMMON_TEXT.split())


def _guesses(text: str) -> Iterator[Found]:
    for kind, shape in _SHAPES:
        for one in shape.finditer(text):
            if not _YEARS.fullmatch(one.group()):
                is_bare = kind == Kind.PHONE and one.group().isdecimal()
                yield Found(one.start(), one.end(), Kind.NUMBER if is_bare else kind)
    for start, end in _name_like(text):
        yield Found(start, end, Kind.NAME)


def _name_like(text: str) -> Iterator[tuple[int, int]]:
    """Two or more words in a row that begin with a capital, or one after a title such as "Mr."."""
    run: list[re.Match[str]] = []
    for word in _NAME_WORD.finditer(text):
        if run and not _goes_on(text[run[-1].end() : word.start()], run[-1].group()):
            yield from _name(text, run)
            run = []
        is_initial = len(word.group()) == 1 and word.group().isupper() and text[word.end() : word.end() + 1] == "."
        if is_initial or _is_capital(word.group()):
            run.append(word)
        else:
            yield from _name(text, run)
            run = []
    yield from _name(text, run)


def _goes_on(between: str, before: str) -> bool:
    """Whether a name may go on after a space, or after the full stop of an initial."""
    return between in {" ", "\u00a0"} or (between == ". " and len(before) == 1)


def _name(text: str, run: Sequence[re.Match[str]]) -> Iterator[tuple[int, int]]:
    after_title = bool(run) and bool(_TITLE.search(text[max(0, run[0].start() - 8) : run[0].start()]))
    if len(run) > 1 or after_title:
        yield run[0].start(), run[-1].end()


def _is_capital(word: str) -> bool:
    return word[0].isupper() and word.casefold() not in _COMMON and (len(word) == 1 or not word.isupper())
