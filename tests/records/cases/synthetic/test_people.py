"""Invented households are households: heads are grown or alone, children are children, and the numbers are as asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upwell.records.cases.synthetic.ages import ages_on
from upwell.records.cases.synthetic.people import CHILD, HEAD, PARTNER, YOUTH, People, invent

PERIOD = (44_833, 45_928)


@pytest.fixture(scope="module")
def people() -> People:
    return invent(20_000, period=PERIOD, rng=np.random.default_rng(1))


@given(st.integers(1, 400), st.integers(0, 1_000))
@settings(max_examples=40, deadline=None)
def test_as_many_people_come_as_were_asked_for_each_household_with_a_head_first(many: int, seed: int):
    made = invent(many, period=PERIOD, rng=np.random.default_rng(seed))

    starts = np.flatnonzero(np.diff(made.household, prepend=-1))
    assert len(made) == many
    assert made.households == len(starts)
    assert (made.relation[starts] == HEAD).all()
    assert (made.relation == HEAD).sum() == made.households


def test_heads_are_adults_save_for_young_people_alone(people: People):
    age = ages_on(people.first_day, people.birth)

    heads = people.relation == HEAD
    assert (age[heads & (people.kind != YOUTH)] >= 18).all()
    assert (age[people.kind == YOUTH] < 18).all()
    assert (age[people.relation == CHILD] < 18).all()
    assert (age[people.relation == PARTNER] >= 18).all()


def test_children_are_at_least_fourteen_years_younger_than_the_head(people: People):
    age = ages_on(people.first_day, people.birth)
    head_age = age[people.relation == HEAD][people.household]

    assert (head_age - age)[people.relation == CHILD].min() >= 14


def test_partners_come_again_alone_and_children_with_the_head(people: People):
    partners = people.relation == PARTNER

    assert (people.unit_later[~partners] == people.household[~partners]).all()
    assert len(np.unique(people.unit_later[partners])) == partners.sum()
    assert people.unit_later[partners].min() >= people.households


def test_minors_were_never_in_the_forces(people: People):
    age = ages_on(people.first_day, people.birth)

    assert (people.veteran[age < 17] == 99).all()
    assert 0.02 < (people.veteran[age >= 18] == 1).mean() < 0.2


def test_most_people_live_alone_and_a_quarter_are_children(people: People):
    alone = np.bincount(people.household)[people.household] == 1

    assert 0.4 < alone.mean() < 0.6
    assert 0.18 < (people.relation == CHILD).mean() < 0.35
