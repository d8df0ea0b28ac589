from __future__ import annotations

import os

import numpy as np
import pytest
from scipy.stats import binom

from upwell.evidence.errors import EvidenceError
from upwell.evidence.scan.spacetime import cylinders, neighbours
from upwell.evidence.scan.spacetime.cylinders import Wish


def _grid(side: int) -> neighbours.Near:
    east, north = np.meshgrid(np.arange(side), np.arange(side))
    return neighbours.planar(np.stack([east.ravel(), north.ravel()], axis=1))


def _brute(events: np.ndarray, risk: np.ndarray, points: np.ndarray, share: float) -> tuple[float, set, range]:
    """Every circle by its radius, every interval, with logarithms as they stand in the paper."""
    total, scale = events.sum(), events.sum() / risk.sum()
    best = (0.0, set(), range(0))
    for point in points:
        far = np.hypot(*(points - point).T)
        for radius in np.unique(far):
            held = far <= radius
            if risk[held].sum() > share * risk.sum():
                continue
            for first in range(events.shape[1]):
                for last in range(first, events.shape[1]):
                    c, e = events[held, first : last + 1].sum(), scale * risk[held, first : last + 1].sum()
                    rest = total - c
                    if c < 2 or c <= e:
                        continue
                    llr = c * np.log(c / e) + (rest * np.log(rest / (total - e)) if rest else 0)
                    if llr > best[0] + 1e-9:
                        best = (llr, set(np.flatnonzero(held).tolist()), range(first, last + 1))
    return best


def test_a_small_example_is_as_counted_by_brute_force() -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        points, risk = rng.random((6, 2)), rng.integers(3, 20, (6, 5)).astype(float)
        events = rng.poisson(risk * 0.3)

        score, places, months = _brute(events, risk, points, 0.5)
        found = cylinders.search(events, risk, neighbours.planar(points), Wish(worlds=20), seed=1).clusters[0]

        assert found.score == pytest.approx(score)
        assert (set(found.places), range(found.first, found.last + 1)) == (places, months)
        assert found.events == events[sorted(places)][:, months].sum()


def test_a_planted_cluster_is_found_where_and_when_it_is() -> None:
    rng = np.random.default_rng(4)
    risk = np.full((49, 24), 4.0)
    truth = risk.copy()
    truth[np.ix_([16, 17, 23, 24, 25, 31], range(15, 21))] *= 3

    found = cylinders.search(rng.poisson(truth), risk, _grid(7), Wish(worlds=199), seed=1)

    best = found.clusters[0]
    assert best.p <= 0.005 and 2 < best.ratio < 4
    assert len({16, 17, 23, 24, 25, 31} & set(best.places)) >= 4 and len(best.places) <= 9
    assert abs(best.first - 15) <= 1 and abs(best.last - 20) <= 1


def test_common_events_among_persons_are_found_with_the_bernoulli_law() -> None:
    rng = np.random.default_rng(5)
    persons = np.full((16, 12), 30)
    rate = np.full((16, 12), 0.4)
    rate[[0, 1, 4], 4:8] = 0.65

    events = rng.binomial(persons, rate)
    exact = cylinders.search(events, persons, _grid(4), Wish(worlds=199, people=True), seed=1)
    poisson = cylinders.search(events, persons, _grid(4), Wish(worlds=199), seed=1)

    assert exact.clusters[0].p <= 0.01
    assert set(exact.clusters[0].places) == {0, 1, 4}
    assert exact.clusters[0].score > poisson.clusters[0].score


def test_further_clusters_share_no_place_with_earlier_ones() -> None:
    rng = np.random.default_rng(6)
    truth = np.full((49, 12), 5.0)
    truth[[0, 1, 7], 3:9] *= 3
    truth[[47, 48, 41], 6:] *= 3

    found = cylinders.search(rng.poisson(truth), np.ones((49, 12)), _grid(7), Wish(worlds=99), seed=1)

    places = [place for each in found.clusters for place in each.places]
    assert len(places) == len(set(places))
    assert [each.p <= 0.02 for each in found.clusters[:3]] == [True, True, False]
    assert [each.score for each in found.clusters] == sorted((each.score for each in found.clusters), reverse=True)


def test_a_cluster_that_is_over_is_none_of_those_alive() -> None:
    truth = np.full((25, 12), 5.0)
    truth[[0, 1, 5], 2:6] *= 4
    events = np.random.default_rng(7).poisson(truth)

    ever = cylinders.search(events, np.ones((25, 12)), _grid(5), Wish(worlds=99), seed=1)
    alive = cylinders.search(events, np.ones((25, 12)), _grid(5), Wish(worlds=99, alive=True, longest=4), seed=1)

    assert ever.clusters[0].p <= 0.01 and ever.clusters[0].last <= 6
    assert all(each.last == 11 for each in alive.clusters)
    assert alive.clusters[0].p > 0.05
    assert alive.windows < ever.windows


def test_a_window_is_no_longer_than_asked() -> None:
    truth = np.full((25, 12), 5.0)
    truth[0, 2:10] *= 4

    events = np.random.default_rng(8).poisson(truth)
    found = cylinders.search(events, np.ones((25, 12)), _grid(5), Wish(worlds=20, longest=3), seed=1)

    assert all(each.last - each.first < 3 for each in found.clusters)


def test_an_area_holds_no_more_people_than_asked() -> None:
    risk = np.array([[50.0], [10.0], [10.0], [10.0], [10.0], [10.0]])
    events = np.array([[30], [1], [1], [1], [1], [1]])
    line = neighbours.planar(np.stack([np.arange(6.0), np.zeros(6)], axis=1))

    found = cylinders.search(events, risk, line, Wish(share=0.3, worlds=20), seed=1)

    assert all(sum(risk[place, 0] for place in each.places) <= 30 for each in found.clusters)


def test_the_same_places_around_another_centre_are_counted_once() -> None:
    two = neighbours.planar(np.array([[0.0, 0.0], [1.0, 0.0]]))

    plan = cylinders.planned(np.ones((2, 1), dtype=np.int64), np.ones((2, 1)), two, Wish(share=1.0))

    assert plan.windows == 3  # either place, and both


def test_the_order_of_the_places_changes_nothing() -> None:
    rng = np.random.default_rng(9)
    points, events = rng.random((20, 2)), rng.poisson(3.0, (20, 8))
    turned = rng.permutation(20)

    one = cylinders.search(events, np.ones((20, 8)), neighbours.planar(points), Wish(worlds=0), seed=1).clusters[0]
    other = cylinders.search(
        events[turned], np.ones((20, 8)), neighbours.planar(points[turned]), Wish(worlds=0), seed=1
    ).clusters[0]

    assert other.score == pytest.approx(one.score)
    assert {int(turned[place]) for place in other.places} == set(one.places)


def test_the_same_seed_gives_the_same_answer() -> None:
    events = np.random.default_rng(10).poisson(3.0, (25, 8))

    once, again = (cylinders.search(events, np.ones((25, 8)), _grid(5), Wish(worlds=60), seed=3) for _ in range(2))

    assert once == again


def test_a_plain_null_stops_early_and_a_clear_cluster_goes_by_its_tail() -> None:
    rng = np.random.default_rng(11)
    events = rng.poisson(4.0, (16, 6))
    clear = events.copy()
    clear[0, 3:] += 30

    chance = cylinders.search(events, np.ones((16, 6)), _grid(4), seed=1)
    found = cylinders.search(clear, np.ones((16, 6)), _grid(4), seed=1)

    assert chance.worlds < 999 and chance.p_from == "replicates"
    assert found.p_from == "tail" and found.clusters[0].p < 1 / 1000


def test_what_is_no_count_is_refused_in_a_sentence() -> None:
    near, ones = _grid(2), np.ones((4, 3))
    wrong = [
        (np.ones((4, 2)), ones, Wish(), "same places and months"),
        (-ones, ones, Wish(), "whole numbers"),
        (ones * 0.5, ones, Wish(), "whole numbers"),
        (ones, ones * np.nan, Wish(), "0 or more"),
        (ones, -ones, Wish(), "0 or more"),
        (ones, ones * 0, Wish(), "nobody was at risk"),
        (ones * 2, ones, Wish(people=True), "more events than people"),
        (ones * 0, ones * 1.5, Wish(people=True), "Persons at risk are whole"),
    ]

    for events, risk, wish, words in wrong:
        with pytest.raises(EvidenceError, match=words):
            cylinders.search(events, risk, near, wish, seed=1)


def test_nothing_to_search_is_said_and_is_no_error() -> None:
    none = cylinders.search(np.zeros((4, 3), dtype=int), np.ones((4, 3)), _grid(2), seed=1)
    single = cylinders.search(np.full((1, 3), 5), np.ones((1, 3)), _grid(1), seed=1)

    assert none.clusters == () and "too few events" in none.note
    assert single.clusters == () and "nothing to compare" in single.note


def test_everybody_with_the_event_is_no_cluster() -> None:
    everybody = np.full((4, 3), 9)

    assert cylinders.search(everybody, everybody, _grid(2), Wish(people=True), seed=1).clusters == ()


@pytest.mark.slow
@pytest.mark.parametrize("people", [False, True])
def test_nulls_are_called_clusters_as_often_as_stated(people: bool) -> None:
    nulls = 400 if os.environ.get("UPWELL_SLOW") == "full" else 60
    risk = np.random.default_rng(1).integers(5, 40, (16, 8))
    ps = []
    for seed in range(nulls):
        rng = np.random.default_rng([seed, 77])
        events = rng.binomial(risk, 0.3) if people else rng.poisson(risk * 0.1)
        found = cylinders.search(events, risk, _grid(4), Wish(worlds=199, people=people), seed=seed)
        ps.append(found.clusters[0].p if found.clusters else 1.0)

    for alpha in (0.5, 0.2, 0.1, 0.05):
        assert sum(p <= alpha for p in ps) <= binom.ppf(0.995, nulls, alpha)
    assert sum(p <= 0.5 for p in ps) >= binom.ppf(0.005, nulls, 0.5)
