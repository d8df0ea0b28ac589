"""What is found can be read, counted on, printed and drawn, and its repr gives no count away."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pytest

from upwell.evidence.errors import EvidenceError
from upwell.library import find_patterns
from upwell.library.patterns import Pattern, Patterns

PERSONS = 1_900
CHANCE = np.random.default_rng(23)
PLACE = CHANCE.choice(["north", "south", "east"], PERSONS)
WHO = CHANCE.choice(["alone", "family"], PERSONS)
MONTH = np.datetime64("2024-01") + CHANCE.integers(0, 24, PERSONS)
AGENCY = CHANCE.choice(list("abcdef"), PERSONS)
PLANTED = (PLACE == "north") & (WHO == "family")
RISK = np.where(PLANTED & (np.datetime64("2025-01") <= MONTH), 0.7, 0.15)
YES = CHANCE.random(PERSONS) < RISK
COLUMNS = {"place": PLACE, "who": WHO, "month": MONTH, "agency": AGENCY, "returned": YES}


@pytest.fixture(scope="module")
def found() -> Patterns:
    return find_patterns(COLUMNS, "returned", month="month", expected=np.full(PERSONS, 0.15), happened="came back")


def test_the_numbers_are_those_of_the_people_inside(found: Patterns) -> None:
    best, inside = found.findings[0], found.members(0)

    assert (inside == PLANTED).all()
    assert (best.persons, best.yes) == (int(inside.sum()), int(YES[inside].sum()))
    assert (best.elsewhere_persons, best.elsewhere_yes) == (int((~inside).sum()), int(YES[~inside].sum()))
    assert best.expected == pytest.approx(0.15 * inside.sum()) and best.expected_share == pytest.approx(0.15)
    assert best.excess_low < best.excess == pytest.approx(best.yes - best.expected) and best.excess < best.excess_high
    odds = best.yes / (best.persons - best.yes)
    assert best.odds_ratio == pytest.approx(odds / (0.15 / 0.85))


def test_p_comes_from_the_bound_and_is_that_of_the_score(found: Patterns) -> None:
    best = found.findings[0]

    assert best.p_from == "bound" and best.p == pytest.approx(np.exp(-best.score)) and best.stands


def test_when_it_began_is_told_as_the_source_tells_months(found: Patterns) -> None:
    best = found.findings[0]

    assert str(best.onset_low) <= "2025-01" <= str(best.onset_high) and best.persists
    assert [month for month, _, _ in best.months][:2] == ["2024-01", "2024-02"] and len(best.months) == 24
    assert sum(persons for _, persons, _ in best.months) == best.persons


@pytest.mark.parametrize("written", [lambda m: str(m), lambda m: f"{m}-17", lambda m: int(str(m).replace("-", ""))])
def test_months_may_be_written_in_every_usual_way(written: object, found: Patterns) -> None:
    months = [written(month) for month in MONTH]  # type: ignore[operator]

    again = find_patterns({"place": PLACE, "who": WHO}, YES, month=months, expected=np.full(PERSONS, 0.15))

    assert again.findings[0].onset == found.findings[0].onset


def test_plain_numbers_of_months_stay_plain_numbers() -> None:
    months = (MONTH - np.datetime64("2024-01")).astype(int) + 7

    again = find_patterns({"place": PLACE, "who": WHO}, YES, month=months, expected=np.full(PERSONS, 0.15))

    assert again.findings[0].onset in range(17, 21) and "begins in month 1" in again.sentence()


def test_the_sentence_says_how_many_who_compared_with_what_how_sure_and_since_when(found: Patterns) -> None:
    said = found.findings[0].sentence()

    assert said.startswith(f"Of {PLANTED.sum():,} people (place: north; who: family), ")
    for part in ("came back; 15 % was expected.", "more people than expected (95 % interval", "p below 0.000001",
                 "The excess begins in", "still there in the last three months", "probably overstated"):  # fmt: skip
        assert part.replace("more people", "people more") in said
    assert not re.search(r"cause|shocking|because", said)


def test_the_repr_says_that_it_is_not_protected_and_shows_no_count(found: Patterns) -> None:
    for each in (found, found.findings[0], found.plot()):
        assert "NOT PROTECTED" in repr(each)
        assert str(PLANTED.sum()) not in repr(each) and str(found.findings[0].yes) not in repr(each)
    assert found._repr_html_() == f"<p>{found!r}</p>"
    assert "<p>Pattern(NOT PROTECTED" in found.findings[0]._repr_html_()


def test_html_in_a_value_is_text_in_a_notebook() -> None:
    place = np.where(PLACE == "north", "<script>x</script>", PLACE)

    found = find_patterns({"place": place, "who": WHO}, YES, expected=np.full(PERSONS, 0.15))

    assert "<script" not in found.findings[0]._repr_html_() and "&lt;script" in found.findings[0]._repr_html_()
    assert "<script" not in found.plot().svg


def test_everything_but_who_is_who_goes_into_json_and_back(found: Patterns) -> None:
    held = json.loads(json.dumps(found.to_dict(), allow_nan=False))

    assert held["protected"] is False and held["persons"] == PERSONS
    assert held["findings"][0]["where"] == [["place", ["north"]], ["who", ["family"]]]
    names = {each.name for each in dataclasses.fields(Pattern)} - {"inside"}
    assert names <= set(held["findings"][0])


def test_rows_are_flat(found: Patterns) -> None:
    row = found.rows()[0]

    assert row["group"] == "place: north; who: family" and row["finding"] == 0
    assert all(isinstance(value, str | int | float | bool | None) for value in row.values())


def _of(found: Patterns, **changed: object) -> str:
    return dataclasses.replace(found.findings[0], **changed).sentence()  # type: ignore[arg-type]


def test_how_a_finding_stands_in_its_search_is_carried_through(found: Patterns) -> None:
    best, own = found.findings[0], found.search.findings[0]

    assert (best.agreed, best.starts, best.runner_up) == (own.agreed, own.starts, own.runner_up)
    assert (best.merged, best.least_without, best.season) == (own.merged, own.least_without, own.season)
    assert 1 <= best.agreed <= best.starts and best.starts > 1


def test_a_near_relative_is_said_where_it_does_nearly_as_well(found: Patterns) -> None:
    score = found.findings[0].score

    near = _of(found, runner_up=score - 0.5, agreed=3, starts=17)

    assert f"score {score - 0.5:.1f} against {score:.1f}; 3 of 17 starts of the search ended in this one" in near
    assert "does nearly as well" not in _of(found, runner_up=score - 2.5) + _of(found, runner_up=None)


def test_several_descriptions_of_the_same_people_are_told_as_one_and_it_is_said(found: Patterns) -> None:
    assert "3 descriptions of nearly the same people" in _of(found, merged=3)
    assert "descriptions of nearly" not in _of(found, merged=1)


def test_what_remains_without_a_cluster_is_said_where_most_lies_in_one(found: Patterns) -> None:
    excess = found.findings[0].excess

    mostly = _of(found, leave_one_out=True, least_without=0.3 * excess)

    assert f"Most of it lies in one cluster: without it, about {round(0.3 * excess)} people more" in mostly
    assert "one cluster" not in _of(found, leave_one_out=True, least_without=0.8 * excess)
    assert "may be one agency's matter" in _of(found, leave_one_out=False, least_without=-3.0)


def test_two_years_of_dates_tell_the_season_and_plain_numbers_do_not(found: Patterns) -> None:
    numbers = (MONTH - np.datetime64("2024-01")).astype(int)

    plain = find_patterns({"place": PLACE, "who": WHO}, YES, month=numbers, expected=np.full(PERSONS, 0.15))

    season = found.findings[0].season
    assert season is not None and season.told != "cannot tell" and season.months == 24
    assert plain.findings[0].season is None
    assert found.to_dict()["findings"][0]["season"]["peak"] == season.peak  # type: ignore[index]
    assert found.rows()[0]["season"] == season.told


@pytest.mark.parametrize("known", [True, False], ids=["known", "fitted"])
def test_an_excess_of_winters_says_so_in_its_sentence(known: bool) -> None:
    winter = np.isin((MONTH - np.datetime64("2024-01")).astype(int) % 12, (11, 0, 1, 2))
    yes = np.random.default_rng(4).random(PERSONS) < np.where(PLANTED & winter, 0.8, 0.15)
    given = {"expected": np.full(PERSONS, 0.15)} if known else {}

    found = find_patterns({"place": PLACE, "who": WHO}, yes, month=MONTH, **given)  # type: ignore[arg-type]

    season = found.findings[0].season
    assert season is not None and season.told == "seasonal" and season.peak in (12, 1, 2, 3)
    assert "The excess comes and goes with the year: it is greatest around" in found.sentence()


def test_results_cannot_be_changed(found: Patterns) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.findings[0].p = 0.0  # type: ignore[misc]


def test_a_picture_shows_the_same_numbers_and_that_they_are_not_protected(found: Patterns, tmp_path: Path) -> None:
    best, picture = found.findings[0], found.plot()

    assert f"{best.yes:,} of {best.persons:,}" in picture.svg and "Not protected" in picture.svg
    assert f"{best.yes:,} of {best.persons:,}" in picture.alt
    assert picture.save(tmp_path / "a.svg").read_text() == picture.svg == picture._repr_svg_()
    assert picture.save(str(tmp_path / "a.png")).read_bytes().startswith(b"\x89PNG")
    with pytest.raises(EvidenceError, match=r"\.svg or \.png"):
        picture.save(tmp_path / "a.pdf")


def test_a_picture_over_months_marks_the_onset(found: Patterns) -> None:
    assert f"begins {found.findings[0].onset}" in found.plot(over="months").svg


def test_a_picture_over_months_that_were_not_given_is_a_sentence(found: Patterns) -> None:
    without = find_patterns({"place": PLACE, "who": WHO}, YES, expected=np.full(PERSONS, 0.15))

    with pytest.raises(EvidenceError, match="give month="):
        without.plot(over="months")
    with pytest.raises(EvidenceError, match="'group' or over 'months'"):
        found.plot(over="places")


def test_the_same_seed_gives_the_same_answer(found: Patterns) -> None:
    again = find_patterns(COLUMNS, "returned", month="month", expected=np.full(PERSONS, 0.15), happened="came back")

    assert again.to_dict() == found.to_dict()


def test_the_order_of_rows_and_columns_changes_nothing(found: Patterns) -> None:
    order = CHANCE.permutation(PERSONS)
    turned = {name: COLUMNS[name][order] for name in reversed(COLUMNS)}

    again = find_patterns(turned, "returned", month="month", expected=np.full(PERSONS, 0.15), happened="came back")

    assert again.findings[0].where == found.findings[0].where
    assert again.findings[0].score == pytest.approx(found.findings[0].score)
    assert (again.members() == found.members()[order]).all()


def test_people_who_answer_alike_take_replicates_and_widen_the_interval(found: Patterns) -> None:
    linked = find_patterns(COLUMNS, "returned", month="month", cluster="agency", expected=np.full(PERSONS, 0.15))

    assert linked.findings[0].p_from == "replicates" and linked.findings[0].stands is None
    assert linked.findings[0].leave_one_out is True


def test_any_set_is_told_only_after_replicates() -> None:
    found = find_patterns(
        {"place": PLACE, "who": WHO}, YES, expected=np.full(PERSONS, 0.15), objective="any set", penalty=1.0
    )

    assert found.findings[0].p_from == "replicates" and found.objective == "any set"


def test_what_comes_back_among_people_drawn_again_is_told_on_request() -> None:
    found = find_patterns({"place": PLACE, "who": WHO}, YES, expected=np.full(PERSONS, 0.15), stability=True)

    returned = dict(found.findings[0].returned)
    assert set(returned) == {"place", "who"} and min(returned.values()) >= 40
    assert "In 50 searches among people drawn again" in found.sentence()


def test_progress_is_told_in_words_and_shares() -> None:
    heard: list[tuple[str, float]] = []

    find_patterns(COLUMNS, "returned", month="month", expected=np.full(PERSONS, 0.15),
                  progress=lambda words, share: heard.append((words, share)))  # fmt: skip

    assert heard[0][1] == 0.0 and heard[-1] == ("searched", 1.0)


def test_a_column_that_says_the_answer_is_left_out_and_it_is_said() -> None:
    found = find_patterns(COLUMNS | {"state": np.where(YES, "back", "gone")}, "returned", month="month",
                          expected=np.full(PERSONS, 0.15))  # fmt: skip

    assert "state" not in found.attributes and any("“state” says nearly the same" in said for said in found.said)


def test_the_old_call_works_as_before() -> None:
    found = find_patterns({"where": list(PLACE), "who": list(WHO)}, list(YES), seed=2, baseline="overall")

    assert [name for name, _ in found.search.findings[0].where] == ["where", "who"]
    assert found.findings[0].p_from == "bootstrap" and found.baseline == "overall"
