"""A search as a whole: one place says whether there can be one, what it costs, and what it could have seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factories.people import COLUMNS, people
from upwell.evidence import dimensions
from upwell.evidence.question import Finding
from upwell.evidence.scan import searching

ASKED = people(400, seed=4).asked


def _space(*names: str) -> searching.Space:
    everybody = np.ones(ASKED.persons, dtype=np.bool_)
    columns = [column for column in COLUMNS if column.name in names]
    return dimensions.dimensions(ASKED, columns, among=everybody, least=11)


def _answers(yes: int, persons: int = 400):
    return replace(ASKED, person=np.arange(persons), yes=np.arange(persons) < yes)


@pytest.mark.parametrize(
    ("yes", "persons", "words"),
    [(11, 49, "Too few"), (10, 50, "same answer"), (40, 50, "same answer"), (11, 50, ""), (39, 50, "")],
)
def test_a_search_needs_fifty_people_and_some_of_either_answer(yes, persons, words):
    note = searching.why_not(_answers(yes, persons), 11)

    assert words in note and bool(note) == bool(words)


def test_what_is_told_for_everybody_together_is_never_searched():
    whole = replace(ASKED, question=replace(ASKED.question, whole_export_only=True))

    assert "never split" in searching.why_not(whole, 11)


def test_no_search_says_why_and_claims_to_have_seen_nothing():
    search = searching.nothing(ASKED, "overall", "Because.")

    assert (search.note, search.baseline, search.findings, search.smallest) == ("Because.", "overall", (), None)


@pytest.mark.parametrize("names", [("sex",), ("age", "sex"), ("age", "race", "sex")])
def test_idle_dimensions_fill_the_places_and_restrict_nobody(names):
    space = _space(*names)

    made = searching.scan(space, least=11)
    best = made.best(ASKED.yes, np.full(ASKED.persons, 0.01))

    assert len(made.people.sizes) == 3 and made.coding.cost.shape[0] == 3
    assert best is not None and best.allowed[len(space) :, :1].all()


def test_more_searches_cost_more_and_any_set_pays_by_the_value():
    space = _space("age", "race", "sex")
    sizes = searching.scan(space, least=11).people.sizes
    one_value = np.ones((3, int(sizes.max())), dtype=np.bool_)
    one_value[2] = np.arange(int(sizes.max())) == 0

    once, often = (searching.scan(space, least=11, searches=many).coding for many in (1, 20))
    by_value = searching.scan(space, least=11, per_value=0.7).coding

    assert often.length(one_value, sizes) - once.length(one_value, sizes) == pytest.approx(np.log(20))
    assert by_value.length(one_value, sizes) == pytest.approx(0.7)


def test_a_search_says_how_large_it_was_and_what_it_could_have_seen():
    space = _space("age", "race", "sex")
    made = searching.scan(space, least=11)

    usual = searching.searched(ASKED, "overall", (made, space), (), needed=None)
    strict = searching.searched(ASKED, "overall", (made, space), (), needed=9.0)

    assert usual.subsets_log10 > 3 and usual.persons == 400 and usual.smallest_people == 50
    assert usual.smallest is not None and strict.smallest is not None and usual.smallest < strict.smallest


def test_each_part_says_how_often_it_came_back():
    space = _space("age", "race", "sex")
    found = Finding(
        (("race", (1,)), ("sex", (0,))), ASKED.yes, 1, 1, 1.0, 1.0, 1.0, 1.0, None, "exploratory", None, None, None,
        None, None, None, None,
    )  # fmt: skip

    (told,) = searching.with_returned([found], space, np.array([[7, 31, 44]]))

    assert told.returned == (("race", 31), ("sex", 44))
