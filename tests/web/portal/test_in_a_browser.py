"""Eve's pages in Chromium: at phone width, with and without script, light and dark, counted in taps."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from factories.five import Five, five
from factories.person import given, offered, safe_contact
from upwell.practice.accounts import audit
from upwell.practice.micro.models import Goal
from upwell.practice.person import actions
from upwell.practice.person.queries import has_consent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
MINE = ["portal_sign_in", "portal_home", "portal_plan", "portal_consents", "portal_seen", "portal_told", "portal_leave"]
WORKERS = ["person", "consent_offer", "contacts", "portal_issue"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the module."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's loop runs in this thread
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


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


def open_door(page: Page, live_server: LiveServer, world: Five) -> None:
    """In with the code, as typed from paper."""
    page.goto(live_server.url + reverse("portal_sign_in"))
    page.get_by_label("The code on your paper").fill(actions.portal_issue(person=world.eve, by=world.ana))
    page.get_by_role("button", name="Open my page").click()
    page.get_by_role("heading", name="Hello, Eve").wait_for()


def signed_in(context: BrowserContext, live_server: LiveServer, world: Five) -> None:
    """Ana's browser."""
    from django.test import Client  # noqa: PLC0415 - beside the one use

    client = Client()
    client.force_login(world.ana)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])


def faults(page: Page) -> list[str]:
    """What axe finds, and whether the page is wider than the screen."""
    found = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in Axe().run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"{wide} px too wide"] if wide > 0 else [])


def picture(page: Page, name: str) -> None:
    """A screenshot, when a folder for them is named."""
    if folder := os.environ.get("UPWELL_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("script", [True, False])
def test_a_consent_is_taken_back_in_two_taps(
    chromium: Browser, live_server: LiveServer, world: Five, script: bool
) -> None:
    page = chromium.new_context(viewport=PHONE, java_script_enabled=script).new_page()
    open_door(page, live_server, world)
    page.get_by_role("link", name="What I agreed to").click()
    assert has_consent(world.eve, "count", timezone.localdate())

    page.get_by_text("Take back", exact=True).click()  # one
    page.get_by_role("button", name="Yes, take it back").click()  # two

    page.get_by_text("You are not counted any more").wait_for()
    assert not has_consent(world.eve, "count", timezone.localdate())


@pytest.mark.parametrize("script", [True, False])
def test_an_offer_is_answered_in_one_tap(chromium: Browser, live_server: LiveServer, world: Five, script: bool) -> None:
    page = chromium.new_context(viewport=PHONE, java_script_enabled=script).new_page()
    open_door(page, live_server, world)
    page.get_by_role("link", name="What I agreed to").click()

    page.get_by_role("button", name="Yes, I agree").click()

    page.get_by_role("button", name="Yes, I agree").wait_for(state="detached")
    assert has_consent(world.eve, "tell", timezone.localdate())


def test_one_tap_leaves_and_going_back_shows_nothing(chromium: Browser, live_server: LiveServer, world: Five) -> None:
    page = chromium.new_context(viewport=PHONE).new_page()
    open_door(page, live_server, world)
    page.get_by_role("link", name="My plan").click()
    page.get_by_text("A flat of my own").wait_for()

    page.get_by_text("Leave this page", exact=True).click()
    page.get_by_role("heading", name="Weather").wait_for()
    page.go_back()

    page.get_by_label("The code on your paper").wait_for()
    assert "A flat of my own" not in page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_her_pages_at_phone_width(
    chromium: Browser, live_server: LiveServer, world: Five, scheme: str
) -> None:
    page = chromium.new_context(viewport=PHONE, color_scheme=scheme).new_page()  # type: ignore[arg-type]
    open_door(page, live_server, world)

    found = {}
    for name in MINE:
        page.goto(live_server.url + reverse(name))
        for closed in page.locator("details:not([open]) > summary").all():
            closed.click()
        found[name] = faults(page)
        picture(page, f"{name}-{scheme}")

    assert not any(found.values()), found


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 360), ("light", 1280)])
def test_axe_finds_nothing_on_the_workers_pages(
    chromium: Browser, live_server: LiveServer, world: Five, scheme: str, width: int
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    signed_in(context, live_server, world)
    page = context.new_page()
    addresses = {name: reverse(name, args=[world.case.pk]) for name in WORKERS}
    addresses["person-change"] = addresses["person"] + "?change=1"
    addresses["contact_keep"] = reverse("contact_keep", args=[world.case.pk, "email"])

    found = {}
    for name, address in addresses.items():
        page.goto(live_server.url + address)
        found[name] = faults(page)
        picture(page, f"{name}-{scheme}-{width}")
    page.goto(live_server.url + addresses["portal_issue"])
    page.get_by_role("button", name="Make a").click()
    page.get_by_text("Then type this code").wait_for()
    found["portal_code"] = faults(page)
    picture(page, f"portal_code-{scheme}-{width}")

    assert not any(found.values()), found
