"""Tables filled by compiled kernels and in plain NumPy are the same, whole, in parts and side by side."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upwell.evidence.engine import compiled, fill
from upwell.evidence.engine.fill import Block

TRIPLES = np.array([(0, 1, 2), (0, 3, 4), (1, 2, 4), (2, 3, 4)], dtype=np.int64)


def _made(seed: int, persons: int) -> tuple[fill.Plan, Block]:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 9, 5).astype(np.int64)
    codes = np.stack([rng.integers(0, size, persons) for size in sizes]).astype(np.uint8)
    people = Block(codes, rng.random(persons) < 0.3, rng.random(persons))
    return fill.plan(TRIPLES, sizes, codes), people


def _same(one: fill.Counts, other: fill.Counts) -> bool:
    return all(
        np.array_equal(getattr(one, part), getattr(other, part)) for part in ("persons", "events", "units", "expected")
    )


def _part(people: Block, begin: int, end: int) -> Block:
    return Block(people.codes[:, begin:end], people.yes[begin:end], people.expected[begin:end])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9000), st.sampled_from([1, 30, 500, 8192]))
def test_the_compiled_tables_equal_the_plain_ones(seed, persons, most):
    wanted, people = _made(seed, persons)

    filling = compiled.Filling(wanted, most)
    filling.add(people)

    assert _same(filling.counts(), fill.fill_plain(wanted, people))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.integers(0, 5000), max_size=5))
def test_blocks_one_after_the_other_are_the_same_as_all_at_once(seed, cuts):
    wanted, people = _made(seed, 5000)
    ends = [0, *sorted(cuts), 5000]

    filling = compiled.Filling(wanted, 100)
    for begin, end in pairwise(ends):
        filling.add(_part(people, begin, end))

    assert _same(filling.counts(), fill.fill_plain(wanted, people))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 4000))
def test_tables_of_two_halves_add_up(seed, cut):
    wanted, people = _made(seed, 4000)

    halves = [fill.fill_plain(wanted, _part(people, *span)) for span in ((0, cut), (cut, 4000))]

    assert _same(halves[0] + halves[1], fill.fill_plain(wanted, people))


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_change_nothing(monkeypatch, threads):
    monkeypatch.setattr(fill, "ENOUGH", 3000)
    wanted, people = _made(5, 10_001)

    told = fill.fill(wanted, people, threads=threads)

    assert _same(told, fill.fill_plain(wanted, people))


def test_the_order_of_persons_changes_nothing():
    wanted, people = _made(6, 7000)
    order = np.random.default_rng(1).permutation(7000)
    mixed = Block(people.codes[:, order], people.yes[order], people.expected[order])

    assert _same(fill.fill(wanted, people), fill.fill(wanted, mixed))


def test_a_crowd_in_one_cell_never_runs_over():
    wanted = fill.Plan(np.array([[0, 1, 2]]), np.array([2, 2, 2]), np.array([1, 1, 1]))
    crowd = 100_000
    people = Block(np.zeros((3, crowd), dtype=np.uint8), np.ones(crowd, dtype=np.bool_), np.ones(crowd))

    told = fill.fill(wanted, people)

    assert (told.persons[0], told.events[0], told.expected[0]) == (crowd, crowd, float(crowd))
    assert not told.persons[1:].any()


def test_an_expectation_of_single_precision_counts_as_it_stands():
    wanted, people = _made(9, 6000)
    single = Block(people.codes, people.yes, people.expected.astype(np.float32))

    told = fill.fill(wanted, single)

    assert _same(told, fill.fill_plain(wanted, single))
    assert (
        abs(told.units[: int(wanted.offsets[1])].sum() / fill.UNIT - single.expected.sum(dtype=float))
        < 6000 / fill.UNIT
    )


def test_codes_that_do_not_lie_in_one_piece_are_counted_as_well():
    wanted, people = _made(10, 6000)
    turned = Block(np.asfortranarray(people.codes), people.yes, people.expected)

    assert _same(fill.fill(wanted, turned), fill.fill_plain(wanted, people))


def test_room_is_kept_for_values_that_nobody_has():
    wanted, people = _made(11, 3000)
    roomy = fill.plan(TRIPLES, wanted.sizes + 3, people.codes)

    told = fill.fill(roomy, people)

    assert _same(told, fill.fill_plain(roomy, people))
    assert len(told.persons) == int((wanted.sizes + 3)[TRIPLES].prod(axis=1).sum())


def test_every_table_adds_up_to_everybody():
    wanted, people = _made(7, 3000)

    told = fill.fill_plain(wanted, people)
    by_table = [slice(begin, end) for begin, end in pairwise(wanted.offsets)]

    assert [told.persons[table].sum() for table in by_table] == [3000] * len(TRIPLES)
    assert [told.events[table].sum() for table in by_table] == [people.yes.sum()] * len(TRIPLES)
    assert all(abs(told.expected[table].sum() - people.expected.sum()) < 1e-3 for table in by_table)


def test_a_cell_holds_exactly_its_own_people():
    wanted, people = _made(8, 500)

    told = fill.fill_plain(wanted, people)
    inside = (people.codes[0] == 1) & (people.codes[1] == 0) & (people.codes[2] == 1)
    cell = (1 * wanted.sizes[1] + 0) * wanted.sizes[2] + 1

    assert (told.persons[cell], told.events[cell]) == (inside.sum(), people.yes[inside].sum())
    assert abs(told.expected[cell] - people.expected[inside].sum()) < 1e-5


@pytest.mark.parametrize("persons", [0, 5, 3000], ids=["nobody", "a few", "many"])
def test_without_tables_there_are_no_cells(persons):
    none = np.zeros((0, 3), dtype=np.int64)
    codes = np.zeros((3, persons), dtype=np.uint8)
    people = Block(codes, np.zeros(persons, dtype=np.bool_), np.zeros(persons))

    told = fill.fill(fill.plan(none, np.array([2, 2, 2]), codes), people)

    assert len(told.persons) == len(told.events) == len(told.expected) == 0


def test_a_hundred_million_certain_persons_stay_exact():
    assert 10**8 * fill.UNIT < 2**53


def test_what_one_cell_holds_stays_below_the_next_field():
    before_emptied = 1 << (63 - compiled.PERSON_BIT)

    assert before_emptied * fill.UNIT <= 1 << compiled.EVENT_BIT
    assert before_emptied <= compiled.FIELD
