"""A supervisor's page: people by trouble, the same trouble twice, a first word to many at once; nobody is ranked."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from factories import thread
from factories.five import case as case_of
from factories.five import concern as concern_of
from factories.five import five, person, worker
from upwell.practice.accounts.models import AuditEntry, Notice, Role, Team
from upwell.practice.environment.coding import Barrier
from upwell.practice.micro.models import Concern, ConcernGroup, TeamWord
from upwell.practice.micro.queries import team as queries
from upwell.practice.micro.queries.thread import today_thread
from upwell.practice.person.models import Person


@pytest.fixture
def world():
    return five()


def another(world, **more):
    """A concern about the same rule, of somebody else, raised by another worker of the team."""
    deb = worker(f"Deb{uuid4().hex[:6]} Dale", world.agency, world.team, Role.CASE_WORKER)
    other = case_of(person(world.agency, "Someone", "Else"), world.team, deb)
    return concern_of(other, deb, policy=world.policy, **more)


def test_people_are_counted_once_in_a_cell_however_many_concerns(world):
    for _ in range(3):
        concern_of(world.case, world.ana, policy=world.policy)
    another(world)

    grid = queries.grid(queries.team_concerns(world.ben))

    assert grid.barriers == ("Too slow",)
    assert grid.rows == ((world.policy.title, (2,)),)


def test_what_names_no_rule_stands_last(world):
    concern_of(world.case, world.ana)
    concern_of(world.case, world.ana, policy=world.policy)

    assert [name for name, _ in queries.grid(queries.team_concerns(world.ben)).rows] == [world.policy.title, ""]


def test_the_page_says_that_its_counts_are_for_the_team_alone(client, world):
    concern_of(world.case, world.ana, policy=world.policy)
    client.force_login(world.ben)

    assert "For the case team alone" in client.get(reverse("team")).content.decode()


def test_the_page_names_no_worker(client, world):
    concern_of(world.case, world.ana, policy=world.policy)
    another(world)
    client.force_login(world.ben)

    text = client.get(reverse("team")).content.decode()

    assert "Ana" not in text and "Deb" not in text
    assert "Ostrowska" not in text


def test_another_team_and_restricted_people_are_not_on_it(world):
    concern_of(world.case, world.ana)
    away = Team.objects.create(agency=world.agency, name="Southside")
    concern_of(case_of(person(world.agency, "A", "B"), away, world.ana), world.ana)
    hidden = case_of(person(world.agency, "C", "D", state=Person.State.RESTRICTED), world.team, world.ana)
    concern_of(hidden, world.ana)

    assert [each.case for each in queries.team_concerns(world.ben)] == [world.case]


def test_a_sentence_goes_to_each_who_raised_a_ticked_concern(client, world):
    first, second, third = concern_of(world.case, world.ana), another(world), another(world)
    client.force_login(world.ben)

    client.post(reverse("team_acknowledge"), {"concerns": [first.pk, second.pk], "words": "Read; we talk on Monday."})

    assert {word.concern for word in TeamWord.objects.all()} == {first, second}
    third.refresh_from_db()
    assert third.state == Concern.State.NEW
    assert AuditEntry.objects.filter(act="concern.acknowledge").count() == 2


def test_whoever_raised_it_gets_a_notice_and_reads_the_sentence_on_today(client, world):
    raised = concern_of(world.case, world.ana)
    client.force_login(world.ben)

    client.post(reverse("team_acknowledge"), {"concerns": [raised.pk], "words": "Read; we talk on Monday."})

    assert Notice.objects.filter(worker=world.ana, kind="reply").exists()
    assert [word.words for word in today_thread(world.ana).team_words] == ["Read; we talk on Monday."]


def test_acknowledging_twice_says_it_once(client, world):
    raised = concern_of(world.case, world.ana)
    client.force_login(world.ben)
    sent = {"concerns": [raised.pk], "words": "Read."}

    client.post(reverse("team_acknowledge"), sent)
    again = client.post(reverse("team_acknowledge"), sent)

    assert again.status_code == 422
    assert TeamWord.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"words": ""}, {"words": "x" * 301}, {"words": "\0"}, {"concerns": []}, {"concerns": ["x"]}]
)
def test_a_wrong_answer_gives_a_form_error_and_keeps_what_was_written(client, world, wrong):
    raised = concern_of(world.case, world.ana)
    client.force_login(world.ben)

    page = client.post(reverse("team_acknowledge"), {"concerns": [raised.pk], "words": "Read."} | wrong)

    assert page.status_code == 422
    assert TeamWord.objects.count() == 0


def test_a_concern_of_another_team_cannot_be_acknowledged(client, world):
    away = concern_of(world.dovs_case, world.dov)
    client.force_login(world.ben)

    client.post(reverse("team_acknowledge"), {"concerns": [away.pk], "words": "Read."})

    assert TeamWord.objects.count() == 0


def test_a_word_that_is_due_is_said_in_words(client, world):
    late = concern_of(world.case, world.ana, raised_at=timezone.now() - timedelta(days=20))
    concern_of(world.case, world.ana)
    client.force_login(world.ben)

    page = client.get(reverse("team"))

    assert [each.due for each in page.context["waiting"]] == ["overdue", "waiting"]
    assert page.context["waiting"][0].concern == late
    assert "Overdue" in page.content.decode()


def test_the_same_trouble_of_two_people_is_met_and_of_one_person_is_not(world):
    concern_of(world.case, world.ana, policy=world.policy)
    concern_of(world.case, world.ana, policy=world.policy)

    before = queries.alike(queries.team_concerns(world.ben))
    another(world)
    after = queries.alike(queries.team_concerns(world.ben))

    assert before == []
    assert [(each.barrier, each.people) for each in after] == [("too-slow", 2)]


def test_a_persons_own_choice_is_no_shared_trouble(world):
    concern_of(world.case, world.ana, policy=world.policy, barrier=Barrier.DECLINED)
    another(world, barrier=Barrier.DECLINED)

    assert queries.alike(queries.team_concerns(world.ben)) == []


def test_what_is_part_of_an_issue_is_asked_no_more(world):
    issue = thread.issue(world)
    concern_of(world.case, world.ana, policy=world.policy, issue=issue)
    another(world, issue=issue)

    assert queries.alike(queries.team_concerns(world.ben)) == []


def test_a_group_is_marked_with_one_button_and_twice_is_once(client, world):
    first, second = concern_of(world.case, world.ana, policy=world.policy), another(world)
    client.force_login(world.ben)
    sent = {"barrier": "too-slow", "about": f"p:{world.policy.pk}"}

    client.post(reverse("team_one_trouble"), sent)
    client.post(reverse("team_one_trouble"), sent)

    group = ConcernGroup.objects.get()
    assert set(group.concerns.all()) == {first, second}
    assert (group.barrier, group.policy) == ("too-slow", world.policy)


@pytest.mark.parametrize("sent", [{}, {"barrier": "x", "about": "\0"}, {"barrier": "too-slow", "about": "p:x"}])
def test_a_group_that_is_not_there_is_not_marked(client, world, sent):
    client.force_login(world.ben)

    answer = client.post(reverse("team_one_trouble"), sent)

    assert answer.status_code == 302
    assert ConcernGroup.objects.count() == 0


@pytest.mark.parametrize("who, status", [("ana", 403), ("cleo", 403), ("dov", 403), ("stranger", 302)])
@pytest.mark.parametrize("name", ["team", "team_acknowledge", "team_one_trouble"])
def test_the_page_is_a_supervisors(client, world, who, status, name):
    if who != "stranger":
        client.force_login(getattr(world, who))

    assert client.post(reverse(name)).status_code == status


def test_the_empty_page_says_what_will_stand_there(client, world):
    client.force_login(world.ben)

    assert "They come from notes in the cases" in client.get(reverse("team")).content.decode()


def test_more_concerns_cost_no_more_queries(client, world, django_assert_max_num_queries):
    for _ in range(40):
        concern_of(world.case, world.ana, policy=world.policy)
    client.force_login(world.ben)

    with django_assert_max_num_queries(15):
        client.get(reverse("team"))
