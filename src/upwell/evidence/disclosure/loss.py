"""The loss of a release, told so that it is true of every witness as well: then it narrows nothing that is proved.

A bound on how many large counts are hidden is one more thing that is public. Where the tables that fit everything
printed differ in many cells at once (tables of four columns and more), a sharp bound would leave only the true one. So
the bound is drawn around all witnesses: whatever they prove stays proved beside it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.cost import at_least, at_most
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.plan import Plan, Side
from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.disclosure.release import Loss
from upwell.evidence.disclosure.rules import cells_of

SIZES = (50, 200)
"""Persons: where one size by which the loss is told ends and the next begins; the first begins at the threshold."""

Counts = NDArray[np.int64]
IsOfSize = Callable[[Counts], NDArray[np.bool_]]


def loss_of(plan: Plan, protection: Protection) -> Loss:
    """What protection cost; whatever depends on hidden counts is a bound."""
    shown = plan.shown().keys() & {cell for table in plan.tables for cell in cells_of(table)}
    hidden = len(plan.drafted) - len(shown)
    large = _bounded(plan, shown, protection.threshold, None)
    return Loss(
        cells=len(plan.drafted),
        shown=len(shown),
        share_large_shown=at_least(*large) if hidden else 1.0,
        attacked=(
            f"Linear programming over every printed table tried to narrow each of the {hidden} withheld counts; "
            f"none of the protected ones could be told to fewer than {protection.width + 1} values."
        ),
        coarsened=plan.said(),
        by_size=tuple(_of_size(plan, shown, *size) for size in _sizes(protection.threshold)),
    )


def _sizes(threshold: int) -> list[tuple[int, int | None]]:
    """Persons from and to: what may be shown, by size."""
    begins = [threshold, *(size for size in SIZES if size > threshold)]
    return list(zip(begins, [*(size - 1 for size in begins[1:]), None], strict=True))


def _of_size(plan: Plan, shown: set[Cell], least: int, most: int | None) -> tuple[str, int, int]:
    words = f"{least} to {most}" if most is not None else f"{least} and more"
    many, asked = _bounded(plan, shown, least, most)
    return words, at_most(many, at_least(many, asked)), many


def _bounded(plan: Plan, shown: set[Cell], least: int, most: int | None) -> tuple[int, int]:
    """Shown cells of a size, and as many of that size as there may be in any witness."""

    def of_size(persons: Counts) -> NDArray[np.bool_]:
        return np.asarray((persons >= least) & (persons <= (persons if most is None else most)))

    many = int(of_size(np.array([plan.drafted[cell] for cell in shown], dtype=np.int64)).sum())
    unseen = set(plan.drafted) - shown
    hidden = 0
    for side in plan.done.values():
        hidden += _most(side, unseen, of_size)
        unseen = unseen.difference(side.system.cells)
    rest = int(of_size(np.array([plan.drafted[cell] for cell in unseen], dtype=np.int64)).sum())
    return many, many + hidden + rest


def _most(side: Side, unseen: set[Cell], of_size: IsOfSize) -> int:
    """How many hidden cells of a crowd are of a size in the witness that has the most; of amounts, all of them."""
    at = np.array([place for place, cell in enumerate(side.system.cells) if cell in unseen], dtype=np.int64)
    if side.amounts or not len(at):
        return len(at)
    of_cells = side.system.counts[at]
    return max(int(of_size(of_cells @ table).sum()) for table in side.hiding.witnesses)
