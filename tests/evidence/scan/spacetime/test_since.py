from __future__ import annotations

import numpy as np

from upwell.evidence.scan.spacetime import since


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


def test_the_onset_of_a_clear_excess_is_found_to_the_month() -> None:
    """Among 1,500 persons in 36 months, 15 % of them with the trouble and three times the odds from month 20 on."""
    errors = []
    for seed in range(40):
        rng = np.random.default_rng([seed, 20])
        month = rng.integers(0, 36, 1_500).astype(np.int16)
        raised = 0.15 / 0.85 * np.where(month >= 20, 3.0, 1.0)
        found = since.onset(month, rng.random(1_500) < raised / (1 + raised), np.full(1_500, 0.15))
        errors.append(36 if found is None else abs(found.month - 20))

    assert np.median(errors) <= 1


def test_persons_who_hang_together_make_it_harder_to_say_that_it_goes_on() -> None:
    month = np.full(60, 35, dtype=np.int16)
    yes = np.arange(60) < 16

    assert since.persists(month, yes, np.full(60, 0.15), last=35) is True
    assert since.persists(month, yes, np.full(60, 0.15), last=35, inflation=4.0) is False


def test_nobody_has_no_onset() -> None:
    assert since.onset(np.zeros(0, np.int16), np.zeros(0, bool), np.zeros(0)) is None
