"""Outside: published tables as somebody outside sees them: one set of unknowns under all that was printed.

Tables are linked by the names of their columns and values: a count of "North" in two files is the same count. Values of
one column that stand with one value of another only (a tract with its county) lie within it. Where all columns together
have too many combinations, each table has its own unknowns, and tables that share columns agree on what they share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.attacking.attack import Public
from upwell.evidence.disclosure.attacking.explain import Share
from upwell.evidence.disclosure.attacking.shares import bands_of, ends_at, ends_of, scale_of, whole_of, words_of
from upwell.evidence.disclosure.attacking.unknowns import (
    Block,
    Rows,
    block_of,
    nesting,
    own_block,
    ties_between,
    values_of,
)
from upwell.records.tables.marks import Printed
from upwell.records.tables.published import Line, Published, Values

Counts = NDArray[np.int64]

HALF = 0.5


@dataclass(frozen=True)
class Seen:
    """One count of a published table, as words. table: its name. place: file and line, "" where no row says it.

    words: whom it counts. columns, values: as the table has them; None is the total. mark: the mark as printed.
    """

    table: str
    words: str
    place: str
    columns: tuple[str, ...]
    values: Values
    answer: str
    mark: str


@dataclass(frozen=True)
class Outside:
    """What outsiders can write down. cells: one a count of `public`. floor, ceiling: see attack. said: assumptions."""

    public: Public
    cells: tuple[Seen, ...]
    floor: Counts
    ceiling: Counts
    said: tuple[str, ...]
    shares: tuple[Share, ...] = ()
    band_tables: tuple[str, ...] = ()


def outside(tables: Sequence[Published], *, zeros_shown: bool | None = None, absent: str = "") -> Outside:
    """All tables as one system. zeros_shown: the publisher always prints zeros; None: as the marks suggest.

    absent: what a combination is that has no row: "zero", "withheld", "unknown", or "" to go by the marks.
    Raises EvidenceError when the tables are too large together or a share cannot be told what it is of.
    """
    values = values_of(tables)
    within = nesting(tables)
    everything = block_of(tuple(values), values, within, any(line.answer for table in tables for line in table.lines))
    alone = everything is None
    blocks = [everything or own_block(table, values, within) for table in tables]
    starts = np.cumsum([0, *(block.size for block in blocks)]) if alone else np.zeros(len(blocks) + 1, dtype=np.int64)
    unknowns = int(starts[-1]) if alone else blocks[0].size
    rows, cells, shown, floor, ceiling, said = Rows(unknowns), list[Seen](), [], [], [], list[str]()
    for table, block, start in zip(tables, blocks, starts.tolist(), strict=False):
        said += table.said
        lines, words = _with_absent(table, block, within, absent)
        said += words
        least, sentence = _floors(table, lines, zeros_shown)
        said += sentence
        rows.add(block, [(line.values, line.answer, table.columns) for line in lines], start)
        cells += [_seen(table, line) for line in lines]
        shown += [line.printed.persons for line in lines]
        floor += least
        ceiling += [line.printed.most for line in lines]
    bands, of, over, words = bands_of(tables, blocks, starts.tolist(), unknowns)
    said += words
    ties = ties_between(tables if alone else (), blocks, starts.tolist(), unknowns)
    names = tuple(f"{each.table}: {each.words}" for each in cells)
    nobody = np.zeros(ties.shape[0], dtype=np.int64)
    public = Public(names, np.array(shown, dtype=np.int64), rows.matrix(), ties, nobody, bands, *ends_at(len(of)))
    floors, ceilings = np.array(floor, dtype=np.int64), np.array(ceiling, dtype=np.int64)
    shares = tuple(_shares_of(tables, over, cells))
    return Outside(public, tuple(cells), floors, ceilings, tuple(dict.fromkeys(said)), shares, of)


def _shares_of(
    tables: Sequence[Published], over: Mapping[tuple[str, str], tuple[str, ...]], cells: Sequence[Seen]
) -> Iterable[Share]:
    """Printed percentages between two printed counts, for explaining."""
    number = {(cell.table, cell.values, cell.answer): at for at, cell in enumerate(cells)}
    for table in tables:
        for line in table.lines:
            for column, _, _ in line.shares:
                of = over.get((table.name, column))
                whole = None if of is None else number.get((table.name, *whole_of(table, line, of)))
                if whole is not None:
                    part = number[table.name, line.values, line.answer]
                    low, high = ends_of(line, column)
                    yield Share(part, whole, low, high, scale_of(line, column), words_of(line, column))


def _with_absent(
    table: Published, block: Block, within: Mapping[str, tuple[str, dict[str, str]]], absent: str
) -> tuple[list[Line], list[str]]:
    """The lines of a table, and its finest combinations that have no row, by what that is taken to mean."""
    lines = list(table.lines)
    finest = {line.values for line in lines if None not in line.values}
    coded = [block.codes[column] for column in table.columns]
    every = np.unique(np.column_stack(coded), axis=0) if coded else np.zeros((0, 0), dtype=np.int64)
    possible = [
        tuple(block.values[name][code] for name, code in zip(table.columns, codes, strict=True))
        for codes in every[(every >= 0).all(axis=1)].tolist()
    ]
    missing = [values for values in possible if values not in finest]
    if not missing or not finest:
        return lines, []
    meaning = absent or ("unknown" if len(finest) < HALF * len(possible) else "zero" if table.marks else "withheld")
    sentence = f"{table.name}: {len(missing)} combinations have no row; they are taken to be {_ABSENT[meaning]}."
    if meaning == "unknown":
        return lines, [sentence]
    sample = Line((), _absent(meaning), "")
    return lines + [Line(values, sample.printed, "") for values in missing], [sentence]


_ABSENT = {
    "zero": "nobody (--absent withheld says otherwise)",
    "withheld": "withheld (--absent zero says otherwise)",
    "unknown": "not known (--absent zero or --absent withheld says more)",
}


def _absent(meaning: str) -> Printed:
    return Printed(0) if meaning == "zero" else Printed(-1, mark="no row")


def _floors(table: Published, lines: Sequence[Line], zeros_shown: bool | None) -> tuple[list[int], list[str]]:
    """The least each withheld count can be, and the sentence that says why."""
    prints_zeros = any(line.printed.persons == 0 and line.place for line in table.lines)
    open_marks = {line.printed.mark for line in table.lines if line.printed.zero_open}
    floors = []
    for line in lines:
        at_least_one = zeros_shown or (zeros_shown is None and prints_zeros and line.printed.zero_open)
        floors.append(max(line.printed.least, 1 if at_least_one else 0))
    if zeros_shown:
        return floors, ["Zeros are always printed, as you said: whatever is withheld is at least 1."]
    if zeros_shown is None and prints_zeros and open_marks:
        mark = sorted(open_marks)[0]
        return floors, [
            f"{table.name}: zeros are printed, so {mark!r} is taken to mean at least 1 (--zeros-hidden says otherwise)."
        ]
    return floors, []


def _seen(table: Published, line: Line) -> Seen:
    words = _words(table.columns, line.values, line.answer)
    return Seen(table.name, words, line.place, table.columns, line.values, line.answer, line.printed.mark)


def _words(columns: Sequence[str], values: Values, answer: str) -> str:
    """Whom a count counts: "North, age 25-34"; "all" for the total of everybody."""
    told = [
        value if column == "column" or any(letter.isalpha() for letter in value) else f"{column} {value}"
        for column, value in zip(columns, values, strict=True)
        if value is not None
    ]
    named = ", ".join(told) or "everybody"
    whole = "all of " if told and None in values else ""
    return f"{whole}{named}{f': {answer}' if answer else ''}"
