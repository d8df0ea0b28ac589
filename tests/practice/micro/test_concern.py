"""Raising a concern: from a note in a few taps, once however often the button is pressed, private for ever."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from factories import thread
from factories.five import concern as concern_of
from factories.five import consent, five, worker
from upwell.practice.accounts.models import AuditEntry, Role
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError
from upwell.practice.micro.actions import concern as actions
from upwell.practice.micro.models import Concern, Draft, Entry, TeamWord
from upwell.practice.person.models import Consent


@pytest.fixture
def world():
    return five()


def fields(world, **more):
    sent = {
        "barrier": Barrier.TOO_SLOW,
        "domain": Domain.DOCUMENTS,
        "about": f"p:{world.policy.pk}",
        "problem": "The certificate takes eleven weeks.",
        "impact": "No lease without it.",
        "form_key": str(uuid4()),
    }
    return sent | more


def raise_page(world):
    return reverse("concern_raise", args=[world.case.pk])


def test_a_concern_is_raised_from_a_note_with_its_text_offered(client, world):
    client.force_login(world.ana)
    note = thread.note(world)

    page = client.get(raise_page(world), {"note": note.pk})

    form = page.context["form"]
    assert form["problem"].value() == note.text
    client.post(raise_page(world), fields(world, note=note.pk))
    assert Concern.objects.get().note == note


def test_what_points_to_somebody_is_listed_and_never_changed_unasked(client, world):
    client.force_login(world.ana)
    note = thread.note(world)

    page = client.get(raise_page(world), {"note": note.pk})

    pieces = dict(page.context["found"]["problem"])
    assert set(pieces) == {"Eve Ostrowska", "3 March 2026"}
    assert "Replace all by neutral words" in page.content.decode()


def test_the_neutral_button_replaces_what_was_found_and_saves_nothing(client, world):
    client.force_login(world.ana)

    page = client.post(raise_page(world), fields(world, problem=thread.NOTE, neutral="problem"))

    assert Concern.objects.count() == 0
    assert page.context["form"]["problem"].value() == (
        "the person waited eleven weeks for the certificate. On that day they sent her home."
    )
    assert page.context["form"]["barrier"].value() == Barrier.TOO_SLOW


def test_a_concern_may_be_saved_with_names_because_its_boxes_stay(client, world):
    client.force_login(world.ana)

    client.post(raise_page(world), fields(world, problem=thread.NOTE))

    assert Concern.objects.get().problem == thread.NOTE


def test_the_domain_and_the_rule_are_those_of_the_last_entry(client, world):
    client.force_login(world.ana)
    Entry.objects.create(
        case=world.case,
        by=world.ana,
        domain=Domain.HOUSING,
        barrier=Barrier.TOO_DEAR,
        system=world.office,
        on=timezone.localdate(),
    )

    form = client.get(raise_page(world)).context["form"]

    assert form["domain"].value() == Domain.HOUSING
    assert form["about"].value() == f"s:{world.office.pk}"
    assert form["barrier"].value() == ""


def test_a_rule_chosen_says_the_domain_when_none_is(client, world):
    client.force_login(world.ana)

    client.post(raise_page(world), fields(world, domain=""))

    raised = Concern.objects.get()
    assert raised.domain == world.policy.domain
    assert raised.system == world.office


def test_without_rule_or_domain_the_form_asks_for_one(client, world):
    client.force_login(world.ana)

    page = client.post(raise_page(world), fields(world, domain="", about=""))

    assert page.status_code == 422
    assert "domain" in page.context["form"].errors


def test_the_same_form_sent_twice_is_one_concern(client, world):
    client.force_login(world.ana)
    sent = fields(world)

    first = client.post(raise_page(world), sent)
    second = client.post(raise_page(world), sent)

    assert Concern.objects.count() == 1
    assert first.url == second.url


def test_a_form_key_of_another_case_is_refused_and_tells_nothing(world):
    there = concern_of(world.case, world.ana)

    with pytest.raises(ChangedMeanwhileError):
        actions.concern_raise(
            case=world.dovs_case,
            by=world.dov,
            domain=Domain.FOOD,
            barrier=Barrier.TOO_LITTLE,
            policy=None,
            system=None,
            problem="x",
            impact="",
            on=timezone.localdate(),
            form_key=there.form_key,
        )


def test_raising_is_audited_with_the_names_of_fields_and_no_value(client, world):
    client.force_login(world.ana)

    client.post(raise_page(world), fields(world))

    entry = AuditEntry.objects.get(act="concern.raise")
    assert entry.subject == str(world.eve.pk)
    assert "eleven weeks" not in entry.fields


def test_the_boxes_lie_encrypted(world):
    raised = concern_of(world.case, world.ana, problem="a very plain sentence")

    with connection.cursor() as cursor:
        cursor.execute("SELECT problem FROM micro_concern")
        stored = bytes(cursor.fetchone()[0])
    assert b"plain" not in stored
    assert Concern.objects.get(pk=raised.pk).problem == "a very plain sentence"


def test_a_call_for_evidence_fills_its_coding_in(client, world):
    client.force_login(world.ana)
    asked = thread.call(world)

    form = client.get(raise_page(world), {"call": asked.pk}).context["form"]
    client.post(raise_page(world), fields(world, call=asked.pk, barrier=Barrier.MISAPPLIED))

    assert form["barrier"].value() == Barrier.MISAPPLIED
    assert form["about"].value() == f"p:{world.policy.pk}"
    assert Concern.objects.get().call == asked


def test_a_draft_of_the_same_note_is_there_again_and_goes_when_the_concern_is_saved(client, world):
    client.force_login(world.ana)
    note = thread.note(world)
    begun = fields(world, note=str(note.pk), problem="Half a thou", version="0", draft_kind="concern")
    client.post(reverse("draft_save", args=[world.case.pk]), begun)

    page = client.get(raise_page(world), {"note": note.pk})
    sent = fields(world, note=str(note.pk), form_key=page.context["form"]["form_key"].value())
    client.post(raise_page(world), sent)

    assert page.context["form"]["problem"].value() == "Half a thou"
    assert Draft.objects.count() == 0


def test_another_worker_never_meets_the_draft(client, world):
    deb = worker("Deb Dale", world.agency, world.team, Role.CASE_WORKER)
    Draft.objects.create(case=world.case, by=world.ana, kind="concern", fields="{}", saved_at=timezone.now())
    client.force_login(world.ben)

    page = client.get(raise_page(world))

    assert deb.pk and page.context["others"] == []


@pytest.mark.parametrize("who", ["dov", "cleo", "stranger"])
def test_nobody_else_raises_a_concern_in_the_case(client, world, who):
    if who != "stranger":
        client.force_login(getattr(world, who))

    page = client.post(raise_page(world), fields(world))

    assert page.status_code == {"dov": 404, "cleo": 403, "stranger": 302}[who]
    assert Concern.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"barrier": "nonsense"},
        {"barrier": ""},
        {"domain": "nonsense"},
        {"about": "p:not-a-uuid"},
        {"about": f"p:{uuid4()}"},
        {"about": "x" * 5000},
        {"about": "\0"},
        {"problem": ""},
        {"problem": "x" * 1001},
        {"problem": "a\0b"},
        {"impact": "x" * 1001},
        {"form_key": "nonsense"},
        {"version": "9" * 400},
        {"window": "nonsense"},
    ],
)
def test_wrong_input_gives_a_form_error(client, world, wrong):
    client.force_login(world.ana)

    page = client.post(raise_page(world), fields(world, **wrong))

    assert page.status_code == 422
    assert Concern.objects.count() == 0


@pytest.mark.parametrize("asked", [{"note": "x"}, {"call": "\0"}, {"note": str(uuid4())}, {"call": str(uuid4())}])
def test_a_note_or_call_that_is_not_there_is_not_found(client, world, asked):
    client.force_login(world.ana)

    assert client.get(raise_page(world), asked).status_code == 404


def test_a_line_break_is_one_character_whatever_the_browser_sends(client, world):
    client.force_login(world.ana)

    client.post(raise_page(world), fields(world, problem="a\r\n" * 499 + "b"))

    assert len(Concern.objects.get().problem) == 999


def test_the_concern_page_shows_boxes_stage_and_state_and_is_audited(client, world):
    client.force_login(world.ana)
    raised = concern_of(world.case, world.ana, issue=thread.issue(world), state=Concern.State.JOINED)

    page = client.get(reverse("concern", args=[raised.pk]))

    text = page.content.decode()
    assert "eleven weeks" in text
    assert text.count('aria-current="step"') == 1
    assert "The same trouble was found in many lives." in text
    assert AuditEntry.objects.filter(act="concern.open", is_read=True, subject=str(world.eve.pk)).exists()


@pytest.mark.parametrize("who, status", [("ana", 200), ("ben", 200), ("cleo", 403), ("dov", 404)])
def test_a_concern_opens_for_those_who_may_open_its_case(client, world, who, status):
    raised = concern_of(world.case, world.ana)
    client.force_login(getattr(world, who))

    assert client.get(reverse("concern", args=[raised.pk])).status_code == status


def test_a_concern_without_consent_is_raised_and_says_that_it_is_not_counted(client, world):
    client.force_login(world.ana)

    client.post(raise_page(world), fields(world))
    page = client.get(reverse("concern", args=[Concern.objects.get().pk]))

    assert page.context["heard"] == {"count": False, "tell": False}


def test_the_concern_page_shows_what_the_person_agreed_to_now(client, world):
    client.force_login(world.ana)
    raised = concern_of(world.case, world.ana)
    consent(world.eve, Consent.Purpose.TELL)

    page = client.get(reverse("concern", args=[raised.pk]))

    assert page.context["heard"] == {"count": False, "tell": True}


def test_a_concern_cannot_end_without_a_word_to_whoever_raised_it(world):
    raised = concern_of(world.case, world.ana, issue=thread.issue(world), state=Concern.State.JOINED)

    with pytest.raises(NotAllowedError):
        actions.concern_return(concern=raised)

    raised.refresh_from_db()
    assert raised.state == Concern.State.JOINED


def test_a_concern_ends_once_word_came_back(world):
    raised = concern_of(world.case, world.ana, issue=thread.issue(world), state=Concern.State.JOINED)
    thread.word(raised, thread.reply(raised.issue))

    actions.concern_return(concern=raised)
    actions.concern_return(concern=raised)

    raised.refresh_from_db()
    assert raised.state == Concern.State.RETURNED
    assert AuditEntry.objects.filter(act="concern.return", actor="system", agency=world.agency).count() == 1


def test_a_word_to_the_person_alone_is_no_word_to_the_worker(world):
    raised = concern_of(world.case, world.ana, issue=thread.issue(world), state=Concern.State.JOINED)
    thread.word(raised, thread.reply(raised.issue), to="person")

    with pytest.raises(NotAllowedError):
        actions.concern_return(concern=raised)


def test_a_supervisor_answers_in_the_case_and_reading_it_ends_the_concern(client, world):
    raised = concern_of(world.case, world.ana)
    client.force_login(world.ben)
    client.post(reverse("concern_answer", args=[raised.pk]), {"words": "Call the records desk; they do it now."})
    client.force_login(world.ana)

    before = Concern.objects.get().state
    page = client.get(reverse("concern", args=[raised.pk]))

    assert before == Concern.State.ANSWERED
    assert "Call the records desk" in page.content.decode()
    assert Concern.objects.get().state == Concern.State.RETURNED


def test_an_empty_answer_is_refused(client, world):
    raised = concern_of(world.case, world.ana)
    client.force_login(world.ben)

    page = client.post(reverse("concern_answer", args=[raised.pk]), {"words": "  "})

    assert page.status_code == 422
    assert TeamWord.objects.count() == 0


def test_a_case_worker_does_not_answer_for_the_team(client, world):
    raised = concern_of(world.case, world.ana)
    client.force_login(world.ana)

    assert client.post(reverse("concern_answer", args=[raised.pk]), {"words": "x"}).status_code == 403


def test_joining_an_issue_twice_changes_nothing(world):
    raised, issue = concern_of(world.case, world.ana), thread.issue(world)

    actions.concern_join(concern=raised, issue=issue)
    actions.concern_join(concern=raised, issue=issue)

    raised.refresh_from_db()
    assert (raised.issue, raised.state) == (issue, Concern.State.JOINED)
    assert AuditEntry.objects.filter(act="concern.join").count() == 1


def test_the_page_asks_the_database_no_more_when_there_is_more_to_choose(client, world, django_assert_max_num_queries):
    client.force_login(world.ana)
    for _ in range(30):
        concern_of(world.case, world.ana, policy=world.policy)

    with django_assert_max_num_queries(30):
        client.get(raise_page(world))
