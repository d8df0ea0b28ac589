"""The settings of an agency: changed by its administrator, held against closed lists, noted by field."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from factories import macro
from factories.accounts import administrator
from factories.five import Five, five
from upwell.evidence.disclosure import protection
from upwell.practice.accounts.models import Agency, AuditEntry
from upwell.practice.accounts.promises import PROMISES

SENT = {
    "lock_minutes": "30",
    "client_word": "resident",
    "protection": "ferpa",
    "public_contact": "office@fennhaven.example",
    "time_zone": "America/Chicago",
}


@pytest.fixture
def world() -> Five:
    return five()


@pytest.fixture
def desk(world: Five, client: Client) -> Client:
    client.force_login(administrator(world.agency))
    return client


def test_the_administrator_changes_the_own_agency_alone(desk: Client, world: Five):
    answer = desk.post(reverse("agency"), SENT | {"needs_second_factor": "on"})

    own, other = Agency.objects.get(pk=world.agency.pk), Agency.objects.get(pk=world.other_agency.pk)
    assert answer.headers["Location"] == reverse("agency")
    assert (own.lock_minutes, own.client_word, own.protection) == (30, "resident", "ferpa")
    assert (own.public_contact, own.time_zone) == ("office@fennhaven.example", "America/Chicago")
    assert own.needs_second_factor
    assert (other.lock_minutes, other.protection) == (15, "cms")


def test_the_audit_names_the_fields_and_no_value(desk: Client, world: Five):
    desk.post(reverse("agency"), SENT)
    desk.get(reverse("agency"))

    entry = AuditEntry.objects.get(act="agency.change")
    assert entry.fields == "client_word,lock_minutes,protection,public_contact,time_zone"


def test_saving_what_is_there_writes_nothing(desk: Client, world: Five):
    desk.post(reverse("agency"), SENT)

    desk.post(reverse("agency"), SENT)

    assert AuditEntry.objects.filter(act="agency.change").count() == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"lock_minutes": "-1"},
        {"lock_minutes": "9" * 40},
        {"lock_minutes": ""},
        {"client_word": "inmate"},
        {"protection": "../../cms"},
        {"protection": ""},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../etc/passwd"},
        {"public_contact": "x" * 201},
        {"public_contact": "a\x00b"},
    ],
)
def test_bad_input_is_shown_and_changes_nothing(desk: Client, world: Five, bad: dict[str, str]):
    page = desk.post(reverse("agency"), SENT | bad)

    assert page.status_code == 200
    assert "Please look at this again" in page.content.decode()
    assert Agency.objects.get(pk=world.agency.pk).lock_minutes == 15


@pytest.mark.parametrize("who", ["ana", "ben", "cleo", "dov"])
def test_nobody_else_may(world: Five, client: Client, who: str):
    client.force_login(getattr(world, who))

    assert client.post(reverse("agency"), SENT).status_code == 403


def test_the_promises_are_those_of_the_protections():
    today = datetime.now(UTC).date()

    assert {name: str(words) for name, words in PROMISES.items()} == {
        name: protection.load(name, today).words for name in protection.names()
    }


def test_a_new_proposal_begins_with_the_public_contact(desk: Client, world: Five, client: Client):
    desk.post(reverse("agency"), SENT)
    project = macro.begun(world)
    client.force_login(world.cleo)

    page = client.get(reverse("proposal_make", args=[project.pk])).content.decode()

    assert "office@fennhaven.example" in page
