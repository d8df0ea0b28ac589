"""A consent whose last day is over is marked so by itself, once, and the worker's tidying does it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from factories.five import Five, consent, five
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.person.models import Consent
from upwell.practice.person.over import consents_expire


@pytest.fixture
def world() -> Five:
    return five()


def ending(world: Five, days: int | None) -> Consent:
    """A consent of Eve's that holds until so many days from today."""
    given = consent(world.eve)
    given.expires_on = None if days is None else timezone.localdate() + timedelta(days=days)
    given.save()
    return given


def test_what_is_over_is_marked_once_and_noted(world: Five) -> None:
    over = ending(world, -1)

    marked = [consents_expire(now=timezone.now()), consents_expire(now=timezone.now())]

    over.refresh_from_db()
    assert marked == [1, 0]
    assert over.state == Consent.State.EXPIRED
    entry = AuditEntry.objects.get(act="consent.expire")
    assert (entry.actor, entry.subject, entry.agency) == ("system", str(world.eve.pk), world.agency)


@pytest.mark.parametrize("days", [0, 1, None])
def test_what_still_holds_stays(world: Five, days: int | None) -> None:
    held = ending(world, days)

    consents_expire(now=timezone.now())

    held.refresh_from_db()
    assert held.state == Consent.State.GIVEN


def test_what_was_taken_back_stays_taken_back(world: Five) -> None:
    back = ending(world, -1)
    back.state = Consent.State.REVOKED
    back.save()

    assert consents_expire(now=timezone.now()) == 0


@pytest.mark.django_db(transaction=True)  # the worker closes connections between its steps
def test_the_job_worker_does_it_and_drops_old_sessions(client: Client) -> None:
    world = five()
    over = ending(world, -1)
    client.force_login(world.ana)
    session = client.session
    session.set_expiry(-60)
    session.save()

    call_command("work", once=True)

    over.refresh_from_db()
    assert over.state == Consent.State.EXPIRED
    assert not client.session.exists(session.session_key)
