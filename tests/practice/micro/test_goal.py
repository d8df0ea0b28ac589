"""Goals: in the person's words, with both sides' next step, and an honest end."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from factories import micro
from factories.five import five
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.micro.models import Goal

SAID = {
    "words": "A home of our own",
    "level": "self",
    "their_step": "Call my sister",
    "our_step": "Write to the office",
}


def keyed(**more):
    return {"form_key": str(uuid4())} | SAID | more


def test_a_goal_is_set_in_the_persons_words_with_both_steps(client):
    world = five()
    client.force_login(world.ana)

    client.post(reverse("goal_set", args=[world.case.pk]), keyed())

    goal = Goal.objects.get()
    assert (goal.words, goal.their_step, goal.our_step) == (SAID["words"], SAID["their_step"], SAID["our_step"])
    assert AuditEntry.objects.get(act="goal.set").subject == str(world.eve.pk)


def test_a_double_click_is_one_goal(client):
    world = five()
    client.force_login(world.ana)
    sent = keyed()

    client.post(reverse("goal_set", args=[world.case.pk]), sent)
    client.post(reverse("goal_set", args=[world.case.pk]), sent)

    assert Goal.objects.count() == 1


def test_a_goal_that_needs_a_rule_to_change_offers_a_concern(client):
    world = five()
    client.force_login(world.ana)

    answer = client.post(reverse("goal_set", args=[world.case.pk]), keyed(level="policy"), follow=True)
    case = client.get(reverse("case", args=[world.case.pk])).content.decode()

    assert reverse("concern_raise", args=[world.case.pk]) in answer.content.decode()
    assert "A rule or practice stands in the way" in case


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"words": "x" * 301},
        {"words": "a\x00"},
        {"level": "galaxy"},
        {"our_step": ""},
        {"their_step": "x" * 201},
        {"form_key": "x"},
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_set(client, wrong):
    world = five()
    client.force_login(world.ana)

    answer = client.post(reverse("goal_set", args=[world.case.pk]), keyed() | wrong)

    assert 'id="errors"' in answer.content.decode()
    assert Goal.objects.count() == 0


def test_a_used_form_key_is_no_way_into_anothers_goal(client):
    world = five()
    dovs = micro.goal(world.dovs_case, world.dov, words="His own words")
    client.force_login(world.ana)

    answer = client.post(reverse("goal_set", args=[world.case.pk]), keyed(form_key=str(dovs.form_key)))

    assert "This form was used already" in answer.content.decode()
    assert "His own words" not in answer.content.decode()


@pytest.mark.parametrize("how", ["met", "partly", "not_met", "dropped"])
def test_a_goal_ends_as_it_ended(client, how):
    world = five()
    goal = micro.goal(world.case, world.ana)
    client.force_login(world.ana)

    client.post(reverse("goal_close", args=[goal.pk]), {"state": how})
    client.post(reverse("goal_close", args=[goal.pk]), {"state": how})

    goal.refresh_from_db()
    assert (goal.state, goal.closed_on) == (how, timezone.localdate())
    assert AuditEntry.objects.filter(act="goal.close").count() == 1


def test_an_ended_goal_does_not_end_otherwise(client):
    world = five()
    goal = micro.goal(world.case, world.ana, state=Goal.State.NOT_MET)
    client.force_login(world.ana)

    answer = client.post(reverse("goal_close", args=[goal.pk]), {"state": "met"}, follow=True)

    goal.refresh_from_db()
    assert goal.state == Goal.State.NOT_MET
    assert "has ended already" in answer.content.decode()


@pytest.mark.parametrize("junk", ["", "active", "won", "\x00", "x" * 4000])
def test_no_odd_end_breaks_or_ends_anything(client, junk):
    world = five()
    goal = micro.goal(world.case, world.ana)
    client.force_login(world.ana)

    client.post(reverse("goal_close", args=[goal.pk]), {"state": junk})

    goal.refresh_from_db()
    assert goal.state == Goal.State.ACTIVE


@pytest.mark.parametrize("name", ["goal_saved", "goal_close"])
def test_dov_gets_404_for_a_goal(client, name):
    world = five()
    goal = micro.goal(world.case, world.ana)
    client.force_login(world.dov)

    answer = client.post(reverse(name, args=[goal.pk]), {"state": "met"})

    assert answer.status_code == 404
