"""What could fool a search is seen where it is, and not seen where it is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factories.casetables import question
from upwell.evidence.scan import traps
from upwell.evidence.scan.find import find
from upwell.records.cases.table import Asked, Column, Value

PERSONS = 4000


def a_column(name: str, values: int, kind="nominal", *, service=False) -> Column:
    shown = tuple(Value(f"{name}{v}", f"{name} {v}") for v in range(values))
    return Column(name, name, kind, (*shown, Value("", "not known", known=False)), service=service)


def the_asked(rng: np.random.Generator, codes: dict[str, np.ndarray], months: int = 24) -> Asked:
    return Asked(
        question=question("eviction"),
        person=np.arange(PERSONS, dtype=np.int64),
        yes=rng.random(PERSONS) < 0.2,
        codes=codes,
        month=np.sort(rng.integers(0, months, PERSONS)).astype(np.int16),
        agency=np.zeros(PERSONS, np.int32),
        household=np.arange(PERSONS, dtype=np.int32),
        left_out={},
    )


def skewed(rng, values):
    return rng.choice(values, PERSONS, p=np.arange(values, 0, -1) / (values * (values + 1) / 2)).astype(np.uint8)


@pytest.fixture
def rng():
    return np.random.default_rng(11)


@pytest.fixture
def plain(rng):
    return the_asked(rng, {"race": skewed(rng, 6), "source": skewed(rng, 4)})


COLUMNS = (a_column("race", 6), a_column("source", 4))


def kinds(found):
    return [each.trap for each in found]


def test_ordinary_records_give_no_caution(plain):
    assert traps.cautions(plain, COLUMNS) == ()


def test_a_column_that_says_the_answer_is_seen_and_left_out(plain, rng):
    slips = rng.random(PERSONS) < 0.02
    plain = replace(plain, codes={**plain.codes, "source": (plain.yes ^ slips).astype(np.uint8)})

    found = traps.cautions(plain, COLUMNS)

    assert found == (traps.Caution("says the answer", "source"),)
    assert [column.name for column in traps.trusted(COLUMNS, found)] == ["race"]


def test_a_strong_cause_is_no_other_name_of_the_answer(rng):
    race = skewed(rng, 6)
    asked = the_asked(rng, {"race": race})
    asked = replace(asked, yes=rng.random(PERSONS) < np.where(race == 0, 0.75, 0.1))

    assert traps.cautions(asked, COLUMNS) == ()


@pytest.mark.parametrize("values", [2, 8, 60])
def test_a_column_without_bearing_tells_nothing(rng, values):
    codes = rng.integers(0, values, PERSONS).astype(np.uint8)

    assert traps.told_by(codes, rng.random(PERSONS) < 0.3, values) < 0.02


def test_a_column_that_is_the_answer_tells_all_of_it(rng):
    yes = rng.random(PERSONS) < 0.3

    assert traps.told_by(yes.astype(np.uint8), yes, 2) == pytest.approx(1.0, abs=0.001)


@pytest.mark.parametrize("everybody", [True, False])
def test_one_answer_for_all_leaves_nothing_to_tell(rng, everybody):
    assert traps.told_by(skewed(rng, 3), np.full(PERSONS, everybody), 3) == 0.0


def test_codes_given_at_random_are_seen(plain, rng):
    plain = replace(plain, codes={**plain.codes, "race": rng.integers(0, 6, PERSONS).astype(np.uint8)})

    assert traps.cautions(plain, COLUMNS) == (traps.Caution("spread evenly", "race"),)


@pytest.mark.parametrize("change", [{"kind": "ordinal"}, {"service": True}], ids=["in order", "of the service"])
def test_time_and_places_may_be_even(plain, rng, change):
    plain = replace(plain, codes={**plain.codes, "race": rng.integers(0, 6, PERSONS).astype(np.uint8)})

    assert traps.cautions(plain, (a_column("race", 6, **change),)) == ()


def test_a_code_that_came_into_use_is_seen_with_its_month(plain):
    race = plain.codes["race"].copy()
    race[(plain.month < 12) & (race == 1)] = 2

    found = traps.cautions(replace(plain, codes={"race": race}), COLUMNS)

    assert found == (traps.Caution("came into use", "race", (1,), 12),)


def test_a_code_that_went_out_of_use_is_seen_with_its_last_month(plain):
    race = plain.codes["race"].copy()
    race[(plain.month > 15) & (race == 0)] = 3

    found = traps.cautions(replace(plain, codes={"race": race}), COLUMNS)

    assert found == (traps.Caution("went out of use", "race", (0,), 15),)


def test_a_new_programme_is_no_changed_code_list(plain):
    race = plain.codes["race"].copy()
    race[(plain.month < 12) & (race == 1)] = 2

    found = traps.cautions(replace(plain, codes={"race": race}), (a_column("race", 6, service=True),))

    assert found == ()


def test_a_rare_code_may_be_missing_for_a_while(plain, rng):
    race = plain.codes["race"].copy()
    race[race == 5] = 0
    late = rng.permutation(np.flatnonzero(plain.month > 2))[:40]
    race[late] = 5

    assert traps.cautions(replace(plain, codes={"race": race}), COLUMNS) == ()


@pytest.mark.parametrize(("kept", "since"), [(1, 23), (2, 22)])
def test_last_months_that_are_still_being_entered_are_seen(plain, rng, kept, since):
    late = plain.month >= 24 - kept
    month = plain.month.copy()
    month[late & (rng.random(PERSONS) < 0.7)] -= 10
    month[month < 0] = 0

    found = traps.cautions(replace(plain, month=month), COLUMNS)

    assert found == (traps.Caution("still being entered", "", (), since),)


@pytest.mark.parametrize("months", [1, 5])
def test_few_months_have_no_usual_number(plain, months):
    month = (plain.month % months).astype(np.int16)

    assert "still being entered" not in kinds(traps.cautions(replace(plain, month=month), COLUMNS))


def test_steady_months_are_rarely_doubted():
    doubted = 0
    for seed in range(300):
        month = np.random.default_rng(seed).integers(0, 18, 900).astype(np.int16)
        doubted += len(list(traps._still_entered(month)))

    assert doubted <= 9


def test_nobody_gives_no_caution(rng):
    nobody = the_asked(rng, {"race": skewed(rng, 6)})
    nobody = replace(nobody, yes=nobody.yes[:0], month=nobody.month[:0], codes={"race": nobody.codes["race"][:0]})

    assert traps.cautions(nobody, COLUMNS) == ()


@pytest.mark.parametrize(
    ("caution", "said"),
    [
        (traps.Caution("says the answer", "race"), "“race” says nearly the same as the answer itself"),
        (traps.Caution("came into use", "race", (1,), 12), "“race 1” of “race” came into use in month 12"),
        (traps.Caution("went out of use", "race", (0,), 3), "“race 0” of “race” was last used in month 3"),
        (traps.Caution("spread evenly", "source"), "“source” is spread as evenly as random codes"),
        (traps.Caution("still being entered", "", (), 22), "From month 22 on far fewer people are recorded"),
    ],
    ids=lambda each: each.trap if isinstance(each, traps.Caution) else "",
)
def test_a_caution_is_said_in_plain_words(caution, said):
    assert traps.sentence(caution, COLUMNS, lambda month: f"month {month}").startswith(said)


@pytest.mark.parametrize(
    ("caution", "bears"),
    [
        (traps.Caution("came into use", "race", (1,), 12), True),
        (traps.Caution("came into use", "race", (4,), 12), False),
        (traps.Caution("spread evenly", "race"), True),
        (traps.Caution("spread evenly", "source"), False),
        (traps.Caution("still being entered", "", (), 23), False),
    ],
)
def test_a_caution_bears_on_what_rests_on_its_values(caution, bears):
    assert caution.bears_on((("race", (1, 2)),)) is bears


def test_a_search_does_not_find_the_question_itself(plain):
    plain = replace(plain, codes={**plain.codes, "source": plain.yes.astype(np.uint8)})

    search = find(plain, COLUMNS, baseline="overall", seed=1, searches=1)

    assert search.note == ""
    assert all(name != "source" for finding in search.findings for name, _ in finding.where)


def test_a_programme_that_has_all_the_trouble_is_a_finding_and_no_trap(plain):
    plain = replace(plain, codes={**plain.codes, "source": plain.yes.astype(np.uint8)})

    assert traps.cautions(plain, (a_column("source", 4, service=True),)) == ()
