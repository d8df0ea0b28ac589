"""What was left out or made coarser to be safe: a sentence a reason instead of a line a table."""

from __future__ import annotations

import re

from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.model import Block, Bullets, Paragraph, Run, Sentence
from upwell.evidence.brief.words import large

TITLE_AND_REASON = re.compile(r"(?P<title>.+): (?P<reason>[^:]+)\.", re.DOTALL)
"""A sentence about one table: its title, and what became of it and why."""


def lost(quoter: Quoter) -> list[Block]:
    """One sentence a reason, that names the kinds of table and of how many questions each; [] when nothing was lost."""
    reasons: dict[str, dict[str, list[int]]] = {}
    whole: list[Sentence] = []
    for number, told in enumerate(quoter.release.loss.coarsened):
        matched = TITLE_AND_REASON.fullmatch(told)
        kind = _kind(quoter, matched["title"]) if matched else ""
        if matched and kind:
            reasons.setdefault(matched["reason"], {}).setdefault(kind, []).append(number)
        else:
            whole.append((quoter.said(f"loss:coarsened.{number}", told),))
    items = tuple(_sentence(quoter, reason, kinds) for reason, kinds in reasons.items())
    if not items and not whole:
        return []
    return [Paragraph(quoter.words.say("promise.coarsened")), Bullets((*items, *whole))]


def _kind(quoter: Quoter, title: str) -> str:
    """What is left of a table's title without its question: "by age at entry", "over time"; "" for other titles."""
    for question in quoter.release.questions:
        if title.startswith(question.words):
            return title.removeprefix(question.words).lstrip(":, ")
    return ""


def _sentence(quoter: Quoter, reason: str, kinds: dict[str, list[int]]) -> Sentence:
    words = quoter.words
    tables = []
    for kind, numbers in kinds.items():
        paths = [f"loss:coarsened.{number}" for number in numbers]
        many = Run(words.printed(len(numbers), "count"), f"many({', '.join(paths)})", "count")
        key = "lost_one" if len(numbers) == 1 else "lost_many"
        tables.append(words.say(f"promise.{key}", kind=quoter.said(paths[0], kind), many=many))
    first = next(iter(kinds.values()))[0]
    told = quoter.said(f"loss:coarsened.{first}", large(reason))
    return words.say("promise.lost", reason=told, tables=words.joined(tables, "and"))
