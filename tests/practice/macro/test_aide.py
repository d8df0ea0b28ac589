"""The office's page: opens with a good link alone, asks and records once, never too often, and reads easily."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from factories import macro
from factories.five import five
from factories.pages import without_keys
from upwell.practice.accounts.models import AuditEntry, Notice
from upwell.practice.bridge.models import Reply, Stage
from upwell.practice.macro import actions, queries
from upwell.practice.macro.models import AideAction, AideQuestion, SignedLink

TEMPLATE = Path(__file__).parents[3] / "src/upwell/practice/macro/templates/macro/aide.html"


def ask(words="How many people is that in our district?", **more):
    return {"ask-words": words, "ask-form_key": str(uuid4())} | more


def act(kind="hearing", **more):
    return {"act-kind": kind, "act-words": "On 3 December.", "act-form_key": str(uuid4())} | more


def test_the_page_answers_what_how_many_who_what_is_asked_and_what_is_not_known(client):
    world = five()

    page = client.get(f"/o/{macro.token(world)}").content.decode()

    assert "People wait eleven weeks for a certificate" in page
    assert "131 of 412" in page
    assert "people asked: 32 %." in page
    assert "we would expect 18 %." in page
    assert "people moving out of shelter" in page
    assert "Fenn County" in page
    assert "Accept a receipt until the certificate is there." in page
    assert "Chair of the records committee, Fenn County Board" in page
    assert "No new cost" in page
    assert "How long people waited who never came back." in page
    assert "We do not know how many never asked." in page
    assert "The group and everyone else" in page
    assert "office@fennhaven.example, 555 0100" in page


def test_the_page_names_no_worker_and_needs_no_account(client):
    world = five()

    answer = client.get(f"/o/{macro.token(world)}")

    assert answer.status_code == 200
    page = answer.content.decode()
    for worker in (world.ana, world.ben, world.cleo):
        assert worker.name not in page
        assert worker.email not in page
    assert list(answer.cookies) == ["csrftoken"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "<script" not in page


def test_the_cost_is_shown_only_when_it_is_switched_on(client):
    world = five()

    page = client.get(f"/o/{macro.token(world, macro.delivered(world, show_cost=False))}").content.decode()

    assert "No new cost" not in page


def test_numbers_of_a_changed_release_are_not_shown(client):
    world = five()
    token = macro.token(world)
    crossed = SignedLink.objects.get().proposal.project.issue.figures.get().crossed
    crossed.data = bytes(crossed.data)[:-5]
    crossed.save()

    page = without_keys(client.get(f"/o/{token}"))

    assert "No number may be shown now." in page
    assert "131" not in page


@pytest.mark.parametrize(
    "token",
    ["x", "x:y", "00000000000000000000000000000000:x", "%00", "a" * 3000, "..", "%F0%9F%98%80:1"],
)
def test_a_link_that_is_not_ours_is_not_found(client, token):
    assert client.get(f"/o/{token}").status_code == 404
    assert client.post(f"/o/{token}/ask", ask()).status_code == 404
    assert client.post(f"/o/{token}/act", act()).status_code == 404


def test_a_signature_for_another_link_or_another_purpose_is_not_found(client):
    world = five()
    one, other = macro.link(world), macro.link(world, macro.delivered(world, ask="Other."))
    mixed = f"{other.pk.hex}:{queries.token_of(one).split(':')[1]}"
    foreign = signing.Signer(salt="something.else").sign(one.pk.hex)
    unknown = signing.Signer(salt=queries.SALT).sign(uuid4().hex)

    for token in (mixed, foreign, unknown, queries.token_of(one)[:-1]):
        assert client.get(f"/o/{token}").status_code == 404


def test_an_expired_link_says_so(client):
    world = five()
    token = macro.token(world, now=timezone.now() - timedelta(days=30, seconds=1))

    for answer in (client.get(f"/o/{token}"), client.post(f"/o/{token}/ask", ask())):
        assert answer.status_code == 410
        assert "This page is closed" in answer.content.decode()
    assert not AideQuestion.objects.exists()


def test_a_link_that_was_taken_back_is_shut_at_once(client):
    world = five()
    link = macro.link(world)
    worker = Client()
    worker.force_login(world.cleo)

    worker.post(f"/proposal/link/{link.pk}/take-back")

    assert client.get(f"/o/{queries.token_of(link)}").status_code == 410
    assert AuditEntry.objects.filter(act="link.take_back").count() == 1


def test_a_link_works_for_thirty_days_and_is_made_once(client):
    world = five()
    proposal = macro.delivered(world)
    client.force_login(world.cleo)
    form = {"form_key": str(uuid4())}

    for _ in range(2):
        client.post(f"/proposal/{proposal.pk}/link", form)

    link = SignedLink.objects.get()
    assert link.expires - link.made_at == timedelta(days=30)
    assert queries.token_of(link) in client.get(f"/proposal/{proposal.pk}").content.decode()


def test_a_question_is_asked_once_shown_on_the_page_and_told_to_its_owner(client):
    world = five()
    token = macro.token(world)
    form = ask()

    answers = [client.post(f"/o/{token}/ask", form) for _ in range(2)]

    question = AideQuestion.objects.get()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url.endswith("#ask-us"), "where the question now stands"
    assert "How many people is that in our district?" in client.get(f"/o/{token}").content.decode()
    assert Notice.objects.filter(worker=world.cleo, kind="question").count() == 1
    assert (question.answer_due - timezone.localdate(question.asked_at)).days in {2, 3, 4}


def test_workers_hear_that_an_office_asked_and_not_its_words(client):
    world = five()
    token = macro.token(world)

    client.post(f"/o/{token}/ask", ask(words="Is this about Evelina?"))
    client.post(f"/o/{token}/ask", ask(words="And another."))

    told = Reply.objects.filter(kind=Reply.Kind.ASKED)
    assert [reply.role for reply in told] == ["advocate"]
    assert "asked a question" in told.get().words
    assert "Evelina" not in told.get().words


def test_the_answer_stands_on_the_same_page(client):
    world = five()
    token = macro.token(world)
    client.post(f"/o/{token}/ask", ask())
    worker = Client()
    worker.force_login(world.cleo)

    worker.post(f"/proposal/question/{AideQuestion.objects.get().pk}", {"words": "We count by county only."})

    assert "We count by county only." in client.get(f"/o/{token}").content.decode()


def test_another_link_does_not_show_the_questions_of_the_first(client):
    world = five()
    proposal = macro.delivered(world)
    one, other = macro.token(world, proposal), macro.token(world, proposal)

    client.post(f"/o/{one}/ask", ask(words="Only for my office."))

    assert "Only for my office." not in client.get(f"/o/{other}").content.decode()


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("ask", ask(words="")),
        ("ask", ask(words="x" * 501)),
        ("ask", ask(words="a\0b")),
        ("ask", {"ask-words": "No key."}),
        ("ask", {}),
        ("act", act(kind="nonsense")),
        ("act", {"act-words": "x" * 301}),
    ],
)
def test_what_is_wrong_is_said_on_the_page(client, path, form):
    world = five()

    answer = client.post(f"/o/{macro.token(world)}/{path}", form)

    assert answer.status_code == 200
    assert not AideQuestion.objects.exists()
    assert not AideAction.objects.exists()


def test_one_link_cannot_be_written_through_without_end(client):
    world = five()
    token = macro.token(world)

    answers = [client.post(f"/o/{token}/ask", ask(words=f"Question {i}")).status_code for i in range(8)]
    answers.append(client.post(f"/o/{token}/act", act()).status_code)

    assert answers == [302] * 6 + [429] * 3
    assert AideQuestion.objects.count() == 6


def test_what_an_office_did_is_recorded_once_and_moves_nothing_by_itself(client):
    world = five()
    token = macro.token(world)
    form = act()

    for _ in range(2):
        client.post(f"/o/{token}/act", form)

    done = AideAction.objects.get()
    assert done.link.proposal.project.issue.stage == Stage.PROPOSAL
    assert "A hearing was set" in client.get(f"/o/{token}").content.decode()
    assert Notice.objects.filter(worker=world.cleo, kind="question").count() == 1


def test_a_confirmed_hearing_with_a_number_brings_the_issue_before_officials(client):
    world = five()
    link = macro.link(world)
    done = actions.aide_act(link=link, kind="hearing", words="", form_key=uuid4(), now=timezone.now())
    client.force_login(world.cleo)

    for _ in range(2):
        client.post(f"/proposal/act/{done.pk}", {"words": macro.TELL, "formal_id": "HB 12"})

    issue = link.proposal.project.issue
    issue.refresh_from_db()
    assert issue.stage == Stage.OFFICIAL
    assert issue.replies.filter(stage=Stage.OFFICIAL).count() == 1


def test_a_confirmed_letter_is_news(client):
    world = five()
    link = macro.link(world)
    done = actions.aide_act(link=link, kind="letter", words="", form_key=uuid4(), now=timezone.now())
    client.force_login(world.cleo)

    client.post(f"/proposal/act/{done.pk}", {"words": macro.TELL, "formal_id": ""})

    done.refresh_from_db()
    assert done.confirmed_at is not None
    assert link.proposal.project.issue.replies.last().kind == Reply.Kind.NEWS


def test_forms_from_elsewhere_are_refused():
    world = five()
    token = macro.token(world)
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(f"/o/{token}/ask", ask()).status_code == 403


def test_the_pages_own_sentences_read_at_the_age_of_twelve():
    """Flesch-Kincaid grade of the fixed text: at most 7 (age 12 to 13). Source: Kincaid et al. 1975."""
    text = TEMPLATE.read_text(encoding="utf-8")
    sentences = re.findall(r'translate "([^"]+[.?])"', text)
    sentences += re.findall(r"trimmed[^%]*%}([^{]*(?:{{[^}]*}}[^{]*)*){% endblocktranslate", text)
    plain = re.sub(r"{{[^}]*}}", "ten", " ".join(sentences))

    assert len(sentences) > 8
    assert grade(plain) <= 7


def grade(text):
    sentences = max(1, len(re.findall(r"[.!?;](?:\s|$)", text)))
    words = re.findall(r"[A-Za-z']+", text)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word):
    found = len(re.findall(r"[aeiouy]+", word.lower()))
    return max(1, found - (word.lower().endswith("e") and not word.lower().endswith("le") and found > 1))
