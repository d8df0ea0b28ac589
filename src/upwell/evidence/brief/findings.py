"""Each finding with its number, the picture of the same number, and the table that both were made from."""

from __future__ import annotations

from dataclasses import replace

from upwell.evidence.brief import grids, group
from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.model import (
    Block,
    Bullets,
    Figure,
    Marked,
    Paragraph,
    Run,
    Section,
    Sentence,
    Subheading,
)
from upwell.evidence.brief.words import begun, said
from upwell.evidence.disclosure.release import Pattern

ROLES = ("finding", "comparison")


def findings(quoter: Quoter) -> tuple[Section, ...]:
    """A section for each released pattern, by rank."""
    return tuple(_finding(quoter, pattern) for pattern in sorted(quoter.release.patterns, key=lambda each: each.rank))


def _finding(quoter: Quoter, pattern: Pattern) -> Section:
    words, ident = quoter.words, f"finding-{pattern.rank}"
    blocks: tuple[Block, ...] = (
        Paragraph(_sentence(quoter, pattern), "lead"),
        Paragraph(said(*group.compared(quoter, pattern))),
        *_compare(quoter, pattern),
        _heading(quoter, ident, "size"),
        Paragraph(said(group.surety(quoter, pattern), *_agencies(quoter, pattern))),
        _heading(quoter, ident, "views"),
        Paragraph(_views(quoter, pattern), "caution" if pattern.agrees is False else ""),
        _heading(quoter, ident, "since"),
        Paragraph(group.since(quoter, pattern)),
        *_series(quoter, pattern),
        *_places(quoter, pattern, ident),
        _heading(quoter, ident, "lever"),
        Bullets(group.lever(quoter, quoter.questions[pattern.question])),
        _heading(quoter, ident, "unknown"),
        Bullets(group.unknown(quoter, pattern)),
    )
    rank = quoter.field(f"pattern:{pattern.rank}:rank", pattern.rank, "count")
    heading = words.say("finding.heading", rank=rank, headline=begun(group.headline(quoter, pattern)))
    return Section(ident, heading, blocks, words.plain("label.part"), page=True)


def _heading(quoter: Quoter, ident: str, key: str) -> Subheading:
    return Subheading(quoter.words.say(f"finding.{key}"), f"{ident}-{key}")


def _sentence(quoter: Quoter, pattern: Pattern) -> Sentence:
    words = quoter.words
    found = words.say(
        "finding.sentence",
        group=group.named(quoter, pattern),
        persons=quoter.count(pattern.table, 0, "persons"),
        yes=quoter.count(pattern.table, 0, "yes"),
        share=quoter.share(pattern.table, 0),
        among=words.choose("baseline_among", pattern.baseline),
        expected_share=quoter.pattern(pattern, "expected_share", "percent_whole"),
        excess=quoter.pattern(pattern, "excess.value", "count"),
        low=quoter.pattern(pattern, "excess.low", "count"),
        high=quoter.pattern(pattern, "excess.high", "count"),
        **quoter.asked(quoter.questions[pattern.question], "happened"),
    )
    return said(found, group.surety_short(quoter, pattern))


def _compare(quoter: Quoter, pattern: Pattern) -> tuple[Block, ...]:
    table, words = quoter.tables[pattern.table], quoter.words
    question = quoter.questions[pattern.question]
    names = (words.say("finding.inside"), words.say("finding.outside"))
    marks = tuple(
        replace(mark, label=name) for mark, name in zip(grids.points(quoter, table, ROLES), names, strict=False)
    )
    expected = quoter.pattern(pattern, "expected_share", "percent_whole")
    inside, outside = quoter.share_and_count(table.id, 0), quoter.share_and_count(table.id, 1)
    figure = Figure(
        f"figure-{table.id}",
        "bars",
        words.say("finding.figure_bars_title", share=quoter.share(table.id, 0), expected=expected),
        words.say("finding.figure_bars_subtitle", **grids.about(quoter, question)),
        words.say("finding.figure_bars_alt", inside=inside, outside=outside, expected=expected),
        marks,
        grids.expected_of(quoter, pattern),
        (table.id,),
    )
    grid = grids.split_grid(quoter, table, words.say("finding.table"), ROLES)
    lines = tuple(replace(line, label=name) for line, name in zip(grid.lines, names, strict=False))
    return figure, replace(grid, lines=lines)


def _agencies(quoter: Quoter, pattern: Pattern) -> tuple[Sentence, ...]:
    key = {True: "agencies_hold", False: "agencies_fall", None: "agencies_single"}[pattern.leave_one_out]
    return (quoter.words.say(f"finding.{key}"),)


def _views(quoter: Quoter, pattern: Pattern) -> Sentence:
    if pattern.within_programme is None:
        return quoter.words.say("finding.within_unknown")
    key = {True: "within_agrees", False: "within_disagrees", None: "within_unclear"}[pattern.agrees]
    return quoter.words.say(
        f"finding.{key}",
        expected=quoter.pattern(pattern, "expected_share", "percent_whole"),
        within=quoter.pattern(pattern, "within_programme", "percent_whole"),
    )


def _series(quoter: Quoter, pattern: Pattern) -> tuple[Block, ...]:
    if pattern.series not in quoter.tables:
        return ()
    table, words, question = quoter.tables[pattern.series], quoter.words, quoter.questions[pattern.question]
    steps = words.choose("steps", table.steps)
    key = "series_when" if pattern.when else "series"
    grid = grids.split_grid(quoter, table, words.say(f"finding.{key}", steps=steps))
    figure = grids.line_figure(quoter, table, question)
    if figure is None:
        return (grid,)
    ends = {"first_share": figure.points[0].text, "last_share": figure.points[-1].text}
    alt = words.say(
        "finding.figure_line_alt",
        points=grids.spoken(quoter, figure.points),
        expected=quoter.pattern(pattern, "expected_share", "percent_whole"),
        onset=group.since(quoter, pattern),
    )
    title = words.say("finding.figure_line_title", **ends)
    return replace(figure, title=title, alt=alt, marked=_marked(quoter, pattern)), grid


def _marked(quoter: Quoter, pattern: Pattern) -> Marked:
    marked = grids.expected_of(quoter, pattern)
    if pattern.onset_month < 0:
        return marked
    onset = quoter.said(f"pattern:{pattern.rank}:onset", pattern.onset)
    low, high = (month if month >= 0 else None for month in (pattern.onset_low_month, pattern.onset_high_month))
    text: Sentence = quoter.words.say("finding.onset_label", onset=onset) if pattern.onset else (Run(""),)
    return replace(marked, onset=pattern.onset_month, onset_low=low, onset_high=high, onset_text=text)


def _places(quoter: Quoter, pattern: Pattern, ident: str) -> tuple[Block, ...]:
    if len(group.places(quoter, pattern)) < 2:
        return ()  # one place is no comparison, and stands in the group's own name
    table, words, question = quoter.tables[pattern.place], quoter.words, quoter.questions[pattern.question]
    place = quoter.said("release:place_words", quoter.release.place_words)
    bound = any(column == quoter.release.place_words for column, _ in pattern.where)
    key = "place_table_bound" if bound else "place_table"
    grid = grids.split_grid(quoter, table, words.say(f"finding.{key}", place=place))
    marks = tuple(sorted(grids.points(quoter, table), key=lambda mark: -mark.value))
    if len(marks) < 2:
        return _heading(quoter, ident, "places"), grid
    expected = quoter.pattern(pattern, "expected_share", "percent_whole")
    figure = Figure(
        f"figure-{table.id}",
        "dots",
        words.say("finding.figure_dots_title", expected=expected),
        words.say("finding.figure_dots_subtitle", place=place, **grids.about(quoter, question)),
        words.say("finding.figure_dots_alt", points=grids.spoken(quoter, marks), expected=expected),
        marks,
        grids.expected_of(quoter, pattern),
        (table.id,),
    )
    return _heading(quoter, ident, "places"), figure, grid
