"""Whether a text that is to cross names somebody: a person of the agency (by the blind index) or a worker."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from upwell.practice.accounts.models import Agency
from upwell.practice.micro import identifiers
from upwell.practice.micro.crossing import queries
from upwell.practice.micro.identifiers import Kind, Names
from upwell.practice.person import index

POINTERS = frozenset({Kind.WORKER, Kind.EMAIL, Kind.PHONE, Kind.ADDRESS})
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


def why_not(text: str, agency: Agency) -> str:
    """Why a text may not cross, as a sentence that repeats nobody's name; "" when nothing was found.

    A word counts as a name when it is the whole of a person's first, last or preferred name and begins with a capital,
    or when two such names of one person stand side by side in whatever letters.
    """
    plain = _without_public(text, queries.public_names())
    workers = Names(workers=frozenset(agency.workers.values_list("name", flat=True)))
    if any(found.kind in POINTERS for found in identifiers.find(plain, workers)):
        return _("This names a worker, or a way to reach somebody. Say it without.")
    if _names_somebody(plain, agency):
        return _("This holds the name of somebody whom the agency serves. Say it without, or in another word.")
    return ""


def _names_somebody(text: str, agency: Agency) -> bool:
    written = _WORD.findall(text)
    folded = [index.words(word) for word in written]
    every = {word for words in folded for word in words}
    capital = {word for shown, words in zip(written, folded, strict=True) if shown[:1].isupper() for word in words}
    line = [word for words in folded for word in words]
    beside = set(pairwise(line))
    tokens = {index.token(agency.pk, word) for word in every}
    for first, last, preferred in queries.people_with_tokens(agency, tokens):
        firsts, lasts = {*index.words(first), *index.words(preferred)}, {*index.words(last)}
        if (firsts | lasts) & capital or any((a, b) in beside or (b, a) in beside for a in firsts for b in lasts):
            return True
    return False


def _without_public(text: str, public: Sequence[str]) -> str:
    """The text without the names of places, institutions and policies, the longest first."""
    for name in sorted(filter(None, public), key=len, reverse=True):
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    return text
