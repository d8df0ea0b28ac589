"""Counts that one subtraction gives are counts too."""

from __future__ import annotations

from factories import drafts
from upwell.evidence.disclosure.derived import differences
from upwell.evidence.disclosure.draft import Cell

CROWD = drafts.crowd("c", {"a": [0, 1, 2], "b": [0, 1, 1]}, [0, 1, 2], outcomes=3)
EVERY = (0, 1, 2)


def test_all_but_one_group_is_found():
    found = differences(CROWD, [Cell("c", (), EVERY), Cell("c", (("a", (0,)),), EVERY)])

    assert list(found) == [Cell("c", (("a", (1, 2)),), EVERY)]


def test_one_answer_without_another_nested_in_it_is_found():
    within_a_year, within_half = Cell("c", (), (1, 2)), Cell("c", (), (2,))

    found = differences(CROWD, [within_a_year, within_half])

    assert found == {Cell("c", (), (1,)): (within_a_year, within_half)}


def test_a_group_without_a_finding_inside_it_is_found():
    group, finding = Cell("c", (("a", (0,)),), EVERY), Cell("c", (("a", (0,)), ("b", (1,))), EVERY)

    found = differences(CROWD, [group, finding])

    assert list(found) == [Cell("c", (("a", (0,)), ("b", (0,))), EVERY)]


def test_what_is_asked_for_anyway_is_not_found_again():
    cells = [Cell("c", (), EVERY), Cell("c", (), (0,)), Cell("c", (), (1, 2))]

    assert differences(CROWD, cells) == {}


def test_counts_of_different_people_and_different_answers_are_not_subtracted():
    cells = [Cell("c", (), EVERY), Cell("c", (("a", (0,)),), (1,))]

    assert differences(CROWD, cells) == {}


def test_only_the_pairs_that_matter_are_found():
    cells = [Cell("c", (), EVERY), Cell("c", (("a", (0,)),), EVERY), Cell("c", (("a", (1,)),), EVERY)]

    found = differences(CROWD, cells, lambda _whole, part: part == 2)

    assert found == {Cell("c", (("a", (0, 2)),), EVERY): (cells[0], cells[2])}


def test_families_that_cut_a_column_alike_are_each_subtracted_apart():
    ages = [Cell("c", (("a", (value,)), ("b", (0,))), EVERY) for value in range(3)]
    others = [Cell("c", (("a", (value,)), ("b", (1,))), EVERY) for value in range(3)]
    wholes = [Cell("c", (("b", (value,)),), EVERY) for value in range(2)]

    found = differences(CROWD, [*ages, *others, *wholes])

    for value, parts in ((0, ages), (1, others)):
        left = Cell("c", (("a", (1, 2)), ("b", (value,))), EVERY)
        assert found[left] == (wholes[value], parts[0])
