"""A planted issue: a trouble made likelier in one sub-population, so that a search has something true to find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Plant:
    """The odds of a question's "yes" multiplied for stays inside `where`, from `since` to `until`.

    where: column -> value keys, all of which must hold (vocabulary.VALUES; project, agency, place by slug of the name).
    odds: factor above 0. since, until: ISO dates, inclusive, of the date that places the question in time; "" open.
    words: one sentence for people who are told what was planted.
    """

    question: str
    where: Mapping[str, tuple[str, ...]]
    odds: float
    since: str = ""
    until: str = ""
    words: str = ""
