"""The blind index: names are found by keyed digests of their words, so that no name is ever in SQL or on disk."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from uuid import UUID

from upwell.practice.person.ring import ring

SHORTEST = 3
"""Letters of the shortest beginning of a word that finds it."""

_LONGEST = 40
_FROM_HERE_EACH_SIGN_IS_A_WORD = "\u2e80"  # Chinese, Japanese and Korean names are one or two signs
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_APOSTROPHES = str.maketrans({sign: None for sign in "'’‘ʼʻ`´"})


def words(text: str) -> list[str]:
    """The words of a name as they are compared: without case, accents or punctuation; "O'Brien" is one word."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold()).casefold().translate(_LETTERS)
    letters = "".join(sign for sign in plain if not unicodedata.category(sign).startswith("M"))
    return "".join(sign if sign.isalnum() else " " for sign in letters).split()


def tokens(agency_id: UUID | str, *names: str) -> set[str]:
    """What the index holds for these names: one token a word, and one for each beginning of 3 letters or more."""
    held: set[str] = set()
    for name in names:
        for word in {*words(name), *words(name.translate({ord(sign): " " for sign in "'’‘ʼʻ`´"}))}:
            held.update(word[:length] for length in range(_shortest(word), min(len(word), _LONGEST) + 1))
            held.add(word[:_LONGEST])
    return {token(agency_id, word) for word in held}


def token(agency_id: UUID | str, word: str) -> str:
    """The token of one word: 24 hex digits of an HMAC. Another agency's token of the same word is another one."""
    message = f"{agency_id} {word[:_LONGEST]}".encode("utf-8", "replace")
    return hmac.new(ring().index, message, hashlib.sha256).hexdigest()[:24]


def _shortest(word: str) -> int:
    return 1 if word[0] >= _FROM_HERE_EACH_SIGN_IS_A_WORD else SHORTEST
