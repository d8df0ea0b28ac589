from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from factories.people import column
from upwell.evidence.errors import EvidenceError
from upwell.evidence.scan.spacetime import neighbours

POINTS = some.lists(some.tuples(some.integers(-50, 50), some.integers(-80, 80)), min_size=1, max_size=12).map(
    lambda points: np.array(points, dtype=float)
)


@given(POINTS, some.sampled_from([neighbours.planar, neighbours.globe]))
def test_everyone_is_first_among_its_own_neighbours_and_everybody_is_there_once(points, by) -> None:
    near = by(points)

    assert (near.order[:, 0] == np.arange(len(points))).all()
    assert (np.sort(near.order, axis=1) == np.arange(len(points))).all()
    assert (np.diff(near.far, axis=1) >= 0).all()
    assert near.ends()[:, -1].all()


@given(POINTS)
def test_a_circle_never_ends_between_places_equally_far(points) -> None:
    near = neighbours.planar(points)

    for centre, ends in enumerate(near.ends()):
        for held in np.flatnonzero(ends) + 1:
            inside = {int(place) for place in near.order[centre, :held]}
            radius = near.far[centre, held - 1]
            far = np.hypot(*(points - points[centre]).T)
            assert inside == set(np.flatnonzero(far <= radius * (1 + 1e-9) + 1e-9).tolist())


def test_great_circles_go_over_the_pole_and_across_the_date_line() -> None:
    fiji_east, fiji_west, pole = [-17.0, 179.9], [-17.0, -179.9], [90.0, 0.0]

    near = neighbours.globe(np.array([fiji_east, fiji_west, pole]))

    assert near.order[0].tolist() == [0, 1, 2]
    assert near.far[0, 1] == pytest.approx(0.2 * np.cos(np.radians(17)) * 111.195, rel=1e-3)
    assert near.far[0, 2] == pytest.approx(107 * 111.195, rel=1e-3)


@pytest.mark.parametrize("points", [[[np.nan, 1.0]], [[np.inf, 1.0]], [[1.0]], [], [[1.0, 2.0, 3.0]]])
def test_places_without_two_coordinates_are_refused(points) -> None:
    with pytest.raises(EvidenceError, match="coordinates"):
        neighbours.planar(np.array(points))


def test_longitude_before_latitude_is_noticed() -> None:
    with pytest.raises(EvidenceError, match="is the order right"):
        neighbours.globe(np.array([[-122.4, 37.8]]))


def test_too_many_places_are_refused_before_memory_is() -> None:
    with pytest.raises(EvidenceError, match="use larger places"):
        neighbours.planar(np.zeros((neighbours.MOST_PLACES + 1, 2)))


def test_neighbours_by_steps_come_ring_by_ring() -> None:
    near = neighbours.from_text("place,neighbour\na,b\nb,a\nb,c\nc,b\nc,d\nd,c\n", "abcd")

    assert near.order[0].tolist() == [0, 1, 2, 3] and near.far[0].tolist() == [0, 1, 2, 3]
    assert near.order[1].tolist() == [1, 0, 2, 3] and near.far[1].tolist() == [0, 1, 1, 2]
    assert near.ends()[1].tolist() == [True, False, True, True]
    assert near.said == ()


def test_an_island_is_said_and_has_nobody_around_it() -> None:
    near = neighbours.from_text("a,b\nb,a", "abc")

    assert near.order[2].tolist() == [2, -1, -1] and near.ends()[2].tolist() == [True, False, False]
    assert near.said == ("Without a neighbour, so never part of a larger area: c.",)


def test_a_border_given_one_way_is_taken_both_ways_and_said() -> None:
    near = neighbours.from_text("a,b\n\nb,c\nc,b\n", "abc")

    assert near.order[1].tolist() == [1, 0, 2]
    assert near.said == ("Some borders are given one way only and were taken both ways: those of a.",)


def test_many_names_are_cut_short() -> None:
    near = neighbours.from_text("a,b\nb,a", "abcdefg")

    assert near.said[0].endswith("c, d, e and 2 more.")


@pytest.mark.parametrize(
    "text, words", [("a,x", "Line 1 of the neighbours names 'x'"), ("a,b\na", "Line 2"), ("a,b,c", "Line 1")]
)
def test_a_line_that_is_no_pair_of_places_is_refused(text: str, words: str) -> None:
    with pytest.raises(EvidenceError, match=words):
        neighbours.from_text(text, "abc")


def test_areas_around_places_become_groups_each_once() -> None:
    place = column("place", 5, unknown=1, kind="place")
    line = neighbours.planar(np.stack([np.arange(5.0), np.zeros(5)], axis=1))

    groups = neighbours.around(place, range(5), line, sizes=(2, 3))

    assert {group.codes for group in groups} == {(0, 1), (3, 4)}
    assert groups[0].words == "around place 0 (2 places)"


def test_areas_hold_at_most_half_of_the_places_and_never_an_unknown_one() -> None:
    place = column("place", 12, unknown=2, kind="place")
    near = neighbours.planar(np.random.default_rng(1).random((12, 2)))

    groups = neighbours.around(place, range(12), near)

    assert {len(group.codes) for group in groups} == {2, 3, 4, 6}
    assert all(code < 12 for group in groups for code in group.codes)
    assert len({group.codes for group in groups}) == len(groups)
    assert all(list(group.codes) == sorted(set(group.codes)) for group in groups)


def test_an_island_alone_makes_no_group() -> None:
    near = neighbours.from_text("a,b\nb,a", "abcd")

    groups = neighbours.around(column("place", 4), range(4), near)

    assert [group.codes for group in groups] == [(0, 1)]


def test_places_without_a_value_are_refused() -> None:
    with pytest.raises(EvidenceError, match="one code a place"):
        neighbours.around(column("place", 4), range(3), neighbours.planar(np.zeros((4, 2))))
