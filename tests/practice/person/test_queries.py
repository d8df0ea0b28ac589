"""Names are found by their words, and nobody else by them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from factories.five import five
from factories.person import given, indexed, offered
from upwell.practice.person import actions
from upwell.practice.person.models import Consent, NameToken, Person
from upwell.practice.person.queries import has_consent, people_named, with_consent

Purpose = Consent.Purpose


@pytest.mark.parametrize(
    "typed",
    [
        "Zoë",
        "zoe",
        "ZOË ØSTERGAARD",
        "ostergaard zoe",
        "øst",
        "Lou",
        "  lou   ost ",
        "zoe-ostergaard",
        "zoë, østergaard!",
    ],
)
def test_a_person_is_found_by_words_in_any_order_case_and_accent(typed: str) -> None:
    world = five()
    zoe = indexed(world.agency, world.ana, "Zoë", "Østergaard", preferred_name="Lou")

    assert list(people_named(world.agency, typed)) == [zoe]


@pytest.mark.parametrize("typed", ["", "  ", "--", "zo", "oe", "zoe smith", "zoex", "%", "'; DROP TABLE", "\x00"])
def test_nobody_is_found_by_what_is_not_in_the_name(typed: str) -> None:
    world = five()
    indexed(world.agency, world.ana, "Zoë", "Østergaard")

    assert not people_named(world.agency, typed).exists()


def test_short_names_and_names_in_signs_are_found_whole() -> None:
    world = five()
    li = indexed(world.agency, world.ana, "Bo", "Li")
    wang = indexed(world.agency, world.ana, "小明", "王")

    assert list(people_named(world.agency, "li bo")) == [li]
    assert list(people_named(world.agency, "王")) == [wang]


@pytest.mark.parametrize("typed", ["O'Brien", "obrien", "O’Brien", "brien"])
def test_an_apostrophe_makes_no_difference(typed: str) -> None:
    world = five()
    nora = indexed(world.agency, world.ana, "Nora", "O'Brien")

    assert list(people_named(world.agency, typed)) == [nora]


def test_another_agency_finds_nobody_and_holds_other_tokens() -> None:
    world = five()
    indexed(world.agency, world.ana, "Zoë", "Østergaard")
    indexed(world.other_agency, world.dov, "Zoë", "Østergaard")

    here = set(NameToken.objects.filter(agency=world.agency).values_list("token", flat=True))
    there = set(NameToken.objects.filter(agency=world.other_agency).values_list("token", flat=True))

    assert people_named(world.agency, "zoe").get().agency == world.agency
    assert here.isdisjoint(there)


def test_a_restricted_person_is_not_found() -> None:
    world = five()
    zoe = indexed(world.agency, world.ana, "Zoë", "Østergaard")
    actions.person_change(person=zoe, by=world.ana, fields={"state": Person.State.RESTRICTED})

    assert not people_named(world.agency, "zoe").exists()


def test_a_new_name_is_found_and_the_old_one_no_longer() -> None:
    world = five()
    zoe = indexed(world.agency, world.ana, "Zoë", "Østergaard")

    actions.person_change(person=zoe, by=world.ana, fields={"last_name": "Lindqvist"})

    assert people_named(world.agency, "zoe lind").exists()
    assert not people_named(world.agency, "oster").exists()


def test_a_search_is_one_query_and_the_name_is_not_in_it() -> None:
    world = five()
    indexed(world.agency, world.ana, "Zoë", "Østergaard")

    with CaptureQueriesContext(
        connection,
    ) as asked:
        list(people_named(world.agency, "Zoë Østergaard"))

    assert len(asked) == 1
    assert "zoe" not in asked[0]["sql"].lower() and "zoë" not in asked[0]["sql"].lower()


def test_consent_holds_for_its_own_purpose_and_recipient_only() -> None:
    world = five()
    today = timezone.localdate()
    given(world.eve, world.ana, Purpose.SHARE, recipient="Certificate desk")

    assert has_consent(world.eve, Purpose.SHARE, today, "certificate desk ")
    assert has_consent(world.eve, Purpose.SHARE, today)
    assert not has_consent(world.eve, Purpose.SHARE, today, "County court")
    assert not has_consent(world.eve, Purpose.COUNT, today)


def test_an_offer_is_no_consent_and_a_consent_ends_the_moment_it_is_taken_back() -> None:
    world = five()
    today = timezone.localdate()
    consent = offered(world.eve, world.ana)
    assert not has_consent(world.eve, Purpose.COUNT, today)

    actions.consent_give(consent=consent, how="page", at=timezone.now())
    assert has_consent(world.eve, Purpose.COUNT, today)

    actions.consent_revoke(consent=consent, at=timezone.now())
    assert not has_consent(world.eve, Purpose.COUNT, today)


def test_a_story_is_not_used_before_the_days_to_think_again_nor_after_a_year() -> None:
    world = five()
    today = timezone.localdate()
    given(world.eve, world.ana, Purpose.STORY, recipient="Hearing on House Bill 12")

    holds = [has_consent(world.eve, Purpose.STORY, today + timedelta(days=days)) for days in (0, 2, 3, 365, 367)]

    assert holds == [False, False, True, True, False]


def test_a_story_whose_end_nobody_wrote_down_is_not_used() -> None:
    world = five()
    consent = given(world.eve, world.ana, Purpose.STORY, recipient="Hearing")
    consent.expires_on = None
    consent.save(update_fields=["expires_on"])

    assert not has_consent(world.eve, Purpose.STORY, timezone.localdate() + timedelta(days=10))


def test_only_those_who_agree_are_counted_and_each_once() -> None:
    world = five()
    given(world.eve, world.ana)
    indexed(world.agency, world.ana, "Zoë", "Østergaard")

    counted = with_consent(Person.objects.filter(agency=world.agency), Purpose.COUNT, timezone.localdate())

    assert list(counted) == [world.eve]
