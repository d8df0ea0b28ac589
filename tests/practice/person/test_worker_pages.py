"""Consents, safe contact, the person and the paper code, as the case's worker meets them."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.five import Five, case, five, person
from factories.person import days_ago, given, offered, portal_sign_in, safe_contact
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.person.models import Consent, ContactSent, Household, Person, PortalAccess, SafeContact
from upwell.practice.person.queries import has_consent, people_named

NAMES = ["person", "consent_offer", "contacts", "portal_issue"]
ASKED = {"purpose": "count", "how": "spoken", "said": "yes", "language": "es", "giver": "self"}
NAMED = {"first_name": "Evelina", "last_name": "Ostrowska", "preferred_name": "Eve", "language": "es"}
SAFE = {"address": "eve@example.net", "is_safe": "on", "from_hour": 9, "until_hour": 17, "weekdays": ["1", "2"]}


@pytest.fixture
def world() -> Five:
    return five()


@pytest.fixture
def ana(world: Five) -> Client:
    browser = Client()
    browser.force_login(world.ana)
    return browser


def of(world: Five, name: str, *more: object) -> str:
    return reverse(name, args=[world.case.pk, *more])


@pytest.mark.parametrize("name", [*NAMES, "contact_keep"])
def test_every_page_opens_for_ana_and_is_not_there_for_dov(world: Five, ana: Client, name: str) -> None:
    address = of(world, name, *(["sms"] if name == "contact_keep" else []))
    dov, cleo = Client(), Client()
    dov.force_login(world.dov)
    cleo.force_login(world.cleo)

    assert ana.get(address).status_code == 200
    assert [dov.get(address).status_code, dov.post(address, {"act": "issue"}).status_code] == [404, 404]
    assert cleo.get(address).status_code == 403
    assert "/account/login" in Client().get(address).headers["Location"]


@pytest.mark.parametrize("name", ["person", "consent_offer", "contacts"])
def test_looking_is_written_down_where_the_person_can_read_it(world: Five, ana: Client, name: str) -> None:
    ana.get(of(world, name))

    look = AuditEntry.objects.get(is_read=True)
    assert (look.worker, look.subject) == (world.ana, str(world.eve.pk))


@pytest.mark.parametrize("name", NAMES)
def test_no_title_names_the_person(world: Five, ana: Client, name: str) -> None:
    title = re.search(r"<title>(.*?)</title>", ana.get(of(world, name)).content.decode(), re.S)

    assert title and "Eve" not in title[1] and "Ostrowska" not in title[1]


# consents


def test_nothing_is_ticked_before_the_person_has_spoken(world: Five, ana: Client) -> None:
    assert "checked" not in ana.get(of(world, "consent_offer")).content.decode()


def test_a_spoken_yes_is_kept_with_its_language_and_interpreter(world: Five, ana: Client) -> None:
    ana.post(of(world, "consent_offer"), {**ASKED, "with_interpreter": "on"})

    consent = Consent.objects.get()
    assert (consent.state, consent.how, consent.language, consent.with_interpreter) == ("given", "spoken", "es", True)
    assert has_consent(world.eve, "count", timezone.localdate())
    assert list(AuditEntry.objects.filter(is_read=False).values_list("act", flat=True)) == [
        "consent.offer",
        "consent.give",
    ]


def test_a_no_on_paper_is_kept_as_a_no(world: Five, ana: Client) -> None:
    ana.post(of(world, "consent_offer"), {**ASKED, "how": "paper", "said": "no"})

    assert (Consent.objects.get().state, Consent.objects.get().how) == ("declined", "paper")


def test_an_offer_on_her_page_waits_there(world: Five, ana: Client) -> None:
    ana.post(of(world, "consent_offer"), {**ASKED, "how": "page"})

    assert Consent.objects.get().state == "offered"


def test_asking_twice_is_one_row(world: Five, ana: Client) -> None:
    for _ in range(2):
        ana.post(of(world, "consent_offer"), ASKED)

    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": ""},
        {"purpose": "everything"},
        {"purpose": "story", "recipient": "  "},
        {"said": ""},
        {"how": "telepathy"},
        {"language": "\x00"},
        {"recipient": "x" * 161},
        {"how": "page", "giver": "court"},
    ],
)
def test_a_form_that_is_not_right_says_so_and_keeps_nothing(world: Five, ana: Client, wrong: dict[str, str]) -> None:
    response = ana.post(of(world, "consent_offer"), ASKED | wrong)

    assert response.status_code == 200 and "Please look at this again" in response.content.decode()
    assert not Consent.objects.exists()


def test_ana_writes_down_that_it_was_taken_back_and_sees_what_that_stopped(world: Five, ana: Client) -> None:
    consent = given(world.eve, world.ana)

    ana.post(of(world, "consent_revoke", consent.pk))

    assert not has_consent(world.eve, "count", timezone.localdate())
    assert "You are not counted any more" in ana.get(of(world, "consent_offer")).content.decode()


def test_a_consent_of_somebody_else_cannot_be_taken_back_through_this_case(world: Five, ana: Client) -> None:
    other = given(world.dovs_case.person, world.dov)

    response = ana.post(of(world, "consent_revoke", other.pk))

    other.refresh_from_db()
    assert response.status_code == 404 and other.state == "given"


def test_what_eve_agrees_to_on_her_phone_ana_sees(world: Five, ana: Client) -> None:
    phone = Client()
    portal_sign_in(phone, world.eve, world.ana)
    consent = offered(world.eve, world.ana)

    phone.post(reverse("portal_consents"), {"consent": consent.pk, "act": "give"})

    assert "Given" in ana.get(of(world, "consent_offer")).content.decode()


# safe contact


def test_a_new_way_is_kept_as_asked_today(world: Five, ana: Client) -> None:
    ana.post(of(world, "contact_keep", "email"), SAFE)

    kept = SafeContact.objects.get()
    assert (kept.address, kept.is_safe, kept.weekdays) == ("eve@example.net", True, "12")
    assert kept.confirmed_on == timezone.localdate()


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": ""},
        {"address": "not an address"},
        {"address": "a@example.net\nBcc: b@example.net"},
        {"weekdays": []},
        {"weekdays": ["8"]},
        {"from_hour": 24},
        {"from_hour": ""},
        {"from_hour": "9" * 400},
        {"until_hour": 9},
        {"code_word": "x" * 41},
        {"who_may_answer": "\x00"},
    ],
)
def test_what_is_called_safe_must_be_whole(world: Five, ana: Client, wrong: dict[str, object]) -> None:
    response = ana.post(of(world, "contact_keep", "email"), SAFE | wrong)

    assert response.status_code == 200 and not SafeContact.objects.exists()


def test_an_unknown_channel_is_not_there(world: Five, ana: Client) -> None:
    assert ana.get(of(world, "contact_keep", "pigeon")).status_code == 404


def test_one_tap_says_that_it_is_still_safe(world: Five, ana: Client) -> None:
    contact = safe_contact(world.eve, confirmed_on=days_ago(40))
    assert "Ask again before using it" in ana.get(of(world, "contacts")).content.decode()

    ana.post(of(world, "contacts"), {"act": "safe", "channel": "email"})

    contact.refresh_from_db()
    assert contact.confirmed_on == timezone.localdate()
    assert "Ask again before using it" not in ana.get(of(world, "contacts")).content.decode()


def test_one_tap_says_that_it_is_no_longer_safe(world: Five, ana: Client) -> None:
    contact = safe_contact(world.eve)

    ana.post(of(world, "contacts"), {"act": "unsafe", "channel": "email"})

    contact.refresh_from_db()
    assert not contact.is_safe


def test_what_is_sent_and_what_is_held_back_stands_on_the_page(world: Five, ana: Client) -> None:
    ana.post(of(world, "contacts"), {"act": "send"})
    safe_contact(world.eve)
    ana.post(of(world, "contacts"), {"act": "send"})

    page = ana.get(of(world, "contacts")).content.decode()
    assert len(mail.outbox) == 1 and ContactSent.objects.count() == 2
    assert "No way to reach this person has been called safe." in page and "Held back" in page


NONSENSE = [{}, {"act": "safe"}, {"act": "safe", "channel": "x" * 99}, {"act": "\x00", "channel": "sms"}]


@pytest.mark.parametrize("posted", NONSENSE)
def test_nonsense_is_refused(world: Five, ana: Client, posted: dict[str, str]) -> None:
    assert ana.post(of(world, "contacts"), posted).status_code == 400


# the person


def test_names_language_and_household_are_changed_in_one_form(world: Five, ana: Client) -> None:
    friend = person(world.agency, "Nadia", "Brook")
    case(friend, world.team, world.ana)

    ana.post(
        of(world, "person"),
        NAMED | {"preferred_name": "Evi", "pronouns": "they", "household": "my aunt and I", "members": [friend.pk]},
    )

    world.eve.refresh_from_db()
    page = ana.get(of(world, "person")).content.decode()
    assert (world.eve.preferred_name, world.eve.pronouns, world.eve.language) == ("Evi", "they", "es")
    assert "my aunt and I" in page and "Nadia Brook" in page
    assert people_named(world.agency, "evi").get() == world.eve
    changed = AuditEntry.objects.get(act="person.change").fields
    assert changed == "preferred_name,pronouns" and "Evi" not in changed


def test_a_household_is_in_no_other_file_and_hides_whom_the_worker_does_not_know(world: Five, ana: Client) -> None:
    friend, stranger = person(world.agency, "Nadia", "Brook"), person(world.agency, "Omar", "Pike")
    friends = case(friend, world.team, world.ana)
    case(stranger, world.team)
    household = Household.objects.create(agency=world.agency, of=world.eve, words="my aunt and I")
    household.members.create(person=friend)
    hidden = household.members.create(person=stranger)

    page = ana.get(of(world, "person")).content.decode()
    ana.post(of(world, "person"), NAMED | {"pronouns": "she/her", "household": "just me now"})

    hidden.refresh_from_db()
    assert "Nadia Brook" in page and "Omar" not in page
    assert "my aunt" not in ana.get(reverse("person", args=[friends.pk])).content.decode()
    assert hidden.until is None and household.members.get(person=friend).until == timezone.localdate()


def test_a_member_cannot_be_chosen_from_outside_the_own_caseload(world: Five, ana: Client) -> None:
    case(person(world.agency, "Nadia", "Brook"), world.team, world.ana)
    posted = NAMED | {"members": [str(world.dovs_case.person_id)]}

    assert ana.post(of(world, "person"), posted).status_code == 200


def test_nothing_changed_is_nothing_written(world: Five, ana: Client) -> None:
    ana.post(of(world, "person"), NAMED | {"pronouns": "she/her"})

    assert not AuditEntry.objects.filter(is_read=False).exists()


def test_hiding_a_file_hides_it_from_search_and_from_the_supervisor(world: Five, ana: Client) -> None:
    ana.post(of(world, "person"), NAMED | {"restricted": "on"})

    ben = Client()
    ben.force_login(world.ben)
    world.eve.refresh_from_db()
    assert world.eve.state == Person.State.RESTRICTED
    assert [ana.get(of(world, "person")).status_code, ben.get(of(world, "person")).status_code] == [200, 404]


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_name": "", "last_name": "", "preferred_name": " "},
        {"birth_date": (timezone.localdate() + timedelta(days=1)).isoformat()},
        {"birth_date": "1700-01-01"},
        {"birth_date": "\x00"},
        {"language": "klingon"},
        {"first_name": "x" * 81},
        {"household": "\x00"},
    ],
)
def test_a_person_that_cannot_be_is_refused(world: Five, ana: Client, wrong: dict[str, str]) -> None:
    response = ana.post(of(world, "person"), NAMED | wrong)

    world.eve.refresh_from_db()
    assert response.status_code == 200 and world.eve.first_name == "Evelina"


# the paper


def test_the_code_is_shown_once_with_the_address_and_names_nobody(world: Five, ana: Client) -> None:
    page = ana.post(of(world, "portal_issue"), {"act": "issue"}).content.decode()

    code = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}", page)
    paper = page[page.index('<section class="card"') : page.index("</section>")]
    assert code and reverse("portal_sign_in") in paper
    assert "Eve" not in paper and world.agency.name not in paper
    assert code[0] not in ana.get(of(world, "portal_issue")).content.decode()
    phone = Client()
    phone.post(reverse("portal_sign_in"), {"code": code[0]})
    assert phone.get(reverse("portal_home")).status_code == 200


def test_the_paper_is_in_the_persons_language_and_the_page_around_it_in_the_workers(world: Five, ana: Client) -> None:
    page = ana.post(of(world, "portal_issue"), {"act": "issue"}).content.decode()

    assert '<section class="card" lang="es">' in page
    assert "Your page" not in page and "Then type this code" not in page
    assert "Print this page or copy it by hand." in page


def test_shutting_the_page_ends_it_at_once(world: Five, ana: Client) -> None:
    phone = Client()
    portal_sign_in(phone, world.eve, world.ana)

    ana.post(of(world, "portal_issue"), {"act": "shut"})

    assert phone.get(reverse("portal_home")).status_code == 302
    assert PortalAccess.objects.get().shut
