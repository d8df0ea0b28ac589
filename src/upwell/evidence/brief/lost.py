"""What protection cost: how much is still shown, and what was left out or made coarser, a sentence a reason."""

from __future__ import annotations

import re

from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.model import Bar, Block, Bullets, Grid, Line, Paragraph, Run, Sentence
from upwell.evidence.brief.words import large

FEWEST_BY_SIZE = 100
"""Numbers asked for from which the cost is told by size: of fewer, the bounds say nothing that a reader can use."""

TITLE_AND_REASON = re.compile(r"(?P<title>.+): (?P<reason>[^:]+)\.", re.DOTALL)
"""A sentence about one table: its title, and what became of it and why."""


def cost(quoter: Quoter) -> list[Block]:
    """How many counts are shown, and of those large enough to be shown at least what share, by size with bars."""
    words, loss = quoter.words, quoter.release.loss
    shown = words.say(
        "promise.shown",
        shown=quoter.field("loss:shown", loss.shown, "count"),
        cells=quoter.field("loss:cells", loss.cells, "count"),
        share=quoter.field("loss:share_large_shown", loss.share_large_shown, "percent_whole"),
        threshold=quoter.field("release:threshold", quoter.release.threshold, "count"),
    )
    blocks: list[Block] = [Paragraph(shown)]
    sizes = tuple(_size(quoter, number) for number, (_, asked, _) in enumerate(loss.by_size) if asked)
    if sizes and loss.cells >= FEWEST_BY_SIZE:
        head = tuple(words.plain(f"promise.{name}") for name in ("size", "still_shown"))
        blocks.append(Grid(words.say("promise.by_size"), head, sizes, (), (words.say("promise.bound"),), bars=True))
    return blocks


def _size(quoter: Quoter, number: int) -> Line:
    size, asked, shown = quoter.release.loss.by_size[number]
    path = f"loss:by_size.{number}"
    many = quoter.words.say(
        "promise.of_at_most",
        shown=quoter.field(f"{path}.2", shown, "count"),
        asked=quoter.field(f"{path}.1", asked, "count"),
    )
    share = shown / asked
    return Line((quoter.said(f"{path}.0", size),), (many,), bar=Bar(share, share, share))


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
