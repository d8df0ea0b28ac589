from __future__ import annotations

import numpy as np

from upwell.evidence.scan import since


def _months(seed: int, begins: int, *, ends: int = 99, persons: int = 900):
    rng = np.random.default_rng(seed)
    month = rng.integers(0, 36, persons).astype(np.int16)
    share = np.full(persons, 0.15)
    yes = rng.random(persons) < np.where((month >= begins) & (month <= ends), 0.45, share)
    return month, yes, share


def test_the_onset_is_found_within_its_interval():
    hits = 0
    for seed in range(20):
        found = since.onset(*_months(seed, 20))
        hits += found is not None and found.low <= 20 <= found.high and abs(found.month - 20) <= 3

    assert hits >= 18


def test_an_excess_that_was_always_there_has_no_onset():
    told = [since.onset(*_months(seed, 0)) for seed in range(20)]

    assert sum(found is None for found in told) >= 18


def test_an_excess_that_goes_on_persists_and_one_that_ended_does_not():
    going, over = _months(1, 12), _months(2, 12, ends=28)

    assert since.persists(*going, last=35) is True
    assert since.persists(*over, last=35) is False


def test_too_few_persons_in_the_last_months_tell_nothing():
    month, yes, share = _months(3, 12)
    early = month < 33

    assert since.persists(month[early], yes[early], share[early], last=35) is None
