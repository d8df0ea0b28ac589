from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upwell.evidence.errors import EvidenceError
from upwell.evidence.scan.surely import repeated

rows = st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 5), st.booleans()), max_size=30)


@pytest.mark.parametrize("person", [[3, 1, 3], ["a", "b", "a"], [1, 1]])
def test_rows_of_the_same_person_are_refused_with_what_to_do(person):
    with pytest.raises(EvidenceError, match="person="):
        repeated.refuse(np.array(person))


@pytest.mark.parametrize("person", [[], [7], [1, 2, 3], [3, 1, 2], ["b", "a"]])
def test_persons_who_stand_in_one_row_each_are_let_through(person):
    repeated.refuse(np.array(person))


def test_the_first_row_in_time_is_taken_and_said():
    index = repeated.index(np.array([5, 9, 5, 9]), month=np.array([3, 1, 2, 1], dtype=np.int16))

    assert index.rows.tolist() == [1, 2]
    assert index.said == "One row a person: the first one in time."


def test_the_last_row_is_taken_for_questions_about_a_state():
    index = repeated.index(np.array([5, 9, 5, 9]), which="last")

    assert index.rows.tolist() == [2, 3]
    assert "last one given" in index.said


def test_only_eligible_rows_are_taken():
    index = repeated.index(np.array([5, 9, 5, 9]), eligible=np.array([False, True, True, True]))

    assert index.rows.tolist() == [1, 2]


def test_nothing_is_said_where_every_row_is_a_person():
    assert repeated.index(np.array([4, 2, 8])).said == ""
    assert repeated.index(np.array([], dtype=np.int64)).rows.tolist() == []


@given(rows, st.sampled_from(["first", "last"]))
def test_everybody_who_is_eligible_gives_the_one_row_that_comes_first_or_last(given_rows, which):
    person = np.array([p for p, _, _ in given_rows], dtype=np.int64)
    month = np.array([m for _, m, _ in given_rows], dtype=np.int16)
    eligible = np.array([e for *_, e in given_rows], dtype=bool)

    index = repeated.index(person, month=month, which=which, eligible=eligible)

    wanted = []
    for p in sorted(set(person[eligible].tolist())):
        own = [(month[i], i) for i in range(len(person)) if person[i] == p and eligible[i]]
        wanted.append((min if which == "first" else max)(own)[1])
    assert index.rows.tolist() == sorted(wanted)


@given(rows, st.integers(0, 10**15))
def test_other_names_of_persons_choose_the_same_rows(given_rows, shift):
    person = np.array([p for p, _, _ in given_rows], dtype=np.int64)

    same = [repeated.index(other).rows.tolist() for other in (person, person * 10**6 + shift, person.astype(str))]

    assert same[0] == same[1] == same[2]


def test_a_bootstrap_draws_whole_units_as_many_as_there_are():
    unit = np.repeat(np.arange(200), 3)

    drawn = repeated.drawn_again(np.random.default_rng(1), unit)

    times = np.bincount(drawn, minlength=600).reshape(200, 3)
    assert (times == times[:, :1]).all()
    assert len(drawn) == 600
    assert 0.3 < (times[:, 0] == 0).mean() < 0.45
