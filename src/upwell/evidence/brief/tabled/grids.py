"""A table of counts as printed: two columns crossed where they fit a page, else one line a combination."""

from __future__ import annotations

from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.model import Block, Grid, Line, Paragraph, Run, Sentence
from upwell.evidence.brief.tabled.layout import MORE, Printed, percent
from upwell.evidence.brief.words import large
from upwell.evidence.disclosure.release import Table

MOST_ROWS = 600
"""Lines of a table that the page still prints; longer ones stand in the files alone."""

MOST_OPEN = 40
"""Lines that stand open; more are folded."""

MOST_ACROSS = 8
"""Values that a crossed table has side by side."""


def grids(quoter: Quoter, table: Table, printed: Printed) -> tuple[Block, ...]:
    """What the page prints of one table."""
    words = quoter.words
    title = quoter.said(f"table:{table.id}:title", table.title)
    if len(table.rows) > MOST_ROWS:
        rows = Run(words.printed(len(table.rows), "count"), f"many({table.id})", "count")
        return (Paragraph(words.say("tables.long", title=title, rows=rows, id=f"{table.id}")),)
    crossed = _crossed(quoter, table)
    head, lines = crossed or _listed(quoter, table, printed)
    folded = len(lines) > MOST_OPEN
    return (Grid(words.say("tables.caption", title=title), head, lines, (table.id,), folded=folded),)


def _crossed(quoter: Quoter, table: Table) -> tuple[tuple[str, ...], tuple[Line, ...]] | None:
    """The values of one column down and of another across; None where the table has no such form."""
    if len(table.columns) != 2 or table.split:
        return None
    across = list(dict.fromkeys(row.values[1] for row in table.rows))
    down: dict[str, dict[str, int]] = {}
    for number, row in enumerate(table.rows):
        down.setdefault(row.values[0], {})[row.values[1]] = number
    if len(across) > MOST_ACROSS or any(len(places) != len(across) for places in down.values()):
        return None
    lines = tuple(
        Line(
            (quoter.said(f"label:{table.id}:{next(iter(places.values()))}", value),),
            tuple(_count(quoter, table.id, places[each]) for each in across),
        )
        for value, places in down.items()
    )
    return (large(table.columns[0]), *across), lines


def _listed(quoter: Quoter, table: Table, printed: Printed) -> tuple[tuple[str, ...], tuple[Line, ...]]:
    words = quoter.words
    counts = [large(printed.count)]
    if table.split:
        counts += [large(printed.yes), words.plain("label.no")]
    rate = [words.plain("label.percent")] if table.split and printed.decimals is not None else []
    lines = []
    for number, row in enumerate(table.rows):
        told = row.values or (row.label,)
        label, *rest = (quoter.said(f"label:{table.id}:{number}", value) for value in told)
        cells: list[Sentence] = [(each,) for each in rest]
        cells.append(_count(quoter, table.id, number))
        if table.split:
            cells += [(quoter.count(table.id, number, name),) for name in ("yes", "no")]
        if rate:
            cells.append(_rate(quoter, table.id, number, printed.decimals or 0))
        lines.append(Line((label,), tuple(cells)))
    names = [large(name) for name in table.columns] or [words.plain("label.all")]
    return (*names, *counts, *rate), tuple(lines)


def _count(quoter: Quoter, table: str, number: int) -> Sentence:
    """Persons in a row; where they are withheld and their class is not, the class."""
    row = quoter.row(table, number)
    if row.persons is not None or row.between is None:
        return (quoter.count(table, number, "persons"),)
    low, high = row.between
    ends = {"low": Run(quoter.words.printed(low, "count"), f"{table}:{number}:between.0", "words")}
    if high == MORE:
        return quoter.words.say("tables.from", **ends)
    ends["high"] = Run(quoter.words.printed(high - 1, "count"), f"{table}:{number}:between.1", "words")
    return quoter.words.say("tables.between", **ends)


def _rate(quoter: Quoter, table: str, number: int, decimals: int) -> Sentence:
    row = quoter.row(table, number)
    printed = percent(row, decimals)
    if printed:
        text = quoter.words.plain("number.percent").format(number=printed)
        return (Run(text, f"{table}:{number}:percent", "words"),)
    return (quoter.share(table, number),)
