"""Referrals: with the person's say, and one tap for what came of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from factories import micro
from factories.five import TODAY, five
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.errors import NotAllowedError
from upwell.practice.micro import rules
from upwell.practice.micro.models import Referral
from upwell.practice.person.models import Consent


def send(client, world, said="yes", **more):
    sent = {"form_key": str(uuid4()), "service": str(world.service.pk), "said": said} | more
    return client.post(reverse("referral_make", args=[world.case.pk]), sent)


def test_with_the_persons_yes_it_is_sent_and_the_consent_kept_as_spoken(client):
    world = five()
    client.force_login(world.ana)

    send(client, world)

    made = Referral.objects.get()
    assert made.state == Referral.State.SENT
    assert made.ask_outcome_on == timezone.localdate() + timedelta(days=7)
    assert (made.consent.purpose, made.consent.state) == (Consent.Purpose.SHARE, Consent.State.GIVEN)
    assert (made.consent.how, made.consent.recipient) == ("spoken", "Certificate desk")


def test_who_wants_to_think_is_asked_again_and_nothing_is_shared(client):
    world = five()
    client.force_login(world.ana)

    send(client, world, "later")
    made = Referral.objects.get()
    assert (made.state, made.consent, made.ask_outcome_on) == (Referral.State.OFFERED, None, None)
    client.post(reverse("referral_decide", args=[made.pk]), {"said": "yes"})

    made.refresh_from_db()
    assert made.state == Referral.State.SENT
    assert made.consent.state == Consent.State.GIVEN


def test_a_no_is_kept_with_respect_and_shares_nothing(client):
    world = five()
    client.force_login(world.ana)

    send(client, world, "no")

    assert Referral.objects.get().state == Referral.State.DECLINED
    assert Consent.objects.count() == 0


def test_a_double_click_is_one_referral_and_one_consent(client):
    world = five()
    client.force_login(world.ana)
    key = str(uuid4())

    send(client, world, form_key=key)
    send(client, world, form_key=key)

    assert (Referral.objects.count(), Consent.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(act="referral.make").count() == 1


@pytest.mark.parametrize(
    "wrong", [{"service": "x"}, {"service": str(uuid4())}, {"service": "\x00"}, {"said": "maybe"}, {"form_key": "x"}]
)
def test_what_cannot_be_is_said_and_nothing_is_sent(client, wrong):
    world = five()
    client.force_login(world.ana)

    answer = send(client, world, **wrong)

    assert 'id="errors"' in answer.content.decode()
    assert Referral.objects.count() == 0


def test_nobody_is_sent_to_a_service_that_has_ended(client):
    world = five()
    world.service.active = False
    world.service.save()
    client.force_login(world.ana)

    send(client, world)

    assert Referral.objects.count() == 0


def test_connected_is_the_end_of_asking(client):
    world = five()
    sent = micro.referral(world.case, world.ana, world.service)
    client.force_login(world.ana)

    client.post(reverse("referral_outcome", args=[sent.pk]), {"state": "connected"})
    again = client.post(reverse("referral_outcome", args=[sent.pk]), {"state": "refused"}, follow=True)

    sent.refresh_from_db()
    assert (sent.state, sent.ask_outcome_on) == (Referral.State.CONNECTED, None)
    assert "not waiting for an outcome" in again.content.decode()


@pytest.mark.parametrize("state", ["refused", "wait_listed"])
def test_behind_a_refusal_or_a_waiting_list_something_stands(client, state):
    world = five()
    sent = micro.referral(world.case, world.ana, world.service)
    client.force_login(world.ana)

    asked = client.post(reverse("referral_outcome", args=[sent.pk]), {"state": state}, follow=True).content.decode()
    told = client.post(reverse("referral_why", args=[sent.pk]), {"barrier": "too-little"}, follow=True).content.decode()

    sent.refresh_from_db()
    assert "What stood in the way?" in asked
    assert sent.barrier == "too-little"
    assert reverse("concern_raise", args=[world.case.pk]) in told


def test_nothing_heard_is_asked_again_after_seven_days(client):
    world = five()
    sent = micro.referral(world.case, world.ana, world.service)
    client.force_login(world.ana)

    client.post(reverse("referral_outcome", args=[sent.pk]), {"state": "no_contact"})

    sent.refresh_from_db()
    assert sent.ask_outcome_on == timezone.localdate() + timedelta(days=7)


@pytest.mark.parametrize("junk", ["", "sent", "offered", "\x00", "x" * 4000])
def test_no_odd_outcome_breaks_or_changes_anything(client, junk):
    world = five()
    sent = micro.referral(world.case, world.ana, world.service)
    client.force_login(world.ana)

    client.post(reverse("referral_outcome", args=[sent.pk]), {"state": junk})
    client.post(reverse("referral_decide", args=[sent.pk]), {"said": junk})
    client.post(reverse("referral_why", args=[sent.pk]), {"barrier": junk})

    sent.refresh_from_db()
    assert (sent.state, sent.barrier) == (Referral.State.SENT, "")


@given(state=st.sampled_from(Referral.State.values), to=st.sampled_from(Referral.State.values))
def test_every_referral_that_waits_has_a_day_on_which_it_is_asked_about(state, to):
    try:
        rules.check_referral_outcome(state, to)
    except NotAllowedError:
        return

    assert rules.ask_outcome_on(state, TODAY) is not None
    assert (rules.ask_outcome_on(to, TODAY) is None) is (to in {"connected", "refused"})


@pytest.mark.parametrize("name", ["referral_outcome", "referral_decide", "referral_why"])
def test_dov_gets_404_for_a_referral(client, name):
    world = five()
    sent = micro.referral(world.case, world.ana, world.service)
    client.force_login(world.dov)

    assert client.post(reverse(name, args=[sent.pk]), {"state": "connected"}).status_code == 404
