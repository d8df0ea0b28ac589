"""Who is counted, by which case, and what is asked of them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from django.utils import timezone

from factories import crossing
from factories.five import case, consent, five, person
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.environment.models import Place, Policy
from upwell.practice.micro.crossing.table import case_table, period_before
from upwell.practice.micro.models import Concern, Entry
from upwell.practice.person.actions import consent_revoke
from upwell.practice.person.models import Consent, Household, HouseholdMember
from upwell.records.errors import RecordsError

TODAY = crossing.TODAY
LAST_MONTH = date(2026, 10, 15)
SLOW = f"barrier {Barrier.TOO_SLOW}"


def table_of(world):
    return case_table(world.agency, today=TODAY)


def test_the_period_is_the_last_24_whole_months():
    assert period_before(date(2026, 11, 20)) == (date(2024, 11, 1), date(2026, 10, 31))
    assert period_before(date(2026, 1, 1)) == (date(2024, 1, 1), date(2025, 12, 31))


def test_a_concern_without_consent_is_never_counted():
    world = five()
    crossing.raised(world.case, world.ana, LAST_MONTH)

    assert table_of(world).persons == 0


def test_whoever_agrees_is_counted_with_what_was_raised():
    world = five()
    consent(world.eve)
    crossing.raised(world.case, world.ana, LAST_MONTH, policy=world.policy)

    table = table_of(world)

    assert table.persons == 1
    assert table.asked(SLOW).yes.tolist() == [True]
    assert table.asked(f"policy {world.policy.pk}").yes.tolist() == [True]
    assert table.asked(f"barrier {Barrier.TOO_DEAR}").yes.tolist() == [False]


@pytest.mark.parametrize("purpose", [each for each in Consent.Purpose.values if each != Consent.Purpose.COUNT])
def test_a_consent_for_another_purpose_counts_nobody(purpose):
    world = five()
    consent(world.eve, purpose)

    assert table_of(world).persons == 0


def test_whoever_takes_consent_back_is_gone_at_once_with_everything():
    world = five()
    given = consent(world.eve)
    crossing.raised(world.case, world.ana, LAST_MONTH)
    assert table_of(world).persons == 1

    consent_revoke(consent=given, at=timezone.now())

    table = table_of(world)
    assert table.persons == 0
    assert not table.asked(SLOW).yes.any()


def test_a_consent_that_has_run_out_counts_nobody():
    world = five()
    given = consent(world.eve)
    given.expires_on = TODAY - timedelta(days=1)
    given.save()

    assert table_of(world).persons == 0


def test_ten_concerns_of_one_person_are_one_person():
    world = five()
    consent(world.eve)
    for _ in range(10):
        crossing.raised(world.case, world.ana, LAST_MONTH)

    asked = table_of(world).asked(SLOW)

    assert asked.persons == 1
    assert asked.yes.sum() == 1


def test_two_cases_of_one_person_are_one_person_by_the_first_case():
    world = five()
    consent(world.eve)
    other = Place.objects.create(name="Oxley", kind=Place.Kind.TOWN, parent=world.county)
    case(world.eve, world.team, world.ana, opened_on=TODAY - timedelta(days=400), place=other)

    table = table_of(world)

    assert table.persons == 1
    assert table.month.tolist() == [11]  # October 2025, from November 2024


def test_an_older_case_stands_in_the_first_month():
    world = five()
    consent(world.eve)
    world.case.opened_on = date(2020, 5, 5)
    world.case.save()

    assert table_of(world).month.tolist() == [0]


def test_the_month_does_not_look_at_the_answer():
    world = five()
    consent(world.eve)
    before = table_of(world).month.tolist()

    crossing.raised(world.case, world.ana, LAST_MONTH)

    assert table_of(world).month.tolist() == before


@pytest.mark.parametrize("on", [date(2024, 10, 31), date(2026, 11, 1)])
def test_what_lies_outside_the_period_is_no_answer(on):
    world = five()
    consent(world.eve)
    crossing.raised(world.case, world.ana, on)

    assert not table_of(world).asked(SLOW).yes.any()


def test_a_case_closed_before_the_period_counts_nobody():
    world = five()
    consent(world.eve)
    world.case.opened_on, world.case.closed_on = date(2020, 1, 1), date(2024, 10, 31)
    world.case.save()

    assert table_of(world).persons == 0


def entry(world, **more):
    fields = {"domain": Domain.DOCUMENTS, "barrier": Barrier.TOO_SLOW, "on": LAST_MONTH}
    return Entry.objects.create(case=world.case, by=world.ana, **(fields | more))


def test_an_entry_of_the_life_situation_counts_as_a_concern_does():
    world = five()
    consent(world.eve)
    entry(world)

    assert table_of(world).asked(SLOW).yes.all()


def test_a_superseded_entry_is_no_answer():
    world = five()
    consent(world.eve)
    entry(world, state=Entry.State.SUPERSEDED)

    assert not table_of(world).asked(SLOW).yes.any()


def test_a_choice_of_the_person_is_no_question():
    world = five()
    consent(world.eve)
    entry(world, barrier=Barrier.DECLINED)

    table = table_of(world)

    assert f"barrier {Barrier.DECLINED}" not in {question.name for question in table.questions}
    assert len([question for question in table.questions if question.name.startswith("barrier")]) == 12
    assert not any(answers.any() for answers in table.yes.values())


def test_another_agency_is_not_in_it():
    world = five()
    consent(world.dovs_case.person)
    crossing.raised(world.dovs_case, world.dov, LAST_MONTH)

    assert table_of(world).persons == 0


def test_policies_are_asked_where_they_bear_and_no_longer_when_they_ended():
    world = five()
    consent(world.eve)
    elsewhere = Place.objects.create(name="Far County", kind=Place.Kind.COUNTY)
    common = {"kind": Policy.Kind.LAW, "domain": Domain.HOUSING}
    state = Policy.objects.create(title="State law", place=world.county.parent, **common)
    Policy.objects.create(title="Far law", place=elsewhere, **common)
    Policy.objects.create(title="Old law", place=world.county, state=Policy.State.ENDED, **common)

    asked = {question.name for question in table_of(world).questions if question.name.startswith("policy")}

    assert asked == {f"policy {world.policy.pk}", f"policy {state.pk}"}


def test_columns_say_what_people_are_like_and_nothing_that_names_them():
    crowd = crossing.crowded(concerns=120)

    table = table_of(crowd.five)

    assert [column.name for column in table.columns] == ["place", "programme", "language", "age", "period"]
    words = {value.words for column in table.columns for value in column.values}
    assert "Marlow Bend" in words
    assert not words & {each.last_name for each in crowd.caseload.people}
    assert not any("team" in column.name for column in table.columns)


def test_an_unknown_age_is_a_row_of_its_own():
    world = five()
    for number, born in enumerate(("", "not a date", "2999-01-01", "1990-06-01")):
        someone = person(world.agency, "Invented", str(number), birth_date=born)
        consent(someone)
        case(someone, world.team, opened_on=TODAY - timedelta(days=100))

    ages = table_of(world).ages.tolist()

    assert sorted(ages) == [3, 7, 7, 7]


def test_households_stand_together():
    world = five()
    child = person(world.agency, "Small", "Child")
    case(child, world.team)
    home = Household.objects.create(agency=world.agency)
    for each in (world.eve, child):
        consent(each)
        HouseholdMember.objects.create(household=home, person=each)

    assert len(np.unique(table_of(world).household)) == 1


def test_the_same_caseload_has_the_same_snapshot_and_one_concern_changes_it():
    crowd = crossing.crowded(60, concerns=60)
    before = table_of(crowd.five)

    assert table_of(crowd.five).snapshot == before.snapshot

    never_slow = next(c for c in crowd.caseload.cases if not Concern.objects.filter(case__person=c.person_id).exists())
    crossing.raised(never_slow, crowd.five.ana, LAST_MONTH)
    assert table_of(crowd.five).snapshot != before.snapshot


def test_the_source_stays_the_same_and_is_the_agencys_own():
    world = five()

    assert table_of(world).source_id == case_table(world.agency, today=date(2030, 1, 1)).source_id
    assert table_of(world).source_id != case_table(world.other_agency, today=TODAY).source_id


@pytest.mark.parametrize("name", ["full", "victim-services", "sud"])
def test_an_agency_of_victim_or_substance_use_services_asks_under_full_protection(name):
    world = five()
    world.agency.protection = name

    assert {question.protection for question in table_of(world).questions} == {"full"}


def test_a_question_that_is_not_asked_is_refused():
    with pytest.raises(RecordsError):
        table_of(five()).asked("barrier declined")


def test_everyone_served_is_everyone_counted():
    crowd = crossing.crowded(50, concerns=50)

    served = table_of(crowd.five).served()

    assert served.persons_served == 50 == len(served.person)
    assert served.adults + served.children + served.age_unknown == 50
