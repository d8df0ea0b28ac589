"""The analyst's door: results say whether they are protected, and protected ones stand up to the attack."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from upwell import library
from upwell.evidence.errors import EvidenceError, RefusedError

COUNTS = some.integers(1, 4).flatmap(
    lambda columns: some.lists(
        some.lists(some.integers(0, 60), min_size=columns, max_size=columns), min_size=1, max_size=4
    )
)


def test_a_single_withheld_count_beside_its_total_is_worked_out() -> None:
    attacked = library.attack_tables([[None, 20, 27], [3, 30, 33], [10, 50, 60]])

    assert attacked.exact == (("row 1, column 1", 7),)
    assert "NOT PROTECTED" in repr(attacked) and "7" not in repr(attacked)


def test_four_withheld_counts_in_a_rectangle_are_not_worked_out() -> None:
    attacked = library.attack_tables([[None, None, 27], [None, None, 33], [20, 40, 60]])

    assert attacked.exact == ()
    assert "no withheld count follows" in repr(attacked)


def test_a_table_that_does_not_add_up_is_a_sentence() -> None:
    with pytest.raises(EvidenceError, match="do not add up"):
        library.attack_tables([[None, 20, 7], [3, 30, 33], [10, 50, 60]])


@settings(max_examples=40, deadline=None)
@given(counts=COUNTS)
def test_what_is_shown_of_a_table_is_true_and_hides_every_small_count_for_good(counts: list[list[int]]) -> None:
    whole = np.pad(np.array(counts), ((0, 1), (0, 1)))
    whole[-1], whole[:, -1] = whole.sum(axis=0), whole.sum(axis=1)
    whole[-1, -1] = np.array(counts).sum()

    try:
        protected = library.protect_tables(counts)
    except RefusedError:
        assert whole[-1, -1] < 60  # only a table of very few people is refused
        return

    shown = {(r, c): v for r, row in enumerate(protected.rows) for c, v in enumerate(row) if v is not None}
    assert all(whole[at] == persons for at, persons in shown.items())
    assert not [persons for persons in shown.values() if 1 <= persons <= 10]
    assert library.attack_tables(protected.rows).exact == ()
    assert "in no ledger" in repr(protected)


def test_a_search_says_that_its_counts_are_not_protected() -> None:
    chance = np.random.default_rng(3)
    where = chance.choice(["north", "south", "east"], 6000)
    who = chance.choice(["alone", "family"], 6000)
    yes = chance.random(6000) < np.where((where == "north") & (who == "family"), 0.45, 0.2)

    found = library.find_patterns({"where": list(where), "who": list(who)}, list(yes), baseline="overall")

    assert repr(found).startswith("Patterns(NOT PROTECTED")
    best = found.search.findings[0]
    assert [name for name, _ in best.where] == ["where", "who"]
    assert best.persons == int(((where == "north") & (who == "family")).sum())


def test_columns_of_another_length_are_a_sentence() -> None:
    with pytest.raises(EvidenceError, match="one value a person"):
        library.find_patterns({"where": ["north"]}, [True, False])
