"""Whose access ends in mid-note loses no word: it is their own draft, on a page that says whom to ask."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from factories import micro
from factories.five import five, worker
from upwell.practice.accounts.models import AuditEntry, Role, Team
from upwell.practice.micro.models import Concern, Draft, Note

TEXT = "She said that the office sent her home."


@pytest.fixture
def world():
    return five()


@pytest.fixture
def finn(world):
    """A case worker of another team, whose hour behind the glass is over."""
    made = worker("Finn Frost", world.agency, Team.objects.create(agency=world.agency, name="S"), Role.CASE_WORKER)
    micro.glass(world.case, made, minutes_ago=61)
    return made


def sent(**more):
    fields = {"text": TEXT, "kind": "meeting", "on": str(timezone.localdate()), "draft_kind": "note"}
    return fields | {"form_key": str(uuid4()), "version": "0", "window": str(uuid4())} | more


def note_of(world):
    return reverse("note_write", args=[world.case.pk])


def draft_of(world):
    return reverse("draft_save", args=[world.case.pk])


def ended(world):
    world.case.assignments.update(until=timezone.localdate() - timedelta(days=1))


def test_a_note_signed_after_the_hour_is_kept_and_the_page_says_whom_to_ask(client, world, finn):
    client.force_login(finn)

    page = client.post(note_of(world), sent(), follow=True)

    words = page.content.decode()
    assert page.redirect_chain[-1][0] == reverse("draft_left", args=[Draft.objects.get().pk])
    assert TEXT in words
    assert "Ana Alvarez" in words
    for private in ("Eve", "Ostrowska"):
        assert private not in words.replace(TEXT, "")
    assert not Note.objects.exists()
    assert Draft.objects.get().by == finn


def test_whoever_is_unassigned_in_mid_note_finds_it_on_today(client, world):
    client.force_login(world.ana)
    ended(world)

    client.post(note_of(world), sent())
    today = client.get(reverse("today")).content.decode()

    assert reverse("draft_left", args=[Draft.objects.get().pk]) in today
    assert "Ostrowska" not in today
    assert reverse("draft_left", args=[Draft.objects.get().pk]) not in _today_of(client, world.ben)


def _today_of(client, who):
    client.force_login(who)
    return client.get(reverse("today")).content.decode()


def test_the_pages_own_saving_goes_on_and_says_so(client, world):
    client.force_login(world.ana)
    fields = sent()
    client.post(draft_of(world), fields, headers={"Accept": "application/json"})
    ended(world)

    answer = client.post(
        draft_of(world),
        fields | {"text": TEXT + " Twice.", "version": "1"},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 200
    assert "no longer open this case" in answer.json()["words"]
    assert json.loads(Draft.objects.get().fields)["text"] == TEXT + " Twice."


def test_a_concern_in_the_making_is_kept_too(client, world):
    client.force_login(world.ana)
    ended(world)

    page = client.post(
        reverse("concern_raise", args=[world.case.pk]), sent(draft_kind="concern", text="", problem=TEXT), follow=True
    )

    assert TEXT in page.content.decode()
    assert not Concern.objects.exists()


def test_sent_twice_it_is_one_draft(client, world, finn):
    client.force_login(finn)
    fields = sent()

    client.post(note_of(world), fields)
    client.post(note_of(world), fields)

    assert Draft.objects.count() == 1


def test_back_in_the_case_it_is_written_on_there(client, world, finn):
    client.force_login(finn)
    client.post(note_of(world), sent())
    draft = Draft.objects.get()
    micro.glass(world.case, finn)

    answer = client.get(reverse("draft_left", args=[draft.pk]))

    assert answer.headers["Location"] == f"{note_of(world)}?draft={draft.form_key}"


def test_it_can_be_thrown_away(client, world, finn):
    client.force_login(finn)
    client.post(note_of(world), sent())

    answer = client.post(reverse("draft_drop", args=[Draft.objects.get().pk]))

    assert answer.headers["Location"] == reverse("today")
    assert not Draft.objects.exists()


def test_reading_it_is_noted(client, world, finn):
    client.force_login(finn)

    client.post(note_of(world), sent(), follow=True)

    assert AuditEntry.objects.get(act="draft.open").subject == str(world.eve.pk)


@pytest.mark.parametrize("who", ["dov", "gil"])
def test_whoever_never_was_there_gets_404_and_leaves_nothing(client, world, who):
    gil = worker("Gil Grant", world.agency, world.team, Role.CASE_WORKER)
    client.force_login({"dov": world.dov, "gil": gil}[who])

    answers = [client.post(page, sent()).status_code for page in (note_of(world), draft_of(world))]

    assert answers == [404, 404]
    assert not Draft.objects.exists()


def test_anothers_draft_is_not_there(client, world, finn):
    client.force_login(finn)
    client.post(note_of(world), sent())
    client.force_login(world.ana)

    for address in ("draft_left", "draft_drop"):
        path = reverse(address, args=[Draft.objects.get().pk])
        assert client.post(path).status_code == 404
    assert client.get(reverse("draft_left", args=[10**25])).status_code == 404


@pytest.mark.parametrize(
    "bad", [{"text": "  "}, {"form_key": "x"}, {"version": "9" * 40}, {"draft_kind": "\x00"}, {"window": "?"}]
)
def test_nonsense_is_not_kept(client, world, finn, bad):
    client.force_login(finn)

    assert client.post(note_of(world), sent(**bad)).status_code == 404
    assert not Draft.objects.exists()


def test_looking_at_the_page_of_a_case_one_left_is_404_as_before(client, world, finn):
    client.force_login(finn)

    assert client.get(note_of(world)).status_code == 404
