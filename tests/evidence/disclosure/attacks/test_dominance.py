"""Amounts: one who gives nearly all of a sum is known to whoever knows her own part."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factories import readers
from upwell.evidence.disclosure.draft import Cell

NO_RULE = replace(readers.USUAL, p_percent=None, dominance=None)
P_RULE = replace(NO_RULE, p_percent=10.0)
N_K_RULE = replace(NO_RULE, dominance=(1, 75.0))
FIRST = Cell("nights", (("a", (0,)),), (0,))


def paid(amounts, **more):
    """Amounts of each person in the groups of column "a"."""
    codes = np.repeat(np.arange(len(amounts)), [len(each) for each in amounts]).astype(np.uint8)
    whole = np.concatenate([np.array(each, dtype=np.int64) for each in amounts])
    blank = np.zeros(len(codes), np.uint8)
    crowd = readers.cross("nights", np.array([len(each) for each in amounts]), ("a",))
    return replace(crowd, codes={"a": codes}, outcome=blank, amounts=whole, **more)


def asked(crowd):
    table = readers.table(crowd, "t1", readers.lattice(crowd, ("a",)), unit="nights")
    return readers.draft_of(crowd, [table])


def second_knows(amounts, total):
    """How far off the second largest is who takes the rest for nothing, as a share of the largest."""
    first, second, *_ = sorted(amounts, reverse=True)
    return (total - second - first) / first


@pytest.mark.parametrize("rules", [P_RULE, N_K_RULE])
@pytest.mark.parametrize("largest", [4000, 8765])
def test_a_sum_that_one_person_makes_up_is_hidden_though_many_contribute(rules, largest):
    amounts = [[largest, 90, *[10] * 14], [100] * 20, [120] * 30]
    crowd = paid(amounts)

    threshold_alone, _, _ = readers.gated(asked(crowd), NO_RULE)
    printed, _, _ = readers.gated(asked(crowd), rules)

    assert second_knows(amounts[0], threshold_alone.shown[FIRST]) < 0.1
    assert FIRST not in printed.shown
    low, high = readers.worked_out(crowd, readers.wanted(asked(crowd), "nights"), printed)[FIRST]
    assert high - low >= readers.WIDTH


@pytest.mark.parametrize("rules", [P_RULE, N_K_RULE])
def test_a_dominated_sum_does_not_follow_from_its_total(rules):
    amounts = [[7000, 90, *[10] * 14], [100] * 20, [120] * 30]
    crowd = paid(amounts)
    cells = readers.wanted(asked(crowd), "nights")
    true = readers.truth(crowd, cells)

    only_it = readers.Printed({cell: each for cell, each in true.items() if cell != FIRST})
    printed, _, _ = readers.gated(asked(crowd), rules)

    assert readers.worked_out(crowd, cells, only_it)[FIRST] == (true[FIRST], true[FIRST])
    assert FIRST not in readers.exact(readers.worked_out(crowd, cells, printed))


def test_one_person_with_many_rows_is_one_contributor():
    # Sixteen stays of two people: as rows they are many, as persons they are two.
    stays = [[100] * 16, [100] * 20, [120] * 30]
    many = paid(stays)
    owners = np.concatenate([np.repeat([0, 1], 8), np.arange(2, 52)]).astype(np.int64)
    two = replace(many, people=owners)

    as_rows, _, _ = readers.gated(asked(many), NO_RULE)
    as_persons, _, _ = readers.gated(asked(two), NO_RULE)

    assert as_rows.shown[FIRST] == 1600
    assert FIRST not in as_persons.shown
