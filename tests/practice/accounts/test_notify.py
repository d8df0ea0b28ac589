"""Notices: one a kind until it is read, a word in the menu, and a mail that names nothing."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.five import Five, five
from upwell.practice.accounts import notify
from upwell.practice.accounts.models import Notice, Role, RoleHeld

LATER = timedelta(minutes=6)


@pytest.fixture
def world() -> Five:
    return five()


def menu(client: Client, page: str = "own_account") -> dict[str, bool]:
    """Address in the menu -> whether it says that something is new."""
    return {item["address"]: item["is_new"] for item in client.get(reverse(page)).context["menu"]}


def test_one_unseen_notice_a_kind_is_enough(world: Five):
    notify.tell(world.ana, "reply")

    again = notify.tell(world.ana, "reply")

    assert list(Notice.objects.all()) == [again]


def test_the_database_holds_no_second_unseen_notice_of_a_kind(world: Five):
    notify.tell(world.ana, "reply")

    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(worker=world.ana, kind="reply")


WAYS: list[tuple[str, notify.Kind, str, str]] = [
    ("ana", "reply", "today", "today"),
    ("ana", "answer", "today", "today"),
    ("ana", "practice_note", "today", "today"),
    ("ana", "call", "today", "today"),
    ("ben", "desk", "desk", "desk"),
    ("ben", "glass", "glass_review", "desk"),
    ("cleo", "ask", "asks", "library"),
    ("cleo", "question", "board", "board"),
    ("cleo", "measure", "projects", "projects"),
]
"""(who, kind of the notice, page that says it, item of the menu)"""


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way[1])
def test_what_is_new_stands_in_the_menu_until_its_page_is_opened(
    world: Five, client: Client, way: tuple[str, notify.Kind, str, str]
):
    who, kind, page, item = way
    client.force_login(getattr(world, who))
    notify.tell(getattr(world, who), kind)

    before = menu(client)
    client.get(reverse(page))
    after = menu(client)

    assert [address for address, is_new in before.items() if is_new] == [reverse(item)]
    assert not any(after.values())
    assert Notice.objects.get().seen is not None


def test_another_page_leaves_it_new(world: Five, client: Client):
    client.force_login(world.ben)
    notify.tell(world.ben, "glass")

    client.get(reverse("desk"))

    assert menu(client)[reverse("desk")]


def test_the_menu_says_it_in_a_word_and_folded_too(world: Five, client: Client):
    client.force_login(world.ana)
    plain = client.get(reverse("own_account")).content.decode()
    notify.tell(world.ana, "reply")

    told = client.get(reverse("own_account")).content.decode()

    assert '<span class="tag wait">New</span>' not in plain
    assert told.count('<span class="tag wait">New</span>') == 2


def test_anothers_notice_shows_nothing_and_stays(world: Five, client: Client):
    notify.tell(world.ben, "desk")
    RoleHeld.objects.create(worker=world.ana, role=Role.PRIVACY_OFFICER)
    client.force_login(world.ana)

    client.get(reverse("desk"))

    assert not any(menu(client).values())
    assert Notice.objects.get().seen is None


def test_a_page_asks_once_for_what_is_new(world: Five, client: Client, django_assert_num_queries: object):
    notify.tell(world.ana, "reply")
    notify.tell(world.ana, "answer")

    with django_assert_num_queries(1):
        pages = notify.unseen_pages(world.ana)

    assert pages == {"today"}


def test_a_mail_goes_out_once_and_names_nothing(world: Five):
    notify.tell(world.ana, "reply")
    notify.tell(world.ana, "answer")

    sent = [notify.mail_waiting(timezone.now() + LATER), notify.mail_waiting(timezone.now() + 2 * LATER)]

    assert sent == [1, 0]
    [message] = mail.outbox
    assert message.to == [world.ana.email]
    assert message.subject == "Something new waits for you in Upwell"
    for name in ("Ana", "Eve", "Ostrowska", world.agency.name, "http"):
        assert name not in message.subject + message.body


def test_the_mail_is_in_the_workers_own_language(world: Five, settings: object):
    world.ana.language = "es"
    world.ana.save()
    notify.tell(world.ana, "reply")

    notify.mail_waiting(timezone.now() + LATER)

    assert len(mail.outbox) == 1


@pytest.mark.parametrize("waited", [timedelta(0), timedelta(days=3)])
def test_no_mail_for_what_is_just_there_or_long_there(world: Five, waited: timedelta):
    notify.tell(world.ana, "reply")

    assert notify.mail_waiting(timezone.now() + waited) == 0
    assert not mail.outbox


def test_no_mail_for_what_was_seen_or_to_whoever_left(world: Five):
    notify.tell(world.ana, "reply")
    notify.seen(world.ana, "today")
    notify.tell(world.ben, "desk")
    world.ben.is_active = False
    world.ben.save()

    notify.mail_waiting(timezone.now() + LATER)

    assert not mail.outbox


def test_without_mail_nothing_is_marked_as_sent(world: Five, settings: object):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    notify.tell(world.ana, "reply")

    notify.mail_waiting(timezone.now() + LATER)

    assert Notice.objects.get().mailed_at is None


def test_every_page_a_notice_leads_to_is_there(world: Five):
    assert all(reverse(page) for page in notify.READ_ON.values())
