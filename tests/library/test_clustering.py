from __future__ import annotations

import json

import numpy as np
import pytest

from upwell.evidence.errors import EvidenceError
from upwell.library.clustering import find_clusters

PLACES = [f"p{at:02d}" for at in range(16)]
XY = {name: (at % 4, at // 4) for at, name in enumerate(PLACES)}


def _source(seed: int = 1, *, rate: float = 0.05, times: float = 4.0):
    """16 places in 12 months of 2025; from July on three neighbours have more events."""
    rng = np.random.default_rng(seed)
    rows = [(place, month) for place in range(16) for month in range(12)]
    raised = np.array([times if place in (0, 1, 4) and month >= 6 else 1.0 for place, month in rows])
    return {
        "place": [PLACES[place] for place, _ in rows],
        "month": [f"2025-{month + 1:02d}" for _, month in rows],
        "events": rng.binomial(100, np.minimum(rate * raised, 0.9)),
        "people": [100] * len(rows),
    }


def test_a_cluster_is_told_with_its_places_and_months() -> None:
    found = find_clusters(_source(), population="people", xy=XY, worlds=199)

    (best,) = found.clusters
    assert set(best.places) == {"p00", "p01", "p04"}
    assert best.last == "2025-12" and best.first in ("2025-06", "2025-07", "2025-08")
    assert best.p < 0.01 and 2 < best.ratio < 5 and found.law == "poisson"
    assert "3 places around p00" in best.sentence() and best.sentence() == found.sentence()


def test_common_events_are_judged_by_bernoullis_law() -> None:
    found = find_clusters(_source(rate=0.3, times=1.6), population="people", xy=XY, worlds=199)

    assert found.law == "bernoulli" and set(found.clusters[0].places) == {"p00", "p01", "p04"}


def test_what_is_expected_already_is_no_cluster() -> None:
    source = _source(seed=2)
    source["told"] = [20.0 if place in ("p00", "p01", "p04") and month >= "2025-07" else 5.0
                      for place, month in zip(source["place"], source["month"], strict=True)]  # fmt: skip

    found = find_clusters(source, expected="told", xy=XY, worlds=99)

    assert found.clusters == () and found.sentence() == "No places and months stand out beyond chance."


def test_neighbours_may_be_pairs_or_text_or_a_file(tmp_path) -> None:
    pairs = [(PLACES[a], PLACES[b]) for a in range(16) for b in range(a) if _touch(PLACES[a], PLACES[b])]
    text = "place,neighbour\n" + "".join(f"{a},{b}\n{b},{a}\n" for a, b in pairs)
    (tmp_path / "borders.csv").write_text(text, encoding="utf-8")

    told = [
        find_clusters(_source(), population="people", neighbours=each, worlds=60)
        for each in (pairs, text, tmp_path / "borders.csv", str(tmp_path / "borders.csv"))
    ]

    assert all(each == told[0] for each in told) and told[0].said == ()
    assert set(told[0].clusters[0].places) == {"p00", "p01", "p04"}


def _touch(one: str, other: str) -> bool:
    return sum(abs(a - b) for a, b in zip(XY[one], XY[other], strict=True)) == 1


def test_degrees_are_taken_as_degrees() -> None:
    spots = {name: (40 + y / 10, -84 + x / 10) for name, (x, y) in XY.items()}

    found = find_clusters(_source(), population="people", latlon=spots, worlds=60)

    assert "p00" in found.clusters[0].places


def test_rows_are_added_up_and_those_of_nowhere_left_out_and_said() -> None:
    source = _source()
    double = {name: [*values, *values, values[0]] for name, values in source.items()}
    double["place"][-1] = None
    once = find_clusters(source, population="people", xy=XY, worlds=20)

    twice = find_clusters(double, population="people", xy=XY, worlds=20)

    assert twice.clusters[0].events == 2 * once.clusters[0].events
    assert twice.said == ("Rows without a place or a month were left out.",)


def test_the_result_shows_no_count_by_itself_and_is_plain_values_when_asked() -> None:
    found = find_clusters(_source(), population="people", xy=XY, worlds=60)

    assert repr(found) == "Clusters(NOT PROTECTED: exact counts, for the case team alone; 1 clusters)"
    assert "NOT PROTECTED" in repr(found.clusters[0]) and str(found.clusters[0].events) not in repr(found.clusters[0])
    assert json.loads(json.dumps(found.to_dict()))["clusters"][0]["places"] == list(found.clusters[0].places)


@pytest.mark.parametrize(
    "change, words",
    [
        ({"population": None}, "population= .* or expected="),
        ({"expected": "events"}, "population= .* or expected="),
        ({"population": "peple"}, "no column 'peple'. Did you mean 'people'"),
        ({"xy": None}, "one of latlon=, xy= and neighbours="),
        ({"neighbours": "a,b"}, "one of latlon=, xy= and neighbours="),
        ({"xy": {name: XY[name] for name in PLACES[1:]}}, "no coordinates for 'p00'"),
        ({"xy": {name: (1,) for name in PLACES}}, "two coordinates"),
        ({"xy": {name: ("north", 1) for name in PLACES}}, "two coordinates"),
        ({"xy": None, "neighbours": "nowhere.csv"}, "no file of neighbours"),
        ({"xy": None, "neighbours": [("p00", "q99")]}, "names 'q99'"),
        ({"share": 0}, "`share`"),
        ({"longest": 0}, "`longest`"),
        ({"events": "place"}, "no number"),
    ],
)
def test_what_cannot_be_searched_is_refused_in_a_sentence(change, words: str) -> None:
    asked = {"population": "people", "xy": XY, "worlds": 20} | change

    with pytest.raises(EvidenceError, match=words):
        find_clusters(_source(), **asked)


@pytest.mark.parametrize("wrong", [float("nan"), -1, None, 2.5])
def test_an_event_is_a_whole_number(wrong) -> None:
    source = _source()
    source["events"] = [wrong, *source["events"][1:]]

    with pytest.raises(EvidenceError, match="'events'"):
        find_clusters(source, population="people", xy=XY)


def test_no_row_at_all_is_refused_and_no_event_is_no_cluster() -> None:
    nothing = {"place": [], "month": [], "events": [], "people": []}
    quiet = _source() | {"events": [0] * 192}

    with pytest.raises(EvidenceError, match="no rows"):
        find_clusters(nothing, population="people", xy=XY)
    assert "too few events" in find_clusters(quiet, population="people", xy=XY).sentence()
