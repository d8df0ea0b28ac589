"""What follows is explained in steps that prove it, and nothing else is."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from factories.lattices import lattice
from upwell.evidence.disclosure.attacking.attack import Public, attack
from upwell.evidence.disclosure.attacking.contradiction import contradicting
from upwell.evidence.disclosure.attacking.examine import examine
from upwell.evidence.disclosure.attacking.explain import explain
from upwell.evidence.disclosure.attacking.facts import ContradictionError
from upwell.evidence.disclosure.attacking.grown import grown
from upwell.evidence.disclosure.attacking.outside import outside
from upwell.records.tables.published import Layout, published

LONG = """county,age,persons
North,young,20
North,middle,*
North,old,33
North,Total,60
South,young,*
South,middle,40
South,old,*
South,Total,51
Total,young,25
Total,middle,47
Total,old,39
Total,Total,111
"""


PLAIN = Layout()


def seen(*texts, layout=PLAIN, **more):
    tables = [published(text.encode(), f"file{at}.csv", layout) for at, text in enumerate(texts, 1)]
    return outside(tables, **more)


def found(*texts, layout=PLAIN, **more):
    return examine(seen(*texts, layout=layout, **more), seed=1)


def told(examined):
    return {each.cell.words: each.low for each in examined.exact}


def test_one_hole_is_explained_by_one_sum():
    examined = found(LONG)

    assert told(examined) == {"North, middle": 7, "South, young": 5, "South, old": 6}
    assert "North, middle is 7: 47 (all of middle) less 40 (South, middle)." in {
        each.how[-1] for each in examined.exact
    }


def test_a_wide_table_is_explained_in_its_own_words():
    examined = found("county,young,old,both\nNorth,20,*,27\nSouth,5,6,11\nboth,25,13,38\n")

    assert examined.exact[0].how == ("North, old is 7: 27 (all of North) less 20 (North, young).",)


def test_what_needs_another_hidden_count_first_says_that_first():
    text = "county,age,persons\nNorth,young,20\nNorth,old,*\nNorth,Total,*\nSouth,Total,51\nTotal,Total,78\n"

    examined = found(text, absent="unknown")

    steps = next(each.how for each in examined.exact if each.cell.words == "North, old")
    assert [step.split(":")[0] for step in steps] == ["All of North is 27", "North, old is 7"]


def test_parts_of_nobody_are_nobody():
    examined = found("county,age,persons\nNorth,young,*\nNorth,old,*\nNorth,Total,0\nSouth,young,4\nSouth,old,6\n")

    assert told(examined) == {"North, young": 0, "North, old": 0}
    assert "0 (all of North) is left for 2 withheld counts, and each can be no smaller" in examined.exact[0].how[0]


def test_a_mark_that_promises_at_least_one_tells_more():
    text = "county,persons\nNorth,1-10\nSouth,1-10\nEast,40\nTotal,42\n"

    assert told(found(text)) == {"North": 1, "South": 1}
    assert told(found(text.replace("1-10", "*"))) == {}
    assert told(found(text.replace("1-10", "*"), zeros_shown=True)) == {"North": 1, "South": 1}


def test_less_than_eleven_is_at_least_one_where_zeros_are_printed():
    text = "county,persons\nNorth,<11\nSouth,<11\nEast,0\nTotal,2\n"

    examined = found(text)

    assert told(examined) == {"North": 1, "South": 1}
    assert any("--zeros-hidden" in sentence for sentence in examined.said)


def test_a_printed_percentage_gives_its_count_away():
    examined = found("county,persons,percent\nNorth,*,12.5\nSouth,*,87.5\nTotal,56,100.0\n", layout=Layout(
        shares={"percent": ("county",)}
    ))  # fmt: skip

    assert told(examined) == {"North": 7, "South": 49}
    assert any("no other whole number is 12.5 % of 56" in each.how[0] for each in examined.exact)


def test_what_a_percentage_is_of_is_found_where_counts_show_it():
    examined = found(
        "county,age,persons,percent\nNorth,young,20,33\nNorth,old,40,67\nNorth,Total,60,100\n"
        "South,young,30,60\nSouth,old,*,40\nSouth,Total,50,100\n"
    )

    assert "file1.csv: 'percent' is the share of the total over 'age'." in examined.said


def test_two_files_are_played_against_each_other():
    by_county = "county,persons\nNorth,27\nSouth,51\nTotal,78\n"
    by_age = "county,age,persons\nNorth,young,20\nNorth,old,*\nSouth,young,11\nSouth,old,40\n"

    assert told(found(by_age)) == {}
    examined = found(by_county, by_age)
    assert told(examined) == {"North, old": 7}
    assert "27 (North in file1.csv) less 20 (North, young in file2.csv)" in examined.exact[0].how[0]


def test_a_tract_lies_within_its_county_though_nobody_said_so():
    north = "North,1,20\nNorth,2,*\nNorth,Total,27\n"
    south = "South,3,9\nSouth,4,31\nSouth,Total,40\n"
    text = f"county,tract,persons\n{north}{south}Total,Total,67\n"

    assert told(found(text)) == {"North, tract 2": 7}


def test_a_later_table_of_the_same_people_and_newcomers_tells_how_few_came():
    then = "county,persons\nNorth,20\nSouth,*\nTotal,26\n"
    now = "county,persons\nNorth,20\nSouth,*\nTotal,27\n"
    both = seen(then, now)

    examined = examine(grown(both, {"file1.csv": 0, "file2.csv": 1}), seed=1)

    assert [(each.cell.table, each.low) for each in examined.exact] == [("file1.csv", 6), ("file2.csv", 7)]


def test_counts_that_contradict_each_other_are_named_and_no_others():
    wrong = seen("county,persons\nNorth,20\nSouth,*\nEast,4\nTotal,19\n", zeros_shown=False)

    with pytest.raises(ContradictionError):
        examine(wrong, seed=1)
    assert [each.words for each in contradicting(wrong)] == ["North", "everybody"]


def test_what_only_weighted_sums_tell_is_proved_by_its_weights():
    parts = sparse.csr_matrix([[1, 1, 0], [0, 1, 1], [1, 0, 1], [1, 0, 0]])
    pairs = Public(("ab", "bc", "ac", "a"), np.array([10, 12, 8, -1]), parts, sparse.csr_matrix((0, 3)), np.zeros(0))

    ((one,),) = (each.steps for each in explain(pairs, {3: 3}))

    assert one.how == "combination" and one.bounds[0].even
    assert (one.bounds[0].times, one.bounds[0].terms) == (2, ((0, 1, 10), (1, -1, 12), (2, 1, 8)))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), share=st.floats(0.05, 0.6))
def test_every_explanation_is_true_and_gives_the_true_count(seed, share):
    system = lattice("XS", seed % 7)
    hidden = np.random.default_rng(seed).random(len(system.values)) < share
    shown = np.where(hidden, -1, system.values)
    public = Public(tuple(map(str, range(len(shown)))), shown, system.counts, system.ties, system.sums)
    report = attack(public, width=3, seed=seed)
    exact = {
        int(cell): int(low)
        for cell, low, high in zip(np.flatnonzero(hidden), report.low, report.high, strict=True)
        if low == high
    }

    for each in explain(public, exact):
        assert each.value == system.values[each.cell]
        for step in each.steps:
            assert all(value == system.values[cell] for cell, _, value in (*step.plus, *step.minus) if cell >= 0)
            if step.how == "sum":
                assert step.value == sum(v for _, _, v in step.plus) - sum(v for _, _, v in step.minus)
            for bound in step.bounds:
                assert all(value == system.values[cell] for cell, _, value in bound.terms)
                total = sum(weight * value for _, weight, value in bound.terms)
                assert (total <= bound.times * step.value) if not bound.upper else (total >= bound.times * step.value)


def test_every_number_in_a_sentence_was_printed_or_worked_out_before():
    for finding in found(LONG).exact:
        told_so_far = {int(each.low) for each in found(LONG).exact}
        printed = {int(each) for each in re.findall(r"\b\d+\b", LONG)}
        assert {int(each) for each in re.findall(r"\b\d+\b", " ".join(finding.how))} <= printed | told_so_far
