"""Asking macro: fields cross at once, words wait for the desk, names never get through."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from factories import thread
from factories.five import concern as concern_of
from factories.five import five
from upwell.practice.accounts.models import AuditEntry, Notice
from upwell.practice.bridge.models import Ask
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.errors import ChangedMeanwhileError
from upwell.practice.micro.actions import ask as actions
from upwell.practice.micro.crossing.actions import ask_return
from upwell.practice.micro.models import AskMade
from upwell.practice.micro.queries import thread as queries


@pytest.fixture
def world():
    return five()


def page_of(world):
    return reverse("ask_make", args=[world.case.pk])


def fields(world, **more):
    sent = {
        "kind": Ask.Kind.LAWFUL,
        "barrier": Barrier.TOO_SLOW,
        "domain": Domain.DOCUMENTS,
        "about": f"p:{world.policy.pk}",
        "words": "",
        "form_key": str(uuid4()),
    }
    return sent | more


def test_a_question_crosses_in_fields_and_its_words_wait(client, world):
    client.force_login(world.ana)

    client.post(page_of(world), fields(world, words="Is a delay of eleven weeks lawful?"))

    made = AskMade.objects.get()
    assert made.words_state == AskMade.State.WAITING
    assert made.ask.words == ""
    assert (made.ask.kind, made.ask.policy) == (Ask.Kind.LAWFUL, world.policy)
    assert Notice.objects.filter(worker=world.ben, kind="desk").exists()
    assert Notice.objects.filter(worker=world.cleo, kind="ask").exists()


def test_a_question_without_words_waits_for_nobody(client, world):
    client.force_login(world.ana)

    client.post(page_of(world), fields(world))

    assert AskMade.objects.get().words_state == AskMade.State.NONE
    assert not Notice.objects.filter(kind="desk").exists()


def test_nothing_of_the_case_stands_in_what_crossed(client, world):
    client.force_login(world.ana)

    client.post(page_of(world), fields(world, words="Is it lawful?"))

    row = Ask.objects.filter(pk=AskMade.objects.get().ask_id).values().get()
    held = " ".join(map(str, row.values()))
    for private in (world.case.pk, world.eve.pk, "Evelina", "Ostrowska", "Ana", "Is it lawful"):
        assert str(private) not in held


@pytest.mark.parametrize("words", ["Eve was refused", "May EVELINA appeal?", "may ostrowska's child", "ana says"])
def test_a_known_name_is_refused_whatever_the_asker_says(client, world, words):
    client.force_login(world.ana)

    page = client.post(page_of(world), fields(world, words=words, looked="on"))

    assert page.status_code == 422
    assert "name" in page.context["form"].errors["words"][0]
    assert AskMade.objects.count() == Ask.objects.count() == 0


def test_a_guess_is_refused_once_and_goes_when_the_asker_has_looked(client, world):
    client.force_login(world.ana)
    words = "Does Golden Gate Housing have to answer in 30 days?"

    first = client.post(page_of(world), fields(world, words=words))
    client.post(page_of(world), fields(world, words=words, looked="on"))

    assert first.status_code == 422
    assert first.context["form"].may_overrule()
    assert AskMade.objects.get().words == words


def test_the_page_says_which_kinds_were_found(client, world):
    client.force_login(world.ana)

    page = client.post(page_of(world), fields(world, words="Call 555-010-2233 before 3 March 2026"))

    error = page.context["form"].errors["words"][0]
    assert "a phone number" in error and "a date" in error


def test_the_coding_is_that_of_the_last_concern(client, world):
    concern_of(world.case, world.ana, policy=world.policy)
    client.force_login(world.ana)

    form = client.get(page_of(world)).context["form"]

    assert form["barrier"].value() == Barrier.TOO_SLOW
    assert form["about"].value() == f"p:{world.policy.pk}"


def test_what_was_answered_before_is_shown_before_anything_is_asked(client, world):
    thread.ask_made(world, answer="No. The rule gives them thirty days.")
    client.force_login(world.ana)
    sent = fields(world)

    first = client.post(page_of(world), sent)
    seen = " ".join(str(each.pk) for each in first.context["answers"])
    client.post(page_of(world), sent | {"seen": seen})

    assert "The rule gives them thirty days" in first.content.decode()
    assert AskMade.objects.count() == 2


def test_another_agencys_answers_are_not_shown(client, world):
    made = thread.ask_made(world, answer="Ours alone")
    Ask.objects.filter(pk=made.ask_id).update(agency=world.other_agency)
    client.force_login(world.ana)

    page = client.post(page_of(world), fields(world))

    assert page.status_code == 302


def test_the_same_form_sent_twice_is_one_question(client, world):
    client.force_login(world.ana)
    sent = fields(world)

    first = client.post(page_of(world), sent)
    second = client.post(page_of(world), sent)

    assert first.url == second.url
    assert Ask.objects.count() == 1


def test_a_form_key_of_another_case_is_refused(world):
    made = thread.ask_made(world)

    with pytest.raises(ChangedMeanwhileError):
        actions.ask_make(
            case=world.dovs_case,
            by=world.dov,
            kind=Ask.Kind.OTHER,
            domain=Domain.FOOD,
            barrier=Barrier.TOO_LITTLE,
            policy=None,
            system=None,
            words="",
            needed_by=None,
            on=timezone.localdate(),
            form_key=made.form_key,
        )

    assert Ask.objects.count() == 1


def test_the_answer_is_shown_with_its_days_and_counts_as_read(client, world):
    made = thread.ask_made(world, answer="No. The rule gives them thirty days.", days=3)
    client.force_login(world.ana)

    page = client.get(reverse("ask_made", args=[made.pk]))

    made.refresh_from_db()
    assert "Answered after 3 days" in page.content.decode()
    assert made.answer_seen_at is not None
    assert queries.unseen_answers(world.ana).count() == 0


def test_the_case_lists_its_questions(client, world):
    made = thread.ask_made(world, answer="No.")
    client.force_login(world.ana)

    text = client.get(reverse("case", args=[world.case.pk])).content.decode()

    assert reverse("ask_made", args=[made.pk]) in text
    assert "Answered" in text


def test_a_supervisor_who_reads_the_answer_does_not_read_it_for_ana(client, world):
    made = thread.ask_made(world, answer="No.")
    client.force_login(world.ben)

    client.get(reverse("ask_made", args=[made.pk]))

    assert queries.unseen_answers(world.ana).count() == 1


def test_asking_is_audited(client, world):
    client.force_login(world.ana)

    client.post(page_of(world), fields(world, words="Is it lawful?"))

    entry = AuditEntry.objects.get(act="ask.make")
    assert entry.subject == str(world.eve.pk)
    assert "lawful" not in entry.fields


@pytest.mark.parametrize("who, status", [("dov", 404), ("cleo", 403), ("stranger", 302)])
def test_nobody_else_asks_from_the_case_or_reads_its_question(client, world, who, status):
    made = thread.ask_made(world)
    if who != "stranger":
        client.force_login(getattr(world, who))

    assert client.post(page_of(world), fields(world)).status_code == status
    assert client.get(reverse("ask_made", args=[made.pk])).status_code == status


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "x"},
        {"barrier": "x"},
        {"about": "s:\0"},
        {"words": "x" * 301},
        {"words": "a\0b"},
        {"needed_by": "yesterday"},
        {"needed_by": str(timezone.localdate() - timedelta(days=1))},
        {"needed_by": "99999-01-01"},
        {"seen": "x" * 500},
        {"form_key": "x"},
    ],
)
def test_wrong_input_gives_a_form_error(client, world, wrong):
    client.force_login(world.ana)

    assert client.post(page_of(world), fields(world, **wrong)).status_code == 422
    assert Ask.objects.count() == 0


def test_a_question_with_a_huge_number_is_not_found(client, world):
    client.force_login(world.ana)

    assert client.get("/asked/" + "9" * 40).status_code == 404


def returned(world, why="It names the street."):
    made = thread.ask_made(world)
    made.words, made.words_state = "Is it lawful in our street?", AskMade.State.WAITING
    made.save()
    return ask_return(made=made, by=world.ben, why=why)


def test_why_the_desk_kept_the_words_stands_on_today_until_it_is_read(client, world):
    made = returned(world)
    client.force_login(world.ana)

    today = client.get(reverse("today")).content.decode()
    page = client.get(reverse("ask_made", args=[made.pk])).content.decode()
    afterwards = client.get(reverse("today")).content.decode()

    assert "It names the street." in today
    assert "It names the street." in page
    assert "It names the street." not in afterwards
    assert AuditEntry.objects.filter(act="ask.return_seen").count() == 1


def test_whoever_asked_is_told_that_the_words_came_back(world):
    returned(world)

    assert Notice.objects.filter(worker=world.ana, kind="answer", seen=None).count() == 1


def test_a_supervisor_who_looks_leaves_the_reason_for_whoever_asked(client, world):
    made = returned(world)
    client.force_login(world.ben)

    client.get(reverse("ask_made", args=[made.pk]))

    made.refresh_from_db()
    assert made.return_seen_at is None
