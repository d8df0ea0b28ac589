"""Today: what waits for a worker, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from factories import micro
from factories.five import case, five, person
from upwell.practice.accounts import notify
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.micro.models import Case, Draft, Referral
from upwell.practice.micro.queries.today import day_for


def test_contacts_stand_by_how_late_they_are():
    world = five()
    today = timezone.localdate()
    other = case(person(world.agency, "Mara", "Lind"), world.team, world.ana, next_contact_on=today)
    later = case(person(world.agency, "Ivo", "Brook"), world.team, world.ana, next_contact_on=today + timedelta(days=3))
    world.case.next_contact_on = today - timedelta(days=2)
    world.case.save()

    day = day_for(world.ana, today)

    assert (day.overdue, day.due, day.coming) == ((world.case,), (other,), (later,))


def test_a_closed_case_waits_for_nobody():
    world = five()
    world.case.next_contact_on, world.case.state = timezone.localdate(), Case.State.CLOSED
    world.case.save()

    assert day_for(world.ana, timezone.localdate()).is_empty


def test_a_referral_is_asked_about_after_its_seven_days():
    world = five()
    asked = micro.referral(world.case, world.ana, world.service)
    micro.referral(world.case, world.ana, world.service, ask_outcome_on=timezone.localdate() + timedelta(days=1))

    assert day_for(world.ana, timezone.localdate()).referrals == (asked,)


def test_ben_sees_his_own_day_and_not_his_teams():
    world = five()
    world.case.next_contact_on = timezone.localdate()
    world.case.save()
    micro.referral(world.case, world.ana, world.service)

    assert day_for(world.ben, timezone.localdate()).is_empty


def test_a_draft_is_offered_to_its_writer_alone(client):
    world = five()
    Draft.objects.create(case=world.case, by=world.ana, fields='{"text": "We"}', version=1, saved_at=timezone.now())

    client.force_login(world.ana)
    hers = client.get(reverse("today")).content.decode()
    client.force_login(world.ben)
    his = client.get(reverse("today")).content.decode()

    assert "You began a note:" in hers
    assert "You began a note:" not in his


@pytest.mark.parametrize("many", [1, 12])
def test_the_page_asks_the_database_as_often_for_many_cases_as_for_one(client, django_assert_max_num_queries, many):
    world = five()
    for number in range(many):
        made = case(
            person(world.agency, f"A{number}", "B"), world.team, world.ana, next_contact_on=timezone.localdate()
        )
        micro.referral(made, world.ana, world.service)
        Draft.objects.create(case=made, by=world.ana, fields="{}", version=1, saved_at=timezone.now())
    client.force_login(world.ana)

    with django_assert_max_num_queries(20):
        page = client.get(reverse("today"))

    assert page.content.decode().count("Write a note") >= many


def test_one_tap_says_what_came_of_a_referral_and_leads_back(client):
    world = five()
    sent = micro.referral(world.case, world.ana, world.service)
    client.force_login(world.ana)

    answer = client.post(reverse("referral_outcome", args=[sent.pk]), {"state": "connected", "today": "1"})

    sent.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, reverse("today"))
    assert (sent.state, sent.ask_outcome_on) == (Referral.State.CONNECTED, None)


def test_an_empty_day_says_what_will_stand_there(client):
    world = five()
    client.force_login(world.ana)

    assert "Nothing waits for you today" in client.get(reverse("today")).content.decode()


def test_looking_at_the_day_is_kept_in_the_audit(client):
    world = five()
    client.force_login(world.ana)

    client.get(reverse("today"))

    assert AuditEntry.objects.filter(worker=world.ana, act="today.see", is_read=True).count() == 1


def test_a_macro_worker_has_no_caseload_day_and_a_stranger_signs_in(client):
    world = five()

    stranger = client.get(reverse("today"))
    client.force_login(world.cleo)
    macro = client.get(reverse("today"))

    assert stranger.status_code == 302
    assert reverse("account_login") in stranger.url
    assert macro.status_code == 403


def test_it_says_that_nothing_waits_only_when_nothing_waits_anywhere(client):
    world = five()
    client.force_login(world.ben)
    before = client.get(reverse("today")).content.decode()

    notify.tell(world.ben, "desk")
    after = client.get(reverse("today")).content.decode()

    assert "Nothing waits for you today." in before
    assert "Nothing waits for you today." not in after
    assert f'<li><a href="{reverse("desk")}">Release desk</a></li>' in after
