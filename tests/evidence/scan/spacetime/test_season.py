from __future__ import annotations

import os

import numpy as np
import pytest
from scipy.stats import binom

from upwell.evidence.question import Season
from upwell.evidence.scan.spacetime.season import season


def _months(seed: int, odds, *, months: int = 36, persons: int = 3_000, rate: float = 0.2):
    """odds: of the excess, a function of the month."""
    rng = np.random.default_rng([seed, months])
    month = rng.integers(0, months, persons).astype(np.int16)
    share = rng.uniform(rate / 2, 1.5 * rate, persons)
    raised = share / (1 - share) * np.vectorize(odds)(month)
    return month, rng.random(persons) < raised / (1 + raised), share


def _winter(month: int) -> float:
    return 3.0 if month % 12 in (11, 0, 1) else 1.2


def test_an_excess_of_winters_is_seasonal_and_greatest_in_winter() -> None:
    told = [season(*_months(seed, _winter), begins=1, seed=seed) for seed in range(10)]

    assert sum(each.told == "seasonal" for each in told) >= 9
    assert all(each.peak in (12, 1, 2) for each in told if each.told == "seasonal")


def test_the_month_in_which_the_records_begin_is_minded() -> None:
    told = season(*_months(1, _winter), begins=7, seed=1)  # month 0 is a July: the peak is half a year later

    assert told.peak in (6, 7, 8)


def test_months_may_be_counted_from_before_the_period() -> None:
    month, yes, share = _months(2, _winter)

    told = season((month - 5).astype(np.int16), yes, share, begins=6, seed=1)

    assert told.peak == season(month, yes, share, begins=1, seed=1).peak


def test_a_constant_excess_is_not_seasonal() -> None:
    told = [season(*_months(seed, lambda month: 2.5), begins=1, seed=seed) for seed in range(20)]

    assert sum(each.told == "seasonal" for each in told) <= 3


def test_an_excess_with_an_onset_is_not_taken_for_a_season() -> None:
    told = [
        season(*_months(seed, lambda month: 3.0 if month >= 19 else 1.0, months=24), begins=1, seed=seed)
        for seed in range(20)
    ]

    assert sum(each.told == "seasonal" for each in told) <= 3


def test_a_trouble_that_came_once_is_not_seasonal() -> None:
    told = [
        season(*_months(seed, lambda month: 4.0 if 14 <= month < 18 else 1.0), begins=1, seed=seed)
        for seed in range(20)
    ]

    assert sum(each.told == "seasonal" for each in told) <= 2


def test_under_two_years_nothing_is_told() -> None:
    short = season(*_months(3, _winter, months=23), begins=1, seed=1)
    nobody = season(np.zeros(0, np.int16), np.zeros(0, bool), np.zeros(0), begins=1, seed=1)

    assert short == Season("cannot tell", 23) and nobody == Season("cannot tell", 0)
    assert "Fewer than 24 months" in short.sentence()


def test_persons_who_hang_together_weaken_the_claim() -> None:
    made = _months(4, lambda month: 1.0 + 0.8 * (month % 12 < 6))

    alone, together = (season(*made, begins=1, seed=1, inflation=factor) for factor in (1.0, 9.0))

    assert alone.p is not None and together.p is not None
    assert alone.p <= 0.05 < together.p


def test_months_without_anybody_or_without_any_yes_are_no_trouble() -> None:
    month, yes, share = _months(5, _winter)
    kept = (month % 12 != 4) & (month != 20)
    none = np.zeros(int(kept.sum()), dtype=bool)

    assert season(month[kept], yes[kept], share[kept], begins=1, seed=1).told == "seasonal"
    assert season(month[kept], none, share[kept], begins=1, seed=1).told == "not seasonal"


def test_the_sentence_names_months_and_no_counts() -> None:
    told = Season("seasonal", 36, 0.005, peak=1, ratio=2.44, agree=3, years=3)

    assert told.sentence() == (
        "The excess comes and goes with the year: it is greatest around January, with odds 2.4 times those around "
        "July, in 3 of 3 years."
    )
    assert "Nothing says" in Season("not seasonal", 36, 0.5, 1, 1.2, 2, 3).sentence()


def test_the_same_seed_gives_the_same_answer() -> None:
    made = _months(6, lambda month: 1.5)

    assert season(*made, begins=1, seed=5) == season(*made, begins=1, seed=5)


def test_of_very_many_months_the_last_ten_years_are_told_and_time_stays_bounded() -> None:
    month, yes, share = _months(7, _winter, months=400, persons=20_000)

    told = season(month, yes, share, begins=1, seed=1)
    lately = month >= 280
    only = season(month[lately], yes[lately], share[lately], begins=1, seed=1)

    assert told == only
    assert (told.told, told.months, told.years) == ("seasonal", 120, 10) and told.peak in (12, 1, 2)


@pytest.mark.slow
@pytest.mark.parametrize("begun", [0, 9, 17])
def test_steady_excesses_are_called_seasonal_as_rarely_as_stated(begun: int) -> None:
    nulls = 400 if os.environ.get("UPWELL_SLOW") == "full" else 80
    told = [
        season(*_months(seed, lambda month: 2.5 if month >= begun else 1.0, months=24), begins=1, seed=seed)
        for seed in range(1_000, 1_000 + nulls)
    ]

    assert sum(each.told == "seasonal" for each in told) <= binom.ppf(0.995, nulls, 0.05)
