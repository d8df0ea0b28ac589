"""The Life Situation: own words and strengths always, from four sides, and never written over."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from factories import micro
from factories.five import TODAY, five
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError
from upwell.practice.micro.actions.entry import EntryFields, entry_write
from upwell.practice.micro.models import Entry

SAID = {
    "own_words": "They sent me away again.",
    "strengths": "She keeps every paper. Her sister drives her.",
    "severity": "3",
    "managing": "1",
    "whose": "client",
    "state": "agreed",
}
AROUND = SAID | {"domain": "documents", "barrier": "too-slow"}
ROLES = SAID | {"role": "parent", "happening": "overload"}


def keyed(sent, **more):
    return {"form_key": str(uuid4())} | sent | more


def address(case, view="environment"):
    return f"{reverse('entry_write', args=[case.pk])}?view={view}"


def test_an_entry_about_the_environment_is_kept_with_its_coding(client):
    world = five()
    client.force_login(world.ana)
    sent = keyed(AROUND, policy=str(world.policy.pk), system=str(world.office.pk))

    client.post(address(world.case), sent)

    kept = Entry.objects.get()
    assert (kept.domain, kept.barrier) == (Domain.DOCUMENTS, Barrier.TOO_SLOW)
    assert (kept.policy, kept.system) == (world.policy, world.office)
    assert (kept.severity, kept.managing, kept.by) == (3, 1, world.ana)
    assert AuditEntry.objects.get(act="entry.write").subject == str(world.eve.pk)


@pytest.mark.parametrize(
    ("view", "sent"), [("environment", AROUND), ("roles", ROLES), ("mental", SAID), ("physical", SAID)]
)
def test_each_side_of_a_life_asks_only_what_belongs_to_it(client, view, sent):
    world = five()
    client.force_login(world.ana)

    answer = client.post(address(world.case, view), keyed(sent))

    assert answer.status_code == 302
    assert Entry.objects.get().view == view


@pytest.mark.parametrize("missing", ["own_words", "strengths", "severity", "managing", "whose", "domain", "barrier"])
def test_nothing_that_an_entry_needs_may_be_missing(client, missing):
    world = five()
    client.force_login(world.ana)

    answer = client.post(address(world.case), keyed(AROUND) | {missing: "  "})

    assert answer.status_code == 200
    assert f'href="#id_{missing}"' in answer.content.decode()
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("missing", ["own_words", "strengths"])
def test_the_act_itself_refuses_an_entry_without_voice_or_strength(missing):
    world = five()
    said = {"view": "mental", "own_words": "a", "strengths": "b", "severity": 1, "managing": 1}
    fields = EntryFields(**(said | {"whose": "client", "state": "agreed"} | {missing: " "}))

    with pytest.raises(NotAllowedError):
        entry_write(case=world.case, by=world.ana, fields=fields, on=TODAY, form_key=uuid4())


@pytest.mark.parametrize(
    "wrong",
    [
        {"severity": "5"},
        {"severity": "-1"},
        {"severity": "x"},
        {"managing": "9" * 30},
        {"barrier": "laziness"},
        {"domain": "\x00"},
        {"policy": "x"},
        {"policy": str(uuid4())},
        {"system": "\x00"},
        {"own_words": "x" * 1001},
        {"strengths": "a\x00"},
        {"started_on": "2999-01-01"},
        {"started_on": "0001-01-01"},
        {"state": "superseded"},
        {"form_key": "x"},
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(client, wrong):
    world = five()
    client.force_login(world.ana)

    answer = client.post(address(world.case), keyed(AROUND) | wrong)

    assert answer.status_code == 200
    assert 'id="errors"' in answer.content.decode()
    assert Entry.objects.count() == 0


def test_there_are_four_sides_and_no_fifth(client):
    world = five()
    client.force_login(world.ana)

    assert client.get(address(world.case, "aura")).status_code == 404
    assert client.get(address(world.case, "\x00")).status_code == 404


def test_a_double_click_is_one_entry(client):
    world = five()
    client.force_login(world.ana)
    sent = keyed(AROUND)

    client.post(address(world.case), sent)
    client.post(address(world.case), sent)

    assert Entry.objects.count() == 1
    assert AuditEntry.objects.filter(act="entry.write").count() == 1


def test_a_change_replaces_an_entry_and_leaves_it_standing(client):
    world = five()
    old = micro.entry(world.case, world.ana)
    client.force_login(world.ana)

    begun = client.get(reverse("entry_change", args=[old.pk])).content.decode()
    client.post(reverse("entry_change", args=[old.pk]), keyed(AROUND, severity="1"))

    old.refresh_from_db()
    new = Entry.objects.exclude(pk=old.pk).get()
    assert "I wait and wait." in begun
    assert (old.state, old.own_words) == (Entry.State.SUPERSEDED, "I wait and wait.")
    assert (new.supersedes, new.severity) == (old, 1)


def test_an_entry_is_replaced_by_one_other_only():
    world = five()
    old = micro.entry(world.case, world.ana)
    fields = EntryFields(
        view="mental", own_words="a", strengths="b", severity=1, managing=1, whose="client", state="agreed"
    )
    entry_write(case=world.case, by=world.ana, fields=fields, on=TODAY, form_key=uuid4(), supersedes=old)

    with pytest.raises(ChangedMeanwhileError):
        entry_write(case=world.case, by=world.ana, fields=fields, on=TODAY, form_key=uuid4(), supersedes=old)

    assert Entry.objects.count() == 2


def test_a_replaced_entry_is_gone_from_what_stands_and_kept_in_what_was(client):
    world = five()
    old = micro.entry(world.case, world.ana, own_words="Then.")
    fields = EntryFields(
        view="mental", own_words="Now.", strengths="b", severity=1, managing=1, whose="client", state="disputed"
    )
    entry_write(case=world.case, by=world.ana, fields=fields, on=TODAY, form_key=uuid4(), supersedes=old)
    client.force_login(world.ana)

    shown = client.get(reverse("case", args=[world.case.pk])).content.decode()

    stands, was = shown.split('id="timeline"')
    assert "Now." in stands and "Then." not in stands
    assert "Then." in was and "Superseded" in was
    assert "Seen differently" in stands


def test_needs_and_strengths_stand_side_by_side(client):
    world = five()
    micro.entry(world.case, world.ana)
    client.force_login(world.ana)

    shown = client.get(reverse("case", args=[world.case.pk])).content.decode()

    assert shown.index("I wait and wait.") < shown.index("Her sister helps.")


def test_dov_gets_404_for_an_entry(client):
    world = five()
    entry = micro.entry(world.case, world.ana)
    client.force_login(world.dov)

    assert client.get(reverse("entry_change", args=[entry.pk])).status_code == 404
    assert client.post(reverse("entry_change", args=[entry.pk]), keyed(AROUND)).status_code == 404
