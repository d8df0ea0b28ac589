"""Who works on a case: a colleague joins, takes over or leaves, and somebody is always there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from factories import micro
from factories.five import five, worker
from upwell.practice.accounts.models import AuditEntry, Role, Team
from upwell.practice.errors import NotAllowedError
from upwell.practice.micro.actions import assignment as actions
from upwell.practice.micro.models import Assignment
from upwell.practice.micro.queries.case import cases_for, workers_of
from upwell.practice.person.models import Person


@pytest.fixture
def world():
    return five()


@pytest.fixture
def gil(world):
    """Another case worker of Ana's team."""
    return worker("Gil Grant", world.agency, world.team, Role.CASE_WORKER)


def page_of(world):
    return reverse("case_workers", args=[world.case.pk])


def end_of(world, who):
    return reverse("assignment_end", args=[world.case.pk, world.case.assignments.get(worker=who).pk])


def test_ana_adds_a_colleague_of_her_team(client, world, gil):
    client.force_login(world.ana)

    answer = client.post(page_of(world), {"worker": gil.pk})

    assert answer.headers["Location"] == page_of(world)
    assert set(workers_of(world.case)) == {world.ana, gil}
    assert world.case in cases_for(gil)
    entry = AuditEntry.objects.get(act="assignment.add")
    assert (entry.subject, entry.worker) == (str(world.eve.pk), world.ana)


def test_the_same_colleague_twice_is_one_assignment(world, gil):
    on = timezone.localdate()
    first = actions.worker_add(case=world.case, worker=gil, by=world.ana, on=on)

    again = actions.worker_add(case=world.case, worker=gil, by=world.ana, on=on)

    assert again == first
    assert AuditEntry.objects.filter(act="assignment.add").count() == 1


def test_ana_hands_the_case_over_and_can_no_longer_open_it(client, world, gil):
    client.force_login(world.ana)

    answer = client.post(page_of(world), {"worker": gil.pk, "hand_over": "1"})

    assert answer.headers["Location"] == reverse("cases")
    assert list(workers_of(world.case)) == [gil]
    assert client.get(reverse("case", args=[world.case.pk])).status_code == 404
    assert AuditEntry.objects.filter(act__in=["assignment.add", "assignment.end"]).count() == 2


def test_the_last_worker_cannot_leave_by_herself(client, world):
    client.force_login(world.ana)

    answer = client.post(end_of(world, world.ana), follow=True)

    assert "Somebody must work on the case." in answer.content.decode()
    assert list(workers_of(world.case)) == [world.ana]


def test_the_supervisor_may_let_the_last_one_go(client, world):
    client.force_login(world.ben)

    client.post(end_of(world, world.ana))

    assert not workers_of(world.case)
    assert "Nobody works on it now." in client.get(page_of(world)).content.decode()


def test_one_of_two_may_leave_and_leaving_twice_is_once(client, world, gil):
    actions.worker_add(case=world.case, worker=gil, by=world.ana, on=timezone.localdate())
    client.force_login(world.ana)
    address = end_of(world, gil)

    client.post(address)
    client.post(address)

    assert list(workers_of(world.case)) == [world.ana]
    assert AuditEntry.objects.filter(act="assignment.end").count() == 1


def test_whoever_left_can_come_back_the_same_day(world, gil):
    on = timezone.localdate()
    first = actions.worker_add(case=world.case, worker=gil, by=world.ana, on=on)
    actions.assignment_end(assignment=first, by=world.ana, on=on)

    actions.worker_add(case=world.case, worker=gil, by=world.ana, on=on)

    assert gil in workers_of(world.case)


def test_only_somebody_of_the_team_who_opens_cases_can_join(client, world):
    elsewhere = Team.objects.create(agency=world.agency, name="Southside")
    left = worker("Ida Ince", world.agency, world.team, Role.CASE_WORKER)
    left.is_active = False
    left.save()
    strangers = [
        worker("Hal Hart", world.agency, elsewhere, Role.CASE_WORKER),
        worker("Jon Jett", world.agency, world.team, Role.ADVOCATE),
        left,
        world.dov,
        world.cleo,
    ]
    client.force_login(world.ana)

    answers = [client.post(page_of(world), {"worker": each.pk}).status_code for each in strangers]

    assert set(answers) == {422}
    assert list(workers_of(world.case)) == [world.ana]


def test_the_rule_holds_past_the_form_too(world):
    with pytest.raises(NotAllowedError):
        actions.worker_add(case=world.case, worker=world.dov, by=world.ana, on=timezone.localdate())


@pytest.mark.parametrize("bad", ["", "abc", "99999999999999999999", "-1", "\x00", "1' or 1=1"])
def test_bad_input_is_a_form_error(client, world, bad):
    client.force_login(world.ana)

    assert client.post(page_of(world), {"worker": bad}).status_code == 422


def test_an_assignment_of_another_case_is_not_there(client, world):
    client.force_login(world.ben)
    other = world.dovs_case.assignments.get().pk

    for number in (other, 10**30):
        path = reverse("case_workers", args=[world.case.pk]) + f"/{number}/end"
        assert client.post(path).status_code == 404
    assert Assignment.objects.get(pk=other).until is None


@pytest.mark.parametrize(("who", "status"), [("dov", 404), ("cleo", 403)])
def test_who_may_not_say_it(client, world, who, status):
    client.force_login(getattr(world, who))

    assert client.get(page_of(world)).status_code == status
    assert client.post(end_of(world, world.ana)).status_code == status


def test_broken_glass_does_not_do(client, world):
    finn = worker("Finn Frost", world.agency, Team.objects.create(agency=world.agency, name="S"), Role.CASE_WORKER)
    micro.glass(world.case, finn)
    client.force_login(finn)

    assert client.get(page_of(world)).status_code == 404
    assert "Who works on it" not in client.get(reverse("case", args=[world.case.pk])).content.decode()


def test_a_restricted_case_is_for_its_own_workers(client, world):
    world.eve.state = Person.State.RESTRICTED
    world.eve.save()
    client.force_login(world.ben)

    assert client.get(page_of(world)).status_code == 404


def test_the_case_links_to_the_page_and_an_ended_assignment_does_not(client, world, gil):
    client.force_login(world.ana)

    assert page_of(world) in client.get(reverse("case", args=[world.case.pk])).content.decode()
    world.case.assignments.update(until=timezone.localdate() - timedelta(days=1))
    assert client.get(page_of(world)).status_code == 404
