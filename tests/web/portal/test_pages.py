"""What Eve reads on her own pages, and that nobody else does."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.five import Five, concern
from factories.person import given, offered, portal_sign_in
from upwell.practice.accounts import audit
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.micro.models import Goal
from upwell.practice.person import actions
from upwell.practice.person.models import Consent
from upwell.practice.person.queries import has_consent

PAGES = ["portal_home", "portal_plan", "portal_consents", "portal_seen", "portal_told"]


def body(client: Client, name: str) -> str:
    response = client.get(reverse(name))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_with_a_way_out_and_without_the_agencys_name_or_hers_in_the_title(
    world: Five, eve: Client, name: str
) -> None:
    page = body(eve, name)

    title = re.search(r"<title>(.*?)</title>", page, re.S)
    assert title and title[1] == "My page"
    assert reverse("portal_leave") in page
    assert world.agency.name not in page and "Ostrowska" not in page


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_and_a_worker_are_sent_to_the_door(world: Five, client: Client, name: str) -> None:
    assert client.get(reverse(name)).headers["Location"] == reverse("portal_sign_in")

    client.force_login(world.ana)

    assert client.get(reverse(name)).headers["Location"] == reverse("portal_sign_in")


def test_pages_are_in_her_language(world: Five, eve: Client) -> None:
    world.eve.language = "es"
    world.eve.save()

    assert '<html lang="es"' in body(eve, "portal_home")


def test_a_language_without_pages_gets_the_usual_one(world: Five) -> None:
    world.eve.language = "so"
    world.eve.save()
    phone = Client()
    portal_sign_in(phone, world.eve, world.ana)

    assert '<html lang="en"' in body(phone, "portal_home")


def test_the_plan_shows_both_sides_steps_the_next_appointment_and_who_works_with_her(world: Five, eve: Client) -> None:
    world.case.next_contact_on = timezone.localdate() + timedelta(days=3)
    world.case.save()
    Goal.objects.create(
        case=world.case,
        by=world.ana,
        words="A flat of my own",
        our_step="Call the records office",
        their_step="Bring the old papers",
        set_on=timezone.localdate(),
    )

    page = body(eve, "portal_plan")

    for words in ("A flat of my own", "Call the records office", "Bring the old papers", "Ana Alvarez"):
        assert words in page


def test_an_empty_plan_says_what_will_stand_there(world: Five, eve: Client) -> None:
    world.case.state = "closed"
    world.case.save()

    assert "There is no plan yet" in body(eve, "portal_plan")


def test_a_consent_is_offered_with_purpose_risk_and_alternative_and_nothing_is_ticked(world: Five, eve: Client) -> None:
    offered(world.eve, world.ana, Consent.Purpose.COUNT)

    page = body(eve, "portal_consents")

    for words in ("What happens", "The risk", "If I say no", "How long"):
        assert words in page
    assert "checked" not in page


@pytest.mark.parametrize(("act", "state"), [("give", "given"), ("decline", "declined")])
def test_she_answers_an_offer_with_one_tap(world: Five, eve: Client, act: str, state: str) -> None:
    consent = offered(world.eve, world.ana)

    eve.post(reverse("portal_consents"), {"consent": consent.pk, "act": act})

    consent.refresh_from_db()
    entry = AuditEntry.objects.filter(act=f"consent.{act}").get()
    assert consent.state == state and consent.how == "page"
    assert (entry.actor, entry.worker, entry.agency) == ("client", None, world.agency)


def test_taking_back_stops_use_at_once_and_says_what_it_stopped(world: Five, eve: Client) -> None:
    consent = given(world.eve, world.ana)
    concern(world.case, world.ana)
    assert has_consent(world.eve, "count", timezone.localdate())

    eve.post(reverse("portal_consents"), {"consent": consent.pk, "act": "back"})

    page = body(eve, "portal_consents")
    assert not has_consent(world.eve, "count", timezone.localdate())
    assert "You are not counted any more" in page and "1 thing you told is no longer counted" in page


@pytest.mark.parametrize("act", ["give", "decline", "back"])
def test_an_answer_that_comes_twice_or_late_changes_nothing(world: Five, eve: Client, act: str) -> None:
    consent = given(world.eve, world.ana)
    actions.consent_revoke(consent=consent, at=timezone.now())

    response = eve.post(reverse("portal_consents"), {"consent": consent.pk, "act": act})

    consent.refresh_from_db()
    assert response.status_code == 302 and consent.state == "revoked"


def test_nobody_answers_for_somebody_else(world: Five, eve: Client) -> None:
    other = offered(world.dovs_case.person, world.dov)

    response = eve.post(reverse("portal_consents"), {"consent": other.pk, "act": "give"})

    other.refresh_from_db()
    assert response.status_code == 404 and other.state == "offered"


def test_what_a_guardian_must_answer_cannot_be_answered_on_her_page(world: Five, eve: Client) -> None:
    consent = actions.consent_offer(
        person=world.eve, purpose="count", by=world.ana, language="en", giver=Consent.Giver.GUARDIAN
    )

    eve.post(reverse("portal_consents"), {"consent": consent.pk, "act": "give"})

    consent.refresh_from_db()
    assert consent.state == "offered"
    assert "Somebody else answers this for you" in body(eve, "portal_consents")


@pytest.mark.parametrize(
    "posted",
    [{}, {"consent": "x"}, {"consent": "\x00", "act": "give"}, {"act": "give"}, {"consent": "9" * 5000, "act": "\x00"}],
)
def test_nonsense_changes_nothing_and_is_no_fault(world: Five, eve: Client, posted: dict[str, str]) -> None:
    assert eve.post(reverse("portal_consents"), posted).status_code == 302
    assert eve.post(reverse("portal_told"), {"word": "9" * 50, "useful": "\x00"}).status_code == 302


def test_she_sees_who_looked_at_her_file_once_a_day_and_kind(world: Five, eve: Client) -> None:
    for act in ("case.open", "case.open", "note.open", "something.new"):
        audit.look(world.ana, act, world.case, subject=world.eve.pk)
    audit.look(world.ben, "case.open", world.case, subject=world.eve.pk, reason="danger")
    audit.look(world.dov, "case.open", world.dovs_case, subject=world.dovs_case.person_id)
    audit.record(world.cleo, "issue.move", world.policy)

    page = body(eve, "portal_seen")

    assert page.count("Ana Alvarez") == 2
    assert "Read a note" in page and "Case worker" in page
    assert "Opened the file in an emergency" in page
    assert "Dov" not in page and "Cleo" not in page


def test_leaving_ends_the_session_and_shows_the_weather(world: Five, eve: Client) -> None:
    response = eve.get(reverse("portal_leave"))

    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert "Weather" in response.content.decode() and "Upwell" not in response.content.decode()
    assert eve.get(reverse("portal_home")).headers["Location"] == reverse("portal_sign_in")


def test_speaking_up_is_kept_apart_from_service(world: Five, eve: Client) -> None:
    page = body(eve, "portal_home")

    assert "has nothing to do with the help you get here" in page
    assert reverse("portal_sign_in") + "join" not in page and "/join" not in page
