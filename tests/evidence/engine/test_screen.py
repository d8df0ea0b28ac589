"""Of many attributes, those are kept whose pair tables hold the best blocks."""

from __future__ import annotations

from itertools import combinations, product
from math import lgamma, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upwell.evidence.engine import fill, screen
from upwell.evidence.engine.fill import Block, Plan


def _pairs(codes: np.ndarray, yes: np.ndarray, expected: np.ndarray) -> tuple[Plan, fill.Counts]:
    """All pair tables; every attribute has one more code, for unknown."""
    tables = np.array(list(combinations(range(len(codes)), 2)), dtype=np.int64)
    sizes = codes.max(axis=1).astype(np.int64) + 2
    wanted = fill.plan(tables, sizes, codes)
    return wanted, fill.fill_plain(wanted, Block(codes, yes, expected))


def _price(values: int, chosen: int) -> float:
    return 1 + log(values) + lgamma(values + 1) - lgamma(chosen + 1) - lgamma(values - chosen + 1)


def _beyond(yes: float, expected: float, persons: float) -> float:
    if yes <= expected or persons <= expected:
        return 0.0
    no = persons - yes
    return yes * log(yes / expected) + (no * log(no / (persons - expected)) if no else 0.0)


def _best_by_trying_all(codes, yes, expected) -> float:
    ways = []
    for column in codes:
        values = int(column.max()) + 1
        sets = [held for held in product([False, True], repeat=values) if 0 < sum(held) < values]
        ways.append([(np.ones(values, dtype=bool), 0.0), *((np.array(s), _price(values, sum(s))) for s in sets)])
    best = -np.inf
    for (rows, paid), (columns, also) in product(*ways):
        inside = rows[codes[0]] & columns[codes[1]]
        best = max(best, _beyond(yes[inside].sum(), expected[inside].sum(), inside.sum()) - paid - also)
    return best


def _planted(attributes: int, *, at: tuple[int, int], persons: int = 20_000, seed: int = 1):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 6, (attributes, persons)).astype(np.uint8)
    inside = (codes[at[0]] < 2) & (codes[at[1]] == 3)
    yes = rng.random(persons) < np.where(inside, 0.35, 0.1)
    return codes, yes, np.full(persons, 0.1)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(2, 4))
def test_no_block_beats_the_best_of_all(seed, rows, columns):
    rng = np.random.default_rng(seed)
    codes = np.stack([rng.integers(0, rows, 300), rng.integers(0, columns, 300)]).astype(np.uint8)
    codes[:, :4] = [[0, rows - 1, 0, rows - 1], [0, columns - 1, columns - 1, 0]]
    expected = rng.uniform(0.05, 0.3, 300)
    yes = rng.random(300) < expected * rng.choice([1, 2])

    scores, _ = screen.blocks(*_pairs(codes, yes, expected))

    assert scores[0] <= _best_by_trying_all(codes, yes, expected) + 1e-4


def test_a_planted_block_is_found_as_by_trying_all():
    codes, yes, expected = _planted(2, at=(0, 1), persons=4000)

    scores, restricted = screen.blocks(*_pairs(codes, yes, expected))

    assert scores[0] == pytest.approx(_best_by_trying_all(codes, yes, expected), abs=1e-4)
    assert restricted.all()


@pytest.mark.parametrize("at", [(0, 1), (3, 17), (18, 19)])
def test_both_attributes_of_a_planted_block_are_kept(at):
    kept = screen.worth(*_pairs(*_planted(20, at=at)), 4)

    assert set(at) <= set(kept)
    assert len(kept) == 4


def test_as_many_attributes_are_kept_as_asked_for_and_no_more_than_there_are():
    pairs = _pairs(*_planted(5, at=(0, 1), persons=500))

    assert [len(screen.worth(*pairs, most)) for most in (2, 5, 16)] == [2, 5, 5]


def test_where_nothing_stands_out_the_first_ones_are_kept():
    codes = np.random.default_rng(2).integers(0, 3, (8, 3000)).astype(np.uint8)
    none = np.zeros(3000, dtype=np.bool_)

    assert screen.worth(*_pairs(codes, none, np.full(3000, 0.2)), 3) == (0, 1, 2)


def test_an_unknown_answer_is_never_chosen():
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 3, (2, 6000)).astype(np.uint8)
    yes = rng.random(6000) < np.where(codes[0] == 2, 0.5, 0.1)
    told = fill.plan(np.array([[0, 1]]), np.array([3, 4]), codes)  # the last code of the first attribute is unknown
    held = fill.fill_plain(told, Block(codes, yes, np.full(6000, 0.1)))

    scores, restricted = screen.blocks(told, held)

    everybody = _beyond(yes.sum(), 600.0, 6000.0)
    assert scores[0] == pytest.approx(everybody, abs=1e-3)
    assert not restricted.any()
