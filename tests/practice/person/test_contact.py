"""Nothing reaches a person but by a way, at an hour, on a day that they have called safe."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

import upwell
from factories.five import Five, five
from factories.person import safe_contact
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.person import rules
from upwell.practice.person.contact import HELD, send
from upwell.practice.person.models import SafeContact

NEW_YORK = ZoneInfo("America/New_York")
MONDAY_TEN = datetime(2026, 11, 23, 10, 30, tzinfo=NEW_YORK)


@pytest.fixture
def world() -> Five:
    return five()


def way(world: Five, **more: object) -> SafeContact:
    usual: dict[str, object] = {"from_hour": 9, "until_hour": 17, "weekdays": "12345"}
    return safe_contact(world.eve, **({"confirmed_on": MONDAY_TEN.date()} | usual | more))


def test_a_safe_way_at_a_safe_hour_is_used(world: Five) -> None:
    way(world)

    sent = send(person=world.eve, about="word", now=MONDAY_TEN)

    assert (sent.why_held, sent.channel, len(mail.outbox)) == ("", "email", 1)
    assert mail.outbox[0].to == ["someone@example.net"]
    assert AuditEntry.objects.get(act="contact.send").subject == str(world.eve.pk)


@pytest.mark.parametrize(
    ("why", "fields"),
    [
        ("not_safe", {"is_safe": False}),
        ("no_address", {"address": ""}),
        ("stale", {"confirmed_on": MONDAY_TEN.date() - timedelta(days=31)}),
        ("stale", {"confirmed_on": None}),
        ("weekday", {"weekdays": "67"}),
        ("weekday", {"weekdays": ""}),
        ("hours", {"from_hour": 11}),
        ("hours", {"until_hour": 10}),
        ("hours", {"from_hour": 9, "until_hour": 9}),
    ],
)
def test_whatever_is_not_safe_now_is_held_with_its_reason(world: Five, why: str, fields: dict[str, object]) -> None:
    way(world, **fields)

    sent = send(person=world.eve, about="word", now=MONDAY_TEN)

    assert sent.why_held == why and not mail.outbox
    assert HELD[why]


def test_the_thirtieth_day_still_counts(world: Five) -> None:
    way(world, confirmed_on=MONDAY_TEN.date() - timedelta(days=30))

    assert send(person=world.eve, about="word", now=MONDAY_TEN).why_held == ""


def test_hours_and_days_are_those_of_the_agencys_place(world: Five) -> None:
    way(world, weekdays="1")
    world.agency.time_zone = "Pacific/Auckland"  # there it is already Tuesday, half past four in the morning
    world.agency.save()
    world.eve.agency.refresh_from_db()

    assert send(person=world.eve, about="word", now=MONDAY_TEN).why_held == "weekday"


def test_a_span_over_midnight_is_a_span(world: Five) -> None:
    way(world, from_hour=20, until_hour=6)
    late = MONDAY_TEN.replace(hour=23)

    assert [send(person=world.eve, about="word", now=now).why_held for now in (late, MONDAY_TEN)] == ["", "hours"]


def test_with_no_way_at_all_it_is_held_and_shown(world: Five) -> None:
    sent = send(person=world.eve, about="word", now=MONDAY_TEN)

    assert (sent.why_held, sent.channel) == ("no_contact", "")


@pytest.mark.parametrize("channel", ["sms", "letter"])
def test_text_messages_and_letters_are_held_because_there_is_no_gateway(world: Five, channel: str) -> None:
    way(world, channel=channel)

    assert send(person=world.eve, about="word", now=MONDAY_TEN).why_held == "no_gateway"


def test_a_phone_number_is_for_people_and_never_used_by_the_program(world: Five) -> None:
    way(world, channel="phone")

    assert send(person=world.eve, about="word", now=MONDAY_TEN).why_held == "no_contact"


def test_an_unsafe_mail_does_not_fall_back_to_anything_unsafe(world: Five) -> None:
    way(world, is_safe=False)
    way(world, channel="sms", confirmed_on=None)

    sent = send(person=world.eve, about="word", now=MONDAY_TEN)

    assert sent.why_held in {"not_safe", "stale"} and not mail.outbox


@override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend")
def test_without_a_mail_server_nothing_is_said_to_be_sent(world: Five) -> None:
    way(world)

    assert send(person=world.eve, about="word", now=MONDAY_TEN).why_held == "no_gateway"


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=1)
def test_a_mail_server_that_fails_is_no_fault_of_the_page_and_is_shown(world: Five) -> None:
    way(world)

    assert send(person=world.eve, about="word", now=MONDAY_TEN).why_held == "failed"


def test_the_message_names_nobody_and_links_nowhere(world: Five) -> None:
    way(world, code_word="heron")

    send(person=world.eve, about="word", now=MONDAY_TEN)

    whole = mail.outbox[0].message().as_string() + mail.outbox[0].body
    for secret in ("Eve", "Evelina", "Ostrowska", world.agency.name, "Fennhaven", "heron", str(world.eve.pk), "http"):
        assert secret not in whole
    assert mail.outbox[0].extra_headers["Message-ID"].endswith("@localhost>")


def test_the_agency_is_named_only_where_the_person_allows_it(world: Five) -> None:
    way(world, may_name_agency=True)

    send(person=world.eve, about="word", now=MONDAY_TEN)

    assert world.agency.name in mail.outbox[0].body and world.agency.name not in mail.outbox[0].subject


@given(hour=st.integers(0, 23), begins=st.integers(0, 23), ends=st.integers(1, 24))
def test_every_hour_is_inside_a_span_or_inside_the_rest_of_the_day(hour: int, begins: int, ends: int) -> None:
    inside, outside = rules.in_hours(hour, begins, ends), rules.in_hours(hour, ends, begins)

    assert inside != outside or begins == ends or {begins, ends} == {0, 24}


WORKERS = "practice/accounts/notify.py"


def test_nothing_else_sends_mail() -> None:
    room = Path(upwell.__file__).parent
    sending = re.compile(r"django\.core\.mail|django\.core import mail|\bsmtplib\b|send_mail|EmailMessage|mail_admins")

    senders = {str(path.relative_to(room)) for path in room.rglob("*.py") if sending.search(path.read_text())}

    # to workers: their invitation, and a notice that names nobody
    assert senders - {"web/settings.py"} <= {"practice/person/contact.py", "practice/accounts/mail.py", WORKERS}
