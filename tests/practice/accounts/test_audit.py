"""The audit page: the privacy officer's, of the own agency alone; and who looked at a person's file."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.accounts import entry
from factories.five import Five, five
from upwell.practice.accounts import queries
from upwell.practice.accounts.models import AuditEntry


@pytest.fixture
def world() -> Five:
    return five()


@pytest.fixture
def officer(world: Five, client: Client) -> Client:
    client.force_login(world.ben)
    return client


def objects(page: object) -> list[str]:
    return [row.object for row in page.context["page"]]


def test_reads_and_writes_stand_there_newest_first(officer: Client, world: Five):
    now = timezone.now()
    entry(world.agency, world.ana, object="old", at=now - timedelta(days=2))
    entry(world.agency, world.ana, object="new", is_read=False, fields="state", at=now)

    page = officer.get(reverse("audit"))

    assert objects(page) == ["new", "old"]
    assert "looked" in page.content.decode()
    assert "wrote: state" in page.content.decode()


def test_another_agencys_rows_are_never_there(officer: Client, world: Five):
    entry(world.other_agency, world.dov, object="theirs", subject=str(world.eve.pk))

    assert objects(officer.get(reverse("audit"))) == []
    assert b"theirs" not in b"".join(officer.get(reverse("audit_export")))
    assert objects(officer.get(reverse("audit"), {"subject": str(world.eve.pk)})) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"act": "note.write"}, ["a"]),
        ({"kind": "read"}, ["b", "c"]),
        ({"kind": "write"}, ["a"]),
        ({"day": "yesterday"}, ["c"]),
        ({"worker": "ana"}, ["a"]),
        ({"subject": "eve"}, ["b"]),
        ({"subject": "eve", "kind": "write"}, []),
        ({}, ["a", "b", "c"]),
    ],
)
def test_the_filter_narrows(officer: Client, world: Five, asked: dict[str, str], found: list[str]):
    now = timezone.now()
    entry(world.agency, world.ana, object="a", act="note.write", is_read=False, at=now)
    entry(world.agency, world.ben, object="b", subject=str(world.eve.pk), at=now - timedelta(seconds=1))
    entry(world.agency, world.ben, object="c", at=now - timedelta(days=1))
    real = {
        "yesterday": (timezone.localdate() - timedelta(days=1)).isoformat(),
        "ana": str(world.ana.pk),
        "eve": str(world.eve.pk),
    }

    page = officer.get(reverse("audit"), {name: real.get(value, value) for name, value in asked.items()})

    assert [name for name in objects(page) if name in {"a", "b", "c"}] == found


@pytest.mark.parametrize(
    "bad",
    [
        {"worker": "9" * 40},
        {"worker": "dov"},
        {"act": "\x00"},
        {"day": "32.13.1"},
        {"day": "0001-01-01"},
        {"subject": "x"},
        {"kind": "z"},
        {"page": "-1"},
        {"page": "9" * 30},
    ],
)
def test_a_filter_that_makes_no_sense_is_explained(officer: Client, bad: dict[str, str]):
    assert officer.get(reverse("audit"), bad).status_code == 200
    assert officer.get(reverse("audit_export"), bad).status_code == 200


def test_pages_are_turned_with_the_filter_kept(officer: Client, world: Five):
    for _ in range(51):
        entry(world.agency, world.ana)

    page = officer.get(reverse("audit"), {"act": "case.open"})

    assert 'href="?act=case.open&amp;page=2"' in page.content.decode()
    assert len(officer.get(reverse("audit"), {"act": "case.open", "page": 2}).context["page"].object_list) == 1


def test_looking_at_the_audit_is_noted(officer: Client, world: Five):
    officer.get(reverse("audit"), {"subject": str(world.eve.pk)})
    list(officer.get(reverse("audit_export")))

    acts = AuditEntry.objects.filter(worker=world.ben).order_by("pk")
    assert [(row.act, row.is_read, row.subject) for row in acts] == [
        ("audit.read", True, str(world.eve.pk)),
        ("audit.export", False, ""),
    ]


def test_the_export_is_a_table_that_no_spreadsheet_runs(officer: Client, world: Five):
    world.ana.name = '=HYPERLINK("x")'
    world.ana.save()
    entry(world.agency, world.ana, fields="a,b")

    text = b"".join(officer.get(reverse("audit_export"))).decode()

    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[-1]["who"] == '\'=HYPERLINK("x")'
    assert rows[-1]["fields"] == "a,b"


def test_the_page_costs_few_queries(officer: Client, world: Five, django_assert_max_num_queries: object):
    for _ in range(50):
        entry(world.agency, world.ana)

    with django_assert_max_num_queries(14):
        officer.get(reverse("audit"))


@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("cleo", 403), ("dov", 403), ("ben", 200)])
def test_the_audit_is_the_privacy_officers(client: Client, world: Five, who: str, status: int):
    client.force_login(getattr(world, who))

    assert client.get(reverse("audit")).status_code == status
    assert client.get(reverse("audit_export")).status_code == status


def test_who_looked_at_a_persons_file_newest_first(world: Five, django_assert_num_queries: object):
    subject = str(world.eve.pk)
    now = timezone.now()
    entry(world.agency, world.ana, subject=subject, at=now - timedelta(hours=2))
    entry(world.agency, world.ben, subject=subject, at=now)
    entry(world.agency, world.ana, subject=subject, is_read=False, act="note.write")
    entry(world.agency, world.ana, subject=str(world.dovs_case.person_id))

    with django_assert_num_queries(2):
        looks = [(look.worker.name, look.worker.role_words, look.act) for look in queries.looks_at(world.eve.pk)]

    assert looks == [
        ("Ben Baker", ["Supervisor", "Privacy officer"], "case.open"),
        ("Ana Alvarez", ["Case worker"], "case.open"),
    ]
