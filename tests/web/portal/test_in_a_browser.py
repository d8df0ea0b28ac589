"""Eve's pages in Chromium: at phone width, with and without script, light and dark, counted in taps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from factories.browsers import DESK_AND_PHONE, faults_in_both_schemes
from factories.five import Five, five
from factories.person import given, offered, safe_contact
from upwell.practice.accounts import audit
from upwell.practice.micro.models import Goal
from upwell.practice.person import actions
from upwell.practice.person.queries import has_consent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Any]
MINE = ["portal_sign_in", "portal_home", "portal_plan", "portal_consents", "portal_seen", "portal_told", "portal_leave"]
WORKERS = ["person", "consent_offer", "contacts", "portal_issue"]


@pytest.fixture
def world(transactional_db: None) -> Five:
    """The five, with something on every page of Eve's."""
    made = five()
    made.eve.language = "en"
    made.eve.save()
    Goal.objects.create(
        case=made.case, by=made.ana, words="A flat of my own", our_step="Call", set_on=timezone.localdate()
    )
    given(made.eve, made.ana, "count")
    offered(made.eve, made.ana, "tell")
    actions.consent_revoke(consent=given(made.eve, made.ana, "share", recipient="Desk"), at=timezone.now())
    safe_contact(made.eve, code_word="heron", who_may_answer="my aunt")
    audit.look(made.ana, "case.open", made.case, subject=made.eve.pk)
    return made


def open_door(page: Any, world: Five) -> None:
    """In with the code, as typed from paper."""
    page.at("portal_sign_in")
    page.get_by_label("The code on your paper").fill(actions.portal_issue(person=world.eve, by=world.ana))
    page.get_by_role("button", name="Open my page").click()
    page.get_by_role("heading", name="Hello, Eve").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_a_consent_is_taken_back_in_two_taps(enter: Enter, world: Five, script: bool) -> None:
    page = enter(None, "phone", script=script)
    open_door(page, world)
    page.get_by_role("link", name="What I agreed to").click()
    assert has_consent(world.eve, "count", timezone.localdate())

    page.get_by_text("Take back", exact=True).click()  # one
    page.get_by_role("button", name="Yes, take it back").click()  # two

    page.get_by_text("You are not counted any more").wait_for()
    assert not has_consent(world.eve, "count", timezone.localdate())


@pytest.mark.parametrize("script", [True, False])
def test_an_offer_is_answered_in_one_tap(enter: Enter, world: Five, script: bool) -> None:
    page = enter(None, "phone", script=script)
    open_door(page, world)
    page.get_by_role("link", name="What I agreed to").click()

    page.get_by_role("button", name="Yes, I agree").click()

    page.get_by_role("button", name="Yes, I agree").wait_for(state="detached")
    assert has_consent(world.eve, "tell", timezone.localdate())


def test_one_tap_leaves_and_going_back_shows_nothing(enter: Enter, world: Five) -> None:
    page = enter(None, "phone")
    open_door(page, world)
    page.get_by_role("link", name="My plan").click()
    page.get_by_text("A flat of my own").wait_for()

    page.get_by_text("Leave this page", exact=True).click()
    page.get_by_role("heading", name="Weather").wait_for()
    page.go_back()

    page.get_by_label("The code on your paper").wait_for()
    assert "A flat of my own" not in page.content()


def test_axe_finds_nothing_on_her_pages_at_phone_width(enter: Enter, world: Five) -> None:
    page = enter(None, "phone")
    open_door(page, world)

    found = []
    for name in MINE:
        page.at(name)
        for closed in page.locator("details:not([open]) > summary").all():
            closed.click()
        found += faults_in_both_schemes(page, name)

    assert found == []


@pytest.mark.parametrize("size", DESK_AND_PHONE)
def test_axe_finds_nothing_on_the_workers_pages(enter: Enter, world: Five, size: str) -> None:
    page = enter(world.ana, size)
    addresses = {name: reverse(name, args=[world.case.pk]) for name in WORKERS}
    addresses["person-change"] = addresses["person"] + "?change=1"
    addresses["contact_keep"] = reverse("contact_keep", args=[world.case.pk, "email"])

    found = []
    for name, address in addresses.items():
        page.goto(page.base + address)
        found += faults_in_both_schemes(page, name)
    page.goto(page.base + addresses["portal_issue"])
    page.get_by_role("button", name="Make a").click()
    page.get_by_text("nobody can look it up later").wait_for()
    found += faults_in_both_schemes(page, "portal_code")

    assert found == []
