"""Joining and the learning check in a browser: on a phone, with and without script, WCAG by axe. And the library."""

from __future__ import annotations

import os
import shutil

import pytest
from django.urls import reverse

from factories import bridge, organizing
from factories.five import five
from upwell.practice.bridge import actions as bridge_actions
from upwell.practice.mezzo.organizing import actions
from upwell.practice.mezzo.organizing.models import Confirmation, EducationSession, LearningCheck, Supporter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module", autouse=True)
def _synchronous():
    """Playwright runs an event loop, which Django's guard would take for a server's."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have Chromium: install the package chromium.")
        pytest.skip("Chromium is not installed; nobody joined in a browser.")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser to drive

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def world():
    return five()


@pytest.fixture
def initiative(world):
    made = organizing.initiative(world, bridge.issue(world))
    actions.meeting_publish(meeting=organizing.meeting(world, made), by=world.cleo)
    return made


@pytest.fixture
def page_of(browser, live_server, client):
    """A page at a width, signed in or not; closed afterwards."""
    opened = []

    def make(size, *, script=True, scheme="light", worker=None):
        context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=script, locale="en-US")
        if worker:
            client.force_login(worker)
            cookie = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.at = lambda name, *args: page.goto(live_server.url + reverse(name, args=args))
        return page

    yield make
    for context in opened:
        context.close()


def faults(page):
    """What axe finds, and whether the page is wider than the screen."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only where there is a browser to drive

    found = Axe().run(page)
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return found.generate_report() if found.violations_count else ("wider than the screen" if wide else "")


@pytest.mark.parametrize("script", [True, False])
def test_somebody_joins_on_a_phone_says_no_and_leaves_again(page_of, initiative, script):
    page = page_of(PHONE, script=script)
    page.at("join", initiative.link)

    page.get_by_label("What should we call you?").fill("Rosa")
    page.get_by_label("This touches my own life").check()
    page.get_by_label("No", exact=True).check()
    page.get_by_label("What is missing or wrong?").fill("Fees too.")
    page.get_by_role("button", name="I join").click()
    code = page.locator(".number").inner_text()
    page.get_by_role("link", name="Leave").click()

    assert page.get_by_label("Your code").input_value() == code
    assert Confirmation.objects.get().says == "no"
    page.get_by_role("button", name="Leave and erase").click()
    page.get_by_role("heading", name="You have left").wait_for()
    assert Supporter.objects.get().called == ""
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize("script", [True, False])
def test_three_taps_and_a_button_hand_a_check_in(page_of, world, initiative, script):
    session = organizing.session(world, initiative, EducationSession.State.BEFORE)
    page = page_of(PHONE, script=script)
    page.at("learning_check", session.link)

    for number, said in enumerate(("true", "unsure", "false")):
        page.locator(f"input[name=said_{number}][value={said}]").check()
    page.locator("form button").click()

    page.locator("form").wait_for(state="detached")
    assert [(sheet.right, sheet.of) for sheet in LearningCheck.objects.all()] == [(2, 3)]


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light")])
def test_axe_finds_nothing_on_the_pages_that_are_open_to_everybody(page_of, world, initiative, size, scheme):
    session = organizing.session(world, initiative, EducationSession.State.BEFORE)
    page = page_of(size, scheme=scheme)

    said = {}
    for name, args in (
        ("join", [initiative.link]),
        ("join_sheet", [initiative.link]),
        ("leave", []),
        ("learning_check", [session.link]),
    ):
        page.at(name, *args)
        said[name] = faults(page)
    page.at("join", initiative.link)
    page.get_by_label("What should we call you?").fill("Rosa")
    page.get_by_role("button", name="I join").click()
    page.locator(".number").wait_for()
    said["joined"] = faults(page)

    assert not any(said.values()), said


def test_targets_are_large_enough_for_a_thumb(page_of, world, initiative):
    session = organizing.session(world, initiative, EducationSession.State.BEFORE)
    page = page_of(PHONE)

    for name, link in (("join", initiative.link), ("learning_check", session.link)):
        page.at(name, link)
        heights = page.eval_on_selector_all(
            "main button, main fieldset label, main .check label", "all => all.map(each => each.offsetHeight)"
        )
        assert min(heights) >= 44, name


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_axe_finds_nothing_on_the_organizers_pages(page_of, world, initiative, size):
    issue = initiative.issue
    organizing.confirmed(world, issue, "yes", "partly", "no")
    organizing.joined(initiative.link, reach="555 0100")
    meeting = organizing.meeting(world, initiative, -1)
    planned = organizing.session(world, initiative)
    held = organizing.session(world, initiative, EducationSession.State.BEFORE)
    organizing.sheets(held, *["ttf"] * 12)
    for state in ("before", "after"):
        actions.session_go_on(session=held, seen=state, by=world.cleo)
    page = page_of(size, worker=world.cleo)

    said = {}
    for name, args in (
        ("issue_confirm", [issue.pk]),
        ("initiative_start", [issue.pk]),
        ("initiatives", []),
        ("initiative", [initiative.pk]),
        ("initiative_end", [initiative.pk]),
        ("meeting_add", [initiative.pk]),
        ("meeting", [meeting.pk]),
        ("session_plan", [initiative.pk]),
        ("session", [planned.pk]),
        ("session", [held.pk]),
    ):
        assert page.at(name, *args).status == 200, name
        said[f"{name} {args}"] = faults(page)

    assert not any(said.values()), said


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_axe_finds_nothing_in_the_library(page_of, world, size):
    issue = bridge.issue(world)
    ask, answered = bridge.ask(world), bridge.ask(world)
    bridge_actions.ask_answer(ask=answered, words="Ten days are the limit.", source="7 CFR 1", by=world.cleo)
    draft, sent = bridge.note(world, issue), bridge.note(world, issue, title="Another")
    bridge_actions.practice_note_send(note=sent, by=world.cleo)
    page = page_of(size, worker=world.cleo)

    said = {}
    for name, args in (
        ("library", []),
        ("answer", [answered.pk]),
        ("asks", []),
        ("ask_answer", [ask.pk]),
        ("calls", []),
        ("call_open", [issue.pk]),
        ("practice_note_write", [issue.pk]),
        ("practice_note", [draft.pk]),
        ("practice_note", [sent.pk]),
    ):
        assert page.at(name, *args).status == 200, name
        said[f"{name} {args}"] = faults(page)

    assert not any(said.values()), said
