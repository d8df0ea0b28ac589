from __future__ import annotations

import numpy as np

from upwell.evidence.scan import within


def _made(persons: int = 6000):
    rng = np.random.default_rng(4)
    programme = rng.integers(0, 8, persons).astype(np.uint8)
    return rng, programme, np.full(persons, 0.2), np.ones(persons, dtype=bool)


def test_a_gap_inside_every_programme_is_seen_within_programmes():
    rng, programme, share, everyone = _made()
    inside = rng.random(len(share)) < 0.1
    yes = rng.random(len(share)) < np.where(inside, 0.4, 0.2)

    view = within.view(programme, yes, share, inside, everyone)

    assert view is not None
    assert view.agrees
    assert abs(view.expected - 0.2) < 0.03


def test_a_gap_that_is_only_who_gets_to_a_worse_programme_does_not_agree():
    rng, programme, share, everyone = _made()
    worse = programme < 2
    inside = rng.random(len(share)) < np.where(worse, 0.5, 0.02)
    yes = rng.random(len(share)) < np.where(worse, 0.45, 0.15)

    view = within.view(programme, yes, share, inside, everyone)

    assert yes[inside].mean() > 0.35
    assert view is not None
    assert not view.agrees
    assert view.expected > 0.35


def test_a_finding_that_is_a_whole_programme_cannot_be_told():
    rng, programme, share, everyone = _made()

    assert within.view(programme, rng.random(len(share)) < 0.3, share, programme == 3, everyone) is None
