from __future__ import annotations

from dataclasses import replace
from math import exp

import numpy as np
import pytest

from factories.people import COLUMNS, people
from upwell.evidence import dimensions, tables
from upwell.evidence.scan.climbing.score import code
from upwell.evidence.scan.climbing.subset import Candidate, Scan
from upwell.evidence.scan.surely import chance, ladder, merge

PLANT = {"place": (1,), "sex": (0,)}


def _known(persons=1_500, *, seed=1, odds=1.0, **kinds):
    """A search whose expectation is the truth but for what was planted."""
    made = people(persons, seed=seed, plant=PLANT, odds=odds, **kinds)
    space = dimensions.dimensions(made.asked, COLUMNS, among=np.ones(persons, dtype=bool), least=11)
    coding = code([d.values for d in space], [d.ordered for d in space], searches=1)
    odds_without = made.truth / (1 - made.truth) / np.where(made.inside, odds, 1)
    return Scan(tables.frame(space), coding, 11), made, odds_without / (1 + odds_without)


def _units(made):
    return chance.Units(made.asked.household, made.asked.codes["project"])


@pytest.fixture(scope="module")
def clear():
    scan, made, expected = _known(odds=8.0)
    return scan, made, expected, ladder.known(scan, made.asked.yes, expected, None, searches=1, seed=1, findings=3)


def test_a_clear_finding_has_its_p_from_the_bound_and_no_world_is_drawn(clear):
    _, made, _, answer = clear

    first = answer.findings[0]

    assert first.p_from == "bound"
    assert answer.p == first.p == pytest.approx(exp(-first.candidate.score))
    assert answer.worlds == 0
    assert (first.candidate.inside & made.inside).sum() >= 0.8 * (first.candidate.inside | made.inside).sum()


def test_its_e_value_agrees_and_stands(clear):
    *_, answer = clear

    first = answer.findings[0]

    assert first.stands
    assert first.candidate.score - 4 < first.log_e < first.candidate.score


def test_later_findings_carry_no_p(clear):
    *_, answer = clear

    assert all(rung.p is None and rung.p_from == "exploratory" for rung in answer.findings[1:])


def test_two_troubles_are_both_found_and_both_stand_by_their_e_values():
    scan, made, expected = _known(3_000, odds=8.0)
    second = dimensions.inside(made.asked, (("place", (0,)), ("sex", (1,))))
    yes = made.asked.yes | (second & (np.random.default_rng(2).random(3_000) < 0.5))

    answer = ladder.known(scan, yes, expected, None, searches=1, seed=1, findings=2)

    assert len(answer.findings) == 2
    assert all(rung.stands for rung in answer.findings)
    assert answer.findings[1].p is None


def test_a_score_near_the_line_is_held_against_worlds():
    scan, made, expected = _known(600, seed=4, odds=3.0)
    heard = []

    answer = ladder.known(
        scan,
        made.asked.yes,
        expected,
        None,
        searches=1,
        seed=1,
        progress=lambda words, share: heard.append((words, share)),
    )

    assert -5 < answer.best.score < 3
    assert 10 <= answer.worlds <= 999
    assert [share for _, share in heard] == sorted(share for _, share in heard)
    assert heard[0] == ("comparing with chance: 0 of at most 999 worlds drawn", 0.0)
    assert heard[-1][1] == answer.worlds / 999
    assert all(rung.p_from == "replicates" for rung in answer.findings)


def test_persons_who_hang_together_have_no_bound_however_clear_it_looks():
    scan, made, expected = _known(odds=8.0, households=2, together=0.6)

    answer = ladder.known(scan, made.asked.yes, expected, _units(made), searches=1, seed=1, findings=2)

    first = answer.findings[0]
    assert first.p_from == "replicates"
    assert answer.worlds >= 49
    assert first.p > exp(-first.candidate.score)
    assert first.log_e is None
    assert not first.stands
    assert answer.linked.together > 0.3


def test_the_any_set_score_is_never_told_by_the_bound(clear):
    scan, made, expected, _ = clear
    coding = replace(scan.coding, base=0.0)

    answer = ladder.known(replace(scan, coding=coding), made.asked.yes, expected, None, searches=1, seed=1, findings=2)

    assert answer.findings[0].p_from == "replicates"
    assert answer.findings[0].log_e is None


def test_far_below_the_line_nothing_is_drawn_and_nothing_claimed():
    scan, made, expected = _known(600, seed=2)
    scan = replace(scan, coding=replace(scan.coding, base=scan.coding.base + 20))

    answer = ladder.known(scan, made.asked.yes, expected, None, searches=1, seed=1)

    assert answer.findings == ()
    assert answer.p == 1.0
    assert answer.worlds == 0


def test_nobody_to_find_is_an_answer():
    scan, _, expected = _known(600, seed=2)

    answer = ladder.known(scan, np.zeros(600, dtype=bool), expected, None, searches=1, seed=1)

    assert answer == ladder.Ladder((), 1.0, None, None)


def test_the_same_seed_gives_the_same_answer():
    scan, made, expected = _known(600, seed=4, odds=3.0)

    one, other = (ladder.known(scan, made.asked.yes, expected, None, searches=2, seed=7) for _ in range(2))

    assert (one.p, one.worlds, one.needed) == (other.p, other.worlds, other.needed)


class _Drawn:
    """A search that finds whatever score it is told to: what the ladder makes of it is all that is looked at."""

    def __init__(self, scan, scores):
        self.people, self.coding, self._scores = scan.people, scan.coding, iter(scores)

    def best(self, yes, expected, exact=None):
        allowed = np.ones((len(self.people.sizes), int(self.people.sizes.max())), dtype=bool)
        return Candidate(next(self._scores), allowed, np.ones(len(yes), dtype=bool), 2.0)

    def best_each(self, yes, expected, exact):
        return [self.best(y, e) for y, e in zip(yes, expected, strict=True)]


@pytest.mark.parametrize(
    ("score", "p_from", "claimed"), [(2.999, "replicates", True), (3.0, "bound", True), (-5.0, None, False)]
)
def test_the_steps_of_the_ladder_are_where_they_are_said_to_be(score, p_from, claimed):
    scan, made, expected = _known(200, seed=2)
    scores = [score, *np.random.default_rng(1).gumbel(-6.0, 1.0, 2_000)]

    answer = ladder.known(_Drawn(scan, scores), made.asked.yes, expected, None, searches=1, seed=1)

    assert [rung.p_from for rung in answer.findings] == ([p_from] if claimed else [])
    assert (answer.worlds > 0) == (p_from == "replicates")


def test_from_a_hundred_thousand_persons_later_findings_carry_the_p_of_the_other_half():
    scan, made, expected = _known(100_000, odds=2.0)
    second = dimensions.inside(made.asked, (("place", (0,)), ("sex", (1,))))
    yes = made.asked.yes | (second & (np.random.default_rng(2).random(100_000) < 0.1))

    answer = ladder.known(scan, yes, expected, None, searches=1, seed=1, findings=4)

    assert answer.findings[0].p_from == "bound"
    later = answer.findings[1:]
    assert later
    assert all(rung.p_from == "confirmation" and rung.p <= 0.05 for rung in later)
    assert merge.jaccard(later[0].candidate.inside, second & ~answer.findings[0].candidate.inside) > 0.6
