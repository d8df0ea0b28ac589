"""Pages of the library: who may open them, what they do, and what they bear."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from factories import bridge
from factories.five import five
from upwell.practice.accounts.models import Role
from upwell.practice.bridge import actions
from upwell.practice.bridge.models import Answer, Ask, CallForEvidence, PracticeNote
from upwell.practice.environment.coding import Barrier, Domain

BAD = ["", "\u0000", "x" * 100_000, "<script>", "-1", "9" * 400, "0001-01-01", "9999-12-31"]
FIELDS = [
    *("words", "source", "question", "why", "returned", "opens_on", "closes_on", "domain", "barrier", "policy"),
    *("system", "title", "what_changed", "who_affected", "what_to_do", "effective_on", "finder_domains"),
    "finder_barriers",
]


@pytest.fixture
def world():
    return five()


@pytest.fixture
def issue(world):
    return bridge.issue(world)


@pytest.fixture
def answered(world):
    ask = bridge.ask(world)
    actions.ask_answer(ask=ask, words="Ten days are the limit.", source="7 CFR 1", by=world.cleo)
    return ask


def call_fields(**more):
    today = timezone.localdate()
    return {
        "question": "Who was told to come back?",
        "why": "To know how often.",
        "returned": "What was found.",
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=9)).isoformat(),
        "domain": Domain.DOCUMENTS.value,
        "barrier": Barrier.TOO_SLOW.value,
    } | more


def note_fields(**more):
    return {
        "title": "Certificates in person",
        "what_changed": "A counter opened.",
        "who_affected": "Everybody born here.",
        "what_to_do": "Send people there.",
        "effective_on": timezone.localdate().isoformat(),
        "finder_domains": [Domain.DOCUMENTS.value],
        "finder_barriers": [Barrier.TOO_SLOW.value],
    } | more


def pages(world, issue, ask, note):
    """name, arguments, whether a case worker may open it."""
    return [
        ("library", [], True),
        ("calls", [], True),
        ("asks", [], False),
        ("ask_answer", [ask.pk], False),
        ("call_open", [], False),
        ("call_open", [issue.pk], False),
        ("practice_note_write", [], False),
        ("practice_note_write", [issue.pk], False),
        ("practice_note_change", [note.pk], False),
    ]


def test_macro_opens_every_page_and_a_case_worker_those_that_are_read(client, world, issue):
    ask, note = bridge.ask(world), bridge.note(world, issue)

    for worker in (world.cleo, world.ana):
        client.force_login(worker)
        for name, args, everybody in pages(world, issue, ask, note):
            status = client.get(reverse(name, args=args)).status_code
            assert status == (200 if everybody or worker == world.cleo else 403), (worker.name, name)


def test_another_agency_finds_nothing(client, world, issue, answered):
    ask, note = bridge.ask(world), bridge.note(world, issue)
    actions.practice_note_send(note=note, by=world.cleo)
    world.dov.roles_held.create(role=Role.ADVOCATE)
    client.force_login(world.dov)

    for name, args in [
        *((name, args) for name, args, _ in pages(world, issue, ask, note) if args),
        ("answer", [answered.pk]),
        ("practice_note", [note.pk]),
    ]:
        assert client.get(reverse(name, args=args)).status_code == 404, name
    for name, args in (("ask_take", [ask.pk]), ("practice_note_send", [note.pk])):
        assert client.post(reverse(name, args=args)).status_code == 404, name
    for name in ("library", "calls", "asks"):
        page = client.get(reverse(name)).content
        assert b"Ten days" not in page
        assert note.title.encode() not in page
        assert str(ask.pk).encode() not in page


def test_a_stranger_is_sent_to_sign_in(client, world, issue):
    for name, args, _ in pages(world, issue, bridge.ask(world), bridge.note(world)):
        response = client.get(reverse(name, args=args))

        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("bad", BAD)
def test_whatever_is_sent_no_page_breaks(client, world, issue, bad):
    client.force_login(world.cleo)
    for name, args, _ in pages(world, issue, bridge.ask(world), bridge.note(world)):
        response = client.post(reverse(name, args=args), dict.fromkeys(FIELDS, bad))

        assert response.status_code in {200, 302}, name
    assert client.get(reverse("library"), {"words": bad, "policy": bad, "domain": bad}).status_code == 200


def test_an_address_that_nothing_has_is_not_found(client, world):
    client.force_login(world.cleo)

    for name in ("answer", "ask_answer", "call_open", "practice_note_write", "practice_note", "practice_note_change"):
        assert client.get(reverse(name, args=[UUID(int=3)])).status_code == 404, name


def test_the_library_finds_an_answer_by_words_and_coding(client, world, answered):
    client.force_login(world.ana)
    address = reverse("library")

    hit = client.post(address, {"words": "limit days", "domain": "documents"})
    miss = client.post(address, {"words": "unicorn"})
    linked = client.get(address, {"policy": str(world.policy.pk), "barrier": "too-slow"})

    assert reverse("answer", args=[answered.pk]).encode() in hit.content
    assert reverse("answer", args=[answered.pk]).encode() not in miss.content
    assert reverse("answer", args=[answered.pk]).encode() in linked.content


def test_words_of_a_search_stay_out_of_the_address(client, world):
    client.force_login(world.ana)

    page = client.get(reverse("library")).content.decode()

    assert 'method="post"' in page.split('name="words"')[0].rsplit("<form", 1)[1]


def test_a_question_is_taken_and_answered_on_pages(client, world):
    ask = bridge.ask(world)
    client.force_login(world.cleo)

    assert client.get(reverse("ask_take", args=[ask.pk])).status_code == 405
    taken = client.post(reverse("ask_take", args=[ask.pk]))
    for _ in range(2):
        said = client.post(taken["Location"], {"words": "Ten days.", "source": "7 CFR 1"})
        assert said["Location"] == reverse("answer", args=[ask.pk])

    ask.refresh_from_db()
    assert ask.state == Ask.State.ANSWERED
    assert Answer.objects.count() == 1
    client.force_login(world.ana)
    assert b"Ten days." in client.get(said["Location"]).content


def test_an_answer_that_came_second_is_told_so_and_not_lost(client, world, answered):
    client.force_login(world.cleo)

    page = client.post(reverse("ask_answer", args=[answered.pk]), {"words": "Another.", "source": ""})
    taken = client.post(reverse("ask_take", args=[answered.pk]))

    assert page.status_code == 200
    assert b"Another." in page.content
    assert taken["Location"] == reverse("answer", args=[answered.pk])
    assert Answer.objects.get().words == "Ten days are the limit."


def test_a_call_about_an_issue_begins_coded_and_opens_once(client, world, issue):
    client.force_login(world.cleo)
    address = reverse("call_open", args=[issue.pk])

    begins = client.get(address).context["form"]
    for _ in range(2):
        client.post(address, call_fields())

    assert (begins["domain"].value(), begins["barrier"].value()) == ("documents", "too-slow")
    assert [call.issue for call in CallForEvidence.objects.all()] == [issue]
    assert b"Who was told to come back?" in client.get(reverse("calls")).content


def test_a_call_that_closes_before_it_opens_is_an_error_on_the_page(client, world):
    client.force_login(world.cleo)
    fields = call_fields(closes_on=timezone.localdate().isoformat())

    page = client.post(reverse("call_open"), fields)

    assert page.status_code == 200
    assert b"closes after" in page.content
    assert not CallForEvidence.objects.exists()


def test_a_practice_note_is_drafted_looked_at_changed_and_sent(client, world, issue):
    client.force_login(world.cleo)

    drafted = client.post(reverse("practice_note_write", args=[issue.pk]), note_fields())
    note = PracticeNote.objects.get()
    preview = client.get(drafted["Location"]).content.decode()
    client.force_login(world.ana)
    assert client.get(drafted["Location"]).status_code == 404
    client.force_login(world.cleo)
    client.post(reverse("practice_note_change", args=[note.pk]), note_fields(what_to_do="Go there."))
    client.post(reverse("practice_note_send", args=[note.pk]))

    note.refresh_from_db()
    assert "This is a draft" in preview
    assert "Documents" in preview
    assert "Too slow" in preview
    assert (note.what_to_do, note.state, note.issue) == ("Go there.", PracticeNote.State.SENT, issue)
    client.force_login(world.ana)
    page = client.get(drafted["Location"]).content.decode()
    assert "Go there." in page
    assert "This is a draft" not in page


def test_a_sent_practice_note_is_not_changed_on_its_page(client, world):
    note = bridge.note(world)
    actions.practice_note_send(note=note, by=world.cleo)
    client.force_login(world.cleo)

    page = client.post(reverse("practice_note_change", args=[note.pk]), note_fields(title="Other"))

    note.refresh_from_db()
    assert page.status_code == 200
    assert note.title != "Other"


def test_a_practice_note_begins_from_the_issue(client, world, issue):
    client.force_login(world.cleo)

    begins = client.get(reverse("practice_note_write", args=[issue.pk])).context["form"]

    assert begins["finder_domains"].value() == ["documents"]
    assert begins["finder_barriers"].value() == ["too-slow"]
    assert begins["title"].value() == "Birth certificates by post only"


def test_what_many_read_is_asked_to_point_at_nobody(client, world, issue):
    client.force_login(world.cleo)

    for name, args in (("ask_answer", [bridge.ask(world).pk]), ("call_open", []), ("practice_note_write", [])):
        assert b"points to one person" in client.get(reverse(name, args=args)).content, name


def test_empty_pages_say_what_will_stand_there(client, world):
    client.force_login(world.cleo)

    assert b"Answers will stand here" in client.get(reverse("library")).content
    assert b"No question waits" in client.get(reverse("asks")).content
    assert b"No call is open" in client.get(reverse("calls")).content
