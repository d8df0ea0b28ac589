"""Breaking the glass: for an hour, with a reason, and never unseen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from factories import micro
from factories.five import case, five, person, worker
from upwell.practice.accounts.models import AuditEntry, Notice, Role, Team
from upwell.practice.micro.models import BrokenGlass
from upwell.practice.person.models import Person

SAID = {"reason": "cover", "words": "Ana is ill and the court date is today."}


def finn(world):
    """A case worker of the agency who has nothing to do with Eve."""
    elsewhere = Team.objects.create(agency=world.agency, name="Southside")
    return worker("Finn Frost", world.agency, elsewhere, Role.CASE_WORKER)


def test_before_it_is_broken_nothing_of_the_case_is_shown(client):
    world = five()
    client.force_login(finn(world))

    shown = client.get(reverse("glass_break", args=[world.case.pk])).content.decode()

    assert "Northside" in shown
    assert "Ostrowska" not in shown
    assert client.get(reverse("case", args=[world.case.pk])).status_code == 404


def test_a_reason_and_words_open_it_for_an_hour_and_say_so(client):
    world = five()
    client.force_login(finn(world))

    answer = client.post(reverse("glass_break", args=[world.case.pk]), SAID, follow=True)

    broken = BrokenGlass.objects.get()
    assert broken.until - broken.at == timedelta(hours=1)
    assert "You opened this case by breaking the glass" in answer.content.decode()


def test_after_the_hour_it_is_whole_again(client):
    world = five()
    who = finn(world)
    micro.glass(world.case, who, minutes_ago=61)
    client.force_login(who)

    assert client.get(reverse("case", args=[world.case.pk])).status_code == 404


def test_the_privacy_officer_is_told_and_the_audit_holds_the_reason(client):
    world = five()
    client.force_login(finn(world))

    client.post(reverse("glass_break", args=[world.case.pk]), SAID)

    assert Notice.objects.get(worker=world.ben).kind == "glass"
    kept = AuditEntry.objects.get(act="case.break_glass")
    assert (kept.reason, kept.subject) == ("cover", str(world.eve.pk))
    assert "court" not in "".join(map(str, vars(kept).values()))


def test_breaking_it_twice_within_the_hour_is_once(client):
    world = five()
    client.force_login(finn(world))

    client.post(reverse("glass_break", args=[world.case.pk]), SAID)
    client.post(reverse("glass_break", args=[world.case.pk]), SAID)

    assert BrokenGlass.objects.count() == 1


def test_who_may_open_the_case_breaks_nothing(client):
    world = five()
    client.force_login(world.ana)

    answer = client.get(reverse("glass_break", args=[world.case.pk]))

    assert answer.url == reverse("case", args=[world.case.pk])


@pytest.mark.parametrize("missing", [{"reason": ""}, {"words": " "}, {"words": "x" * 301}, {"reason": "\x00"}])
def test_no_reason_opens_nothing(client, missing):
    world = five()
    client.force_login(finn(world))

    answer = client.post(reverse("glass_break", args=[world.case.pk]), SAID | missing)

    assert 'id="errors"' in answer.content.decode()
    assert BrokenGlass.objects.count() == 0


def test_a_restricted_persons_case_cannot_be_broken_into(client):
    world = five()
    world.eve.state = Person.State.RESTRICTED
    world.eve.save()
    client.force_login(finn(world))

    assert client.post(reverse("glass_break", args=[world.case.pk]), SAID).status_code == 404


def test_nobody_breaks_into_another_agency(client):
    world = five()
    client.force_login(world.dov)

    assert client.post(reverse("glass_break", args=[world.case.pk]), SAID).status_code == 404
    assert BrokenGlass.objects.count() == 0


def test_the_review_shows_the_words_and_what_was_looked_at(client):
    world = five()
    who = finn(world)
    client.force_login(who)
    client.post(reverse("glass_break", args=[world.case.pk]), SAID, follow=True)
    client.force_login(world.ben)

    shown = client.get(reverse("glass_review")).content.decode()

    assert "Finn Frost" in shown
    assert "the court date is today" in shown
    assert "Read the file" in shown
    assert "Ostrowska" not in shown


def test_a_finding_is_kept_once_with_who_said_it(client):
    world = five()
    broken = micro.glass(world.case, finn(world))
    client.force_login(world.ben)

    client.post(reverse("glass_finding", args=[broken.pk]), {"finding": "right"})
    client.post(reverse("glass_finding", args=[broken.pk]), {"finding": "right"})

    broken.refresh_from_db()
    assert (broken.finding, broken.reviewed_by) == ("right", world.ben)
    assert AuditEntry.objects.filter(act="glass.review").count() == 1


def test_nobody_reviews_their_own(client):
    world = five()
    broken = micro.glass(case(person(world.agency, "A", "B"), finn(world).team), world.ben)
    client.force_login(world.ben)

    client.post(reverse("glass_finding", args=[broken.pk]), {"finding": "right"})

    broken.refresh_from_db()
    assert broken.finding == ""


@pytest.mark.parametrize("number", [0, 999, 2**63, 10**40])
def test_what_is_not_there_is_404(client, number):
    world = five()
    client.force_login(world.ben)

    answer = client.post(f"/glass/{number}/finding", {"finding": "right"})

    assert answer.status_code == 404


def test_only_the_agencys_privacy_officer_reviews(client):
    world = five()
    broken = micro.glass(world.case, finn(world))
    stranger = worker("Olga Other", world.other_agency, None, Role.PRIVACY_OFFICER)

    client.force_login(stranger)
    others = client.post(reverse("glass_finding", args=[broken.pk]), {"finding": "right"})
    list_of_others = client.get(reverse("glass_review")).content.decode()
    client.force_login(world.ana)
    anas = client.get(reverse("glass_review"))

    assert (others.status_code, anas.status_code) == (404, 403)
    assert "Finn" not in list_of_others


def test_not_yet_reviewed_comes_first(client):
    world = five()
    who = finn(world)
    micro.glass(world.case, who, words="Done long ago.", finding="right", reviewed_at=timezone.now())
    micro.glass(world.case, who, minutes_ago=600, words="Still to be talked about.")
    client.force_login(world.ben)

    shown = client.get(reverse("glass_review")).content.decode()

    assert shown.index("Still to be talked about.") < shown.index("Done long ago.")
