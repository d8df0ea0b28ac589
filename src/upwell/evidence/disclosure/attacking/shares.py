"""Shares: printed percentages as facts. A rounded share of a printed total tells its count to within the rounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.disclosure.attacking.unknowns import ANSWER, Block, Rows
from upwell.evidence.errors import EvidenceError
from upwell.records.tables.published import Line, Published, Values

Counts = NDArray[np.int64]

FAR = 2**50


def bands_of(
    tables: Sequence[Published], blocks: Sequence[Block], starts: Sequence[int], unknowns: int
) -> tuple[sparse.csr_matrix, tuple[str, ...], dict[tuple[str, str], tuple[str, ...]], list[str]]:
    """Printed percentages as rows: share of a total, rounded half up or half to even, both kept possible."""
    rows: list[sparse.csr_matrix] = []
    of: list[str] = []
    said: list[str] = []
    told: dict[tuple[str, str], tuple[str, ...]] = {}
    for table, block, start in zip(tables, blocks, starts, strict=False):
        for column, asked in table.shares:
            lines = [line for line in table.lines if any(name == column for name, _, _ in line.shares)]
            if not lines:
                continue
            over = asked or _over(table, column, lines)
            told[table.name, column] = over
            said.append(f"{table.name}: {column!r} is the share of {_over_words(over)}.")
            found = _share_rows(table, lines, (column, over), (block, start), unknowns)
            rows += found
            of += [table.name] * len(found)
    matrix = sparse.vstack([sparse.csr_matrix((0, unknowns), dtype=np.int64), *rows]).tocsr().astype(np.int64)
    return matrix, tuple(of), told, said


def ends_at(bands: int) -> tuple[Counts, Counts]:
    """Every band is 0 or more, without an upper end."""
    return np.zeros(bands, dtype=np.int64), np.full(bands, FAR)


def _over(table: Published, column: str, lines: Sequence[Line]) -> tuple[str, ...]:
    """The columns over whose total a percentage is: the only choice that agrees with all printed counts."""
    printed = {(line.values, line.answer): line.printed.persons for line in table.lines}
    choices: list[tuple[str, ...]] = [(ANSWER,)] if any(line.answer for line in lines) else []
    choices += [each for size in range(1, len(table.columns) + 1) for each in combinations(table.columns, size)]
    fits = [each for each in choices if _fits(table, column, lines, each, printed)]
    if len(fits) == 1:
        return fits[0]
    wanted = "no total" if not fits else f"the total over {' or over '.join(' and '.join(each) for each in fits)}"
    raise EvidenceError(
        f"{table.name}: the printed counts fit the percentages in {column!r} as a share of {wanted}. Say of which: "
        f'--share "{column}={table.columns[0]}" (share of the total over {table.columns[0]}); if it is the share of '
        f'those in another column of counts, --yes COLUMN --share "{column}=counted"; or --share "{column}=" to leave '
        "it out."
    )


def _fits(
    table: Published,
    column: str,
    lines: Sequence[Line],
    over: tuple[str, ...],
    printed: Mapping[tuple[Values, str], int],
) -> bool:
    """Whether every printed count is its printed percentage of a total over some columns; at least one is."""
    checked = False
    for line in lines:
        whole = printed.get(whole_of(table, line, over), -1)
        if line.printed.persons < 0 or whole <= 0:
            continue
        low, high = ends_of(line, column)
        if not low * whole <= line.printed.persons * scale_of(line, column) <= high * whole:
            return False
        checked = checked or any(value is not None for value in line.values)
    return checked


def whole_of(table: Published, line: Line, over: tuple[str, ...]) -> tuple[Values, str]:
    values = tuple(None if name in over else each for name, each in zip(table.columns, line.values, strict=True))
    return values, "" if ANSWER in over else line.answer


def ends_of(line: Line, column: str) -> tuple[int, int]:
    """Twice the digits of a percentage, less and plus one half of the last digit."""
    digits = next(digits for name, digits, _ in line.shares if name == column)
    return 2 * digits - 1, 2 * digits + 1


def scale_of(line: Line, column: str) -> int:
    decimals = next(decimals for name, _, decimals in line.shares if name == column)
    return int(200 * 10**decimals)


def _share_rows(
    table: Published, lines: Sequence[Line], share: tuple[str, tuple[str, ...]], place: tuple[Block, int], unknowns: int
) -> list[sparse.csr_matrix]:
    """Two rows a percentage, both 0 or more: scale x part - low x whole, high x whole - scale x part."""
    column, over = share
    block, start = place
    found = []
    for line in lines:
        pair = Rows(unknowns)
        values, answer = whole_of(table, line, over)
        pair.add(block, [(line.values, line.answer, table.columns), (values, answer, table.columns)], start)
        part, whole = pair.matrix()
        low, high = ends_of(line, column)
        scale = scale_of(line, column)
        found += [scale * part - low * whole, high * whole - scale * part]
    return found


def _over_words(over: tuple[str, ...]) -> str:
    return "those counted" if over == (ANSWER,) else f"the total over {' and '.join(repr(each) for each in over)}"


def words_of(line: Line, column: str) -> str:
    """A percentage as it was printed: "12.5 %"."""
    digits, decimals = next((digits, decimals) for name, digits, decimals in line.shares if name == column)
    return f"{digits / 10**decimals:.{decimals}f} %"
