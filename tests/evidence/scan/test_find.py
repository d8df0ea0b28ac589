from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from factories.people import COLUMNS, people
from upwell.evidence import dimensions
from upwell.evidence.errors import EvidenceError
from upwell.evidence.question import Search
from upwell.evidence.scan.find import find

PLANT = {"place": (1,), "sex": (0,)}


def _jaccard(one, other) -> float:
    return float((one & other).sum() / (one | other).sum())


@pytest.fixture(scope="module")
def planted():
    made = people(900, seed=3, plant=PLANT, odds=8)
    return made, find(made.asked, COLUMNS, seed=1, searches=13)


def test_a_planted_sub_population_is_found_and_described(planted):
    made, search = planted

    first = search.findings[0]

    assert _jaccard(first.inside, made.inside) >= 0.8
    assert first.p is not None
    assert first.p <= 0.05
    assert first.p_from == "bootstrap"


def test_every_number_of_a_finding_is_that_of_its_persons(planted):
    made, search = planted

    for found in search.findings:
        assert np.array_equal(found.inside, dimensions.inside(made.asked, found.where))
        assert found.persons == found.inside.sum()
        assert found.yes == made.asked.yes[found.inside].sum()
        assert found.excess_low < found.excess < found.excess_high
        assert 0 < found.expected < found.persons


def test_the_expectation_is_near_what_the_persons_would_have_had(planted):
    made, search = planted
    found = search.findings[0]
    odds = made.truth / (1 - made.truth) / np.where(made.inside, 8, 1)

    without = (odds / (1 + odds))[found.inside].sum()

    assert found.expected == pytest.approx(without, rel=0.35)


def test_later_findings_carry_no_p_and_say_exploratory():
    made = people(3_000, seed=5, plant=PLANT, odds=8)
    second = {"place": (3,), "stay": (0, 1)}
    inside = dimensions.inside(made.asked, tuple(second.items()))
    yes = made.asked.yes | (inside & (np.random.default_rng(1).random(3_000) < 0.5))

    search = find(replace(made.asked, yes=yes), COLUMNS, seed=1, searches=1)

    assert len(search.findings) >= 2
    assert all(f.p is None and f.p_from == "exploratory" for f in search.findings[1:])
    assert all(_jaccard(a.inside, b.inside) < 0.8 for a in search.findings for b in search.findings if a is not b)


def test_the_same_seed_gives_the_same_answer(planted):
    made, search = planted

    again = find(made.asked, COLUMNS, seed=1, searches=13)

    assert _told(again) == _told(search)


def test_the_order_of_columns_changes_nothing(planted):
    made, search = planted

    assert _told(find(made.asked, COLUMNS[::-1], seed=1, searches=13)) == _told(search)


def test_other_names_of_a_column_s_values_find_the_same_persons(planted):
    made, search = planted
    turned = np.array([2, 0, 1, 3], dtype=np.uint8)  # codes of sex; 3 is unknown
    asked = replace(made.asked, codes={**made.asked.codes, "sex": turned[made.asked.codes["sex"]]})

    again = find(asked, COLUMNS, seed=1, searches=13)

    assert np.array_equal(again.findings[0].inside, search.findings[0].inside)
    assert again.findings[0].yes == search.findings[0].yes


def test_other_person_numbers_change_nothing(planted):
    made, search = planted
    asked = replace(made.asked, person=made.asked.person * 7 + 1000)

    assert _told(find(asked, COLUMNS, seed=1, searches=13)) == _told(search)


def test_unknown_answers_are_never_inside_a_finding(planted):
    _, search = planted
    unknown = {c.name: {i for i, v in enumerate(c.values) if not v.known} for c in COLUMNS}

    assert all(not unknown[name] & set(codes) for found in search.findings for name, codes in found.where)


def test_nothing_to_find_claims_nothing_but_says_what_could_have_been_seen():
    search = find(people(900, seed=11).asked, COLUMNS, seed=1, searches=13)

    assert search.findings == ()
    assert search.smallest is not None
    assert 0.05 < search.smallest < 0.6
    assert search.smallest_people == 90
    assert search.subsets_log10 > 6


@pytest.mark.parametrize(("few_seed", "more_seed"), [(28, 21), (22, 22)], ids=["against worlds", "without a world"])
def test_more_people_let_smaller_excesses_be_seen(few_seed, more_seed):
    few = find(people(600, seed=few_seed).asked, COLUMNS, seed=1, searches=1).smallest
    more = find(people(1_900, seed=more_seed).asked, COLUMNS, seed=1, searches=1).smallest

    assert few is not None
    assert more is not None
    assert more < few


def test_too_few_people_are_not_searched_and_the_search_says_so():
    search = find(people(40, seed=1).asked, COLUMNS, seed=1, searches=1)

    assert isinstance(search, Search)
    assert search.findings == ()
    assert search.smallest is None
    assert "Too few" in search.note


def test_a_question_that_nearly_everybody_answers_alike_is_not_searched():
    asked = people(500, seed=1).asked

    search = find(replace(asked, yes=np.arange(500) < 3), COLUMNS, seed=1, searches=1)

    assert "same answer" in search.note


def test_a_question_that_may_never_be_split_is_not_searched():
    asked = people(900, seed=3, plant=PLANT, odds=8).asked

    search = find(replace(asked, question=replace(asked.question, whole_export_only=True)), COLUMNS, seed=1, searches=1)

    assert search.findings == ()
    assert "never split" in search.note


def test_progress_is_told_from_nothing_to_all():
    shares = []

    find(people(500, seed=1).asked, COLUMNS, seed=1, searches=1, progress=lambda words, share: shares.append(share))

    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert shares == sorted(shares)


@pytest.mark.parametrize("baseline", ["overall", "composition", "earlier", "programme"])
def test_every_baseline_finds_what_is_new_in_one_place(baseline):
    made = people(1_900, seed=13, plant=PLANT, odds=12, since=18, effects=0.1)

    search = find(made.asked, COLUMNS, baseline=baseline, seed=1, searches=4)

    assert search.baseline == baseline
    assert _jaccard(search.findings[0].inside, made.inside) >= 0.6


def test_the_earlier_baseline_finds_only_later_persons():
    made = people(1_900, seed=14, plant=PLANT, odds=12, since=18)

    search = find(made.asked, COLUMNS, baseline="earlier", seed=1, searches=4)

    assert search.findings
    assert all((made.asked.month[f.inside] >= 18).all() for f in search.findings)


def test_an_unknown_baseline_is_refused():
    with pytest.raises(EvidenceError):
        find(people(200, seed=1).asked, COLUMNS, baseline="nonsense", seed=1, searches=1)


def test_a_finding_that_rests_on_one_agency_says_so():
    made = people(1_900, seed=15, plant={"agency": (1,), "sex": (0,)}, odds=10, effects=0.1)

    found = find(made.asked, COLUMNS, seed=1, searches=1).findings[0]

    assert found.leave_one_out is False


def test_from_a_hundred_thousand_persons_the_other_half_confirms():
    made = people(100_000, seed=16, plant={"place": (1,), "sex": (1,)}, odds=2.5, since=18)

    search = find(made.asked, COLUMNS, seed=1, searches=13)
    first = search.findings[0]

    assert first.p_from == "confirmation"
    assert first.p is not None
    assert first.p < 1e-4
    assert _jaccard(first.inside, made.inside) >= 0.8
    assert first.onset_low is not None
    assert first.onset_high is not None
    assert first.onset_low <= 18 <= first.onset_high
    assert first.persists is True


def test_no_columns_fit_to_search_is_said():
    search = find(people(500, seed=1).asked, (), seed=1, searches=1)

    assert "No column" in search.note


def _told(search: Search):
    return [(f.where, f.persons, f.yes, round(f.expected, 6), f.p, f.onset) for f in search.findings]


def test_persons_who_stand_in_more_than_one_row_are_refused():
    made = people(900, seed=3)
    asked = replace(made.asked, person=made.asked.person // 2)

    with pytest.raises(EvidenceError, match="more than one row"):
        find(asked, COLUMNS, seed=1, searches=1)


def test_progress_says_how_many_worlds_there_can_still_be(planted):
    made, _ = planted
    heard = []

    find(made.asked, COLUMNS, seed=1, searches=13, progress=lambda words, share: heard.append((words, share)))

    worlds = [(words, share) for words, share in heard if "worlds" in words]
    assert worlds[0][0] == "comparing with chance (10 of at most 999 worlds)"
    assert all(0.3 < share <= 0.9 for _, share in worlds)
    assert [share for _, share in heard] == sorted(share for _, share in heard)


def test_one_column_that_the_baseline_adjusts_for_is_never_a_finding_alone():
    made = people(2_000, seed=8, plant={"sex": (0,)}, odds=6)

    usual = find(made.asked, COLUMNS, seed=1, searches=1)
    beside_all = find(made.asked, COLUMNS, baseline="overall", seed=1, searches=1)

    assert all(len(found.where) > 1 or found.where[0][0] != "sex" for found in usual.findings)
    assert beside_all.findings[0].where == (("sex", (0,)),)


def _in_winters(made, odds: float):
    """The planted persons' trouble comes in winters only; months are counted from a January."""
    rng = np.random.default_rng(7)
    winter = np.isin(made.asked.month % 12, (11, 0, 1, 2))
    log_odds = np.log(made.truth / (1 - made.truth)) + np.log(odds) * (made.inside & winter)
    return replace(made.asked, yes=rng.random(made.asked.persons) < 1 / (1 + np.exp(-log_odds)))


@pytest.fixture(scope="module")
def winters():
    asked = _in_winters(people(1_900, seed=3, plant=PLANT, odds=1.5), 14)
    return asked, find(asked, COLUMNS, seed=1, searches=1, begins=1)


def test_a_finding_that_comes_and_goes_with_the_year_tells_its_season(winters):
    _, search = winters

    season = search.findings[0].season

    assert season is not None
    assert (season.told, season.months, season.years) == ("seasonal", 36, 3)
    assert season.peak in (12, 1, 2, 3)


def test_the_peak_is_told_by_the_month_with_which_the_period_begins(winters):
    asked, search = winters
    (first, *_), (turned, *_) = search.findings, find(asked, COLUMNS, seed=1, searches=1, begins=7).findings

    assert (turned.season.peak - first.season.peak) % 12 == 6


def test_telling_the_season_changes_nothing_else(winters):
    asked, search = winters

    without = find(asked, COLUMNS, seed=1, searches=1)

    assert all(found.season is None for found in without.findings)
    assert _told(without) == _told(search)


def test_a_trouble_of_every_month_is_not_seasonal(planted):
    made, _ = planted

    first = find(made.asked, COLUMNS, seed=1, searches=13, begins=1).findings[0]

    assert first.season is not None and first.season.told == "not seasonal"


def test_persons_confirmed_by_the_other_half_tell_their_season_too():
    asked = _in_winters(people(100_000, seed=16, plant={"place": (1,), "sex": (1,)}, odds=1.0), 5)

    first = find(asked, COLUMNS, seed=1, searches=1, begins=1).findings[0]

    assert first.p_from == "confirmation"
    assert first.season is not None and first.season.told == "seasonal"


def test_a_finding_says_how_it_stands_in_its_search(planted):
    _, search = planted

    first = search.findings[0]

    assert 1 <= first.agreed <= first.starts
    assert first.runner_up is None or first.runner_up <= first.score


@pytest.mark.slow
def test_steady_troubles_that_were_searched_for_are_called_seasonal_as_rarely_as_stated():
    worlds = 200 if os.environ.get("UPWELL_SLOW") == "full" else 14
    told = []
    for seed in range(5_000, 5_000 + worlds):
        alike = {"households": 2, "together": 0.5} if seed % 2 else {}
        made = people(900, seed=seed, plant=PLANT, odds=8, **alike)
        told += [found.season.told for found in find(made.asked, COLUMNS, seed=seed, searches=1, begins=1).findings]

    assert len(told) >= 0.8 * worlds
    assert told.count("seasonal") <= binom.ppf(0.99, len(told), 0.05)
