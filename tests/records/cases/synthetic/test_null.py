"""Without a plant there is nothing to find: main effects of what people are like, and chance."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom, chi2

from upwell.records.cases.synthetic.chances import Table
from upwell.records.cases.synthetic.generate import in_memory
from upwell.records.cases.synthetic.made import County
from upwell.records.cases.synthetic.people import HEAD
from upwell.records.cases.synthetic.planting import days_of
from upwell.records.cases.synthetic.truth import index_stays
from upwell.records.cases.synthetic.vocabulary import GIVEAWAYS, QUESTIONS

COMPOSITION = (
    "gender",
    "race",
    "age",
    "household_type",
    "veteran",
    "disabling",
    "project_type",
    "times_homeless",
    "income",
    "insurance",
)
PAIRED = ("gender", "race", "age", "household_type", "project_type")
GROUPS = ("place", "project", "agency", "quarter", ("place", "gender"), ("project", "age"), ("place", "quarter"))


@pytest.fixture(scope="module")
def null() -> County:
    return in_memory(people=24_000, years=3, seed=31)


def one_a_household(question: str, index: Table) -> Table:
    """A household moves into a home together: there only its head is evidence."""
    if question != "no_move_in_120":
        return index
    heads = index["relation"] == HEAD
    return {name: values[heads] for name, values in index.items()}


def main_effects(index: Table, columns: list[str]) -> NDArray[np.float64]:
    """Fitted probability of yes by a logistic regression on one indicator a value, by Newton's method."""
    indicators = [index[name] == value for name in columns for value in np.unique(index[name])[1:]]
    x = np.array([np.ones(len(index["yes"])), *indicators], float).T
    weight = np.zeros(x.shape[1])
    for _ in range(8):
        p = 1 / (1 + np.exp(-np.clip(x @ weight, -12, 12)))
        step = x.T @ (x * (p * (1 - p))[:, None]) + 1e-6 * np.eye(len(weight))
        weight += np.linalg.solve(step, x.T @ (index["yes"] - p))
    return np.asarray(1 / (1 + np.exp(-np.clip(x @ weight, -12, 12))))


def p_value(yes: NDArray[np.int32], expected: NDArray[np.float64], group: NDArray[np.int64]) -> float:
    """Pearson's test that groups have the yes expected of them; a little too high, since the expectation is fitted."""
    _, cell = np.unique(group, return_inverse=True)
    observed, mean = np.bincount(cell, yes), np.bincount(cell, expected)
    variance = np.bincount(cell, expected * (1 - expected))
    enough = mean >= 3
    return float(chi2.sf(((observed - mean) ** 2 / variance)[enough].sum(), enough.sum()))


def test_neither_place_nor_programme_nor_time_nor_any_pair_matters_beyond_main_effects(null: County):
    found = {}
    for question in QUESTIONS:
        index = one_a_household(question, index_stays(null, question))
        columns = [name for name in COMPOSITION if name not in GIVEAWAYS.get(question, ())]
        expected = main_effects(index, columns)
        index = index | {"quarter": ((days_of(question, index) - null.period[0]) // 91).astype(np.int32)}
        for group in (*GROUPS, *itertools.combinations(PAIRED, 2)):
            names = (group,) if isinstance(group, str) else group
            cell = sum(index[name].astype(np.int64) * 100**place for place, name in enumerate(names))
            found[question, names] = p_value(index["yes"], expected, np.asarray(cell))

    small = sum(p < 0.05 for p in found.values())
    assert len(found) > 250
    assert small <= binom.ppf(0.999, len(found), 0.05)
    assert min(found.values()) > 0.001 / len(found)


def test_every_question_has_enough_people_and_both_answers(null: County):
    for question in QUESTIONS:
        index = index_stays(null, question)
        share = index["yes"].mean()
        assert len(index["yes"]) > 1_500, question
        assert 0.01 < share < 0.6, (question, share)


def test_an_index_stay_is_a_persons_first_whatever_the_answer(null: County):
    for question in ("jail", "exit_homeless", "violence"):
        stays, index = null.stays, index_stays(null, question)
        when = days_of(question, stays)
        asked = (stays[f"yes.{question}"] >= 0) & (when >= null.period[0])
        first = np.full(len(null.people), 10**6)
        np.minimum.at(first, stays["person"][asked], when[asked])

        assert len(np.unique(index["person"])) == len(index["person"]) == (first < 10**6).sum()
        assert (days_of(question, index) == first[index["person"]]).all()


def test_people_answer_alike_from_stay_to_stay(null: County):
    stays = null.stays
    asked = np.flatnonzero(stays["yes.jail"] >= 0)
    asked = asked[np.argsort(stays["person"][asked], kind="stable")]
    first, second = asked[:-1], asked[1:]
    same = stays["person"][first] == stays["person"][second]

    again = stays["yes.jail"][second[same]][stays["yes.jail"][first[same]] == 1]

    assert len(again) > 100
    assert again.mean() > 0.25 > 0.1 > stays["yes.jail"][asked].mean()
