"""What stands beside the counts gives none away: the told loss, the reasons given, and tables that were left out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp

from upwell.library import protect_tables
from upwell.library.result import Protected

TENS = np.full((2, 2), 10)
NARROW = np.array([[[0, 11], [11, 10]], [[11, 10], [10, 1]]])
"""Sums over any one column are all large, and leave each cell two values."""


def protected(counts: np.ndarray) -> Protected:
    places = list(np.ndindex(counts.shape))
    names = "abcde"[: counts.ndim]
    columns = {name: [f"{name}{place[at]}" for place in places] for at, name in enumerate(names)}
    return protect_tables(columns | {"n": counts.ravel().tolist()}, by=",".join(names), count="n")


def equations(made: Protected, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each line of a release which cells it counts, what it shows, and which lines are withheld."""
    rows, shown = [], []
    for *words, count in made.rows:
        inside = np.zeros(shape)
        inside[tuple(slice(None) if word == "Total" else int(word[1:]) for word in words)] = 1
        rows.append(inside.ravel())
        shown.append(-1 if count is None else int(count))
    return np.array(rows), np.array(shown), np.array(shown) < 0


def widths(made: Protected, shape: tuple[int, ...], *, most_large: int | None = None) -> np.ndarray:
    """How many values each cell may have; most_large: hidden lines of 11 and more there may be."""
    rows, shown, hidden = equations(made, shape)
    cells, lines, everybody = rows.shape[1], int(hidden.sum()), int(shown.max())
    known = LinearConstraint(
        np.hstack([rows[~hidden], np.zeros((int((~hidden).sum()), lines))]), shown[~hidden], shown[~hidden]
    )
    small = LinearConstraint(np.hstack([rows[hidden], -everybody * np.eye(lines)]), -np.inf, 10)
    large = LinearConstraint(np.hstack([rows[hidden], -11 * np.eye(lines)]), 0, np.inf)
    told = LinearConstraint(
        np.hstack([np.zeros(cells), np.ones(lines)])[None], 0, lines if most_large is None else most_large
    )
    ends = []
    for cell in range(cells):
        toward = np.zeros(cells + lines)
        toward[cell] = 1
        found = [
            milp(sign * toward, constraints=[known, small, large, told], integrality=np.ones(cells + lines))
            for sign in (1, -1)
        ]
        ends.append(round(-found[1].fun) - round(found[0].fun))
    return np.array(ends)


def test_the_reason_a_table_is_left_out_for_says_nothing_of_its_counts() -> None:
    made = protected(TENS)

    assert made.loss.coarsened == (
        "N, by a and b: left out, to protect the people behind its counts. N, by a is shown.",
    ), "'most of them are small' would say that all four are 10: their sums are 20"


def test_no_share_of_small_counts_is_told() -> None:
    assert protected(TENS).loss.small_share == 0.0, "to the nearest quarter it said that all four are 10"


def test_counts_of_a_table_that_was_left_out_do_not_follow_from_the_others() -> None:
    made = protected(NARROW)

    assert len(made.rows) < 27, "the finest table was left out"
    assert (widths(made, NARROW.shape) >= 3).all()


def test_the_told_loss_narrows_nothing_where_tables_differ_in_many_cells_at_once() -> None:
    counts = np.full((5, 2, 2, 2), 10)
    counts[2:] = np.arange(60, 60 + 24).reshape(3, 2, 2, 2)
    made = protected(counts)
    _, shown, hidden = equations(made, counts.shape)
    large = int((shown >= 11).sum())

    most = int(large / made.loss.share_large_shown + 1e-9) - large

    assert hidden.sum() == 16
    assert (widths(made, counts.shape, most_large=most)[:16] >= 3).all()


@pytest.mark.parametrize("seed", range(4))
def test_the_told_loss_narrows_nothing_in_tables_near_the_threshold(seed: int) -> None:
    counts = np.random.default_rng(seed).integers(5, 26, size=(3, 3))
    made = protected(counts)
    _, shown, _ = equations(made, counts.shape)
    large = int((shown >= 11).sum())
    share = made.loss.share_large_shown

    wide = widths(made, counts.shape, most_large=int(large / share + 1e-9) - large if share else None)

    assert (wide[(counts.ravel() < 11)] >= 3).all()
