"""Joining and the learning check in a browser: on a phone, with and without script, WCAG by axe. And the library."""

from __future__ import annotations

import pytest

from factories import bridge, organizing
from factories.browsers import DESK_AND_PHONE, faults, faults_in_both_schemes
from upwell.practice.bridge import actions as bridge_actions
from upwell.practice.mezzo.organizing import actions
from upwell.practice.mezzo.organizing.models import Confirmation, EducationSession, LearningCheck, Supporter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def initiative(world):
    made = organizing.initiative(world, bridge.issue(world))
    actions.meeting_publish(meeting=organizing.meeting(world, made), by=world.cleo)
    return made


@pytest.mark.parametrize("script", [True, False])
def test_somebody_joins_on_a_phone_says_no_and_leaves_again(enter, initiative, script):
    page = enter(None, "phone", script=script)
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
def test_three_taps_and_a_button_hand_a_check_in(enter, world, initiative, script):
    session = organizing.session(world, initiative, EducationSession.State.BEFORE)
    page = enter(None, "phone", script=script)
    page.at("learning_check", session.link)

    for number, said in enumerate(("true", "unsure", "false")):
        page.locator(f"input[name=said_{number}][value={said}]").check()
    page.locator("form button").click()

    page.locator("form").wait_for(state="detached")
    assert [(sheet.right, sheet.of) for sheet in LearningCheck.objects.all()] == [(2, 3)]


@pytest.mark.parametrize("size", DESK_AND_PHONE)
def test_axe_finds_nothing_on_the_pages_that_are_open_to_everybody(enter, world, initiative, size):
    session = organizing.session(world, initiative, EducationSession.State.BEFORE)
    page = enter(None, size)

    found = []
    for name, args in (
        ("join", [initiative.link]),
        ("join_sheet", [initiative.link]),
        ("leave", []),
        ("learning_check", [session.link]),
    ):
        page.at(name, *args)
        found += faults_in_both_schemes(page, name)
    page.at("join", initiative.link)
    page.get_by_label("What should we call you?").fill("Rosa")
    page.get_by_role("button", name="I join").click()
    page.locator(".number").wait_for()
    found += faults_in_both_schemes(page, "joined")

    assert found == []


def test_targets_are_large_enough_for_a_thumb(enter, world, initiative):
    session = organizing.session(world, initiative, EducationSession.State.BEFORE)
    page = enter(None, "phone")

    for name, link in (("join", initiative.link), ("learning_check", session.link)):
        page.at(name, link)
        heights = page.eval_on_selector_all(
            "main button, main fieldset label, main .check label", "all => all.map(each => each.offsetHeight)"
        )
        assert min(heights) >= 44, name


@pytest.mark.parametrize("size", DESK_AND_PHONE)
def test_axe_finds_nothing_on_the_organizers_pages(enter, world, initiative, size):
    issue = initiative.issue
    organizing.confirmed(world, issue, "yes", "partly", "no")
    organizing.joined(initiative.link, reach="555 0100")
    meeting = organizing.meeting(world, initiative, -1)
    planned = organizing.session(world, initiative)
    held = organizing.session(world, initiative, EducationSession.State.BEFORE)
    organizing.sheets(held, *["ttf"] * 12)
    for state in ("before", "after"):
        actions.session_go_on(session=held, seen=state, by=world.cleo)
    page = enter(world.cleo, size)

    found = []
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
        found += faults(page)

    assert found == []


@pytest.mark.parametrize("size", DESK_AND_PHONE)
def test_axe_finds_nothing_in_the_library(enter, world, size):
    issue = bridge.issue(world)
    ask, answered = bridge.ask(world), bridge.ask(world)
    bridge_actions.ask_answer(ask=answered, words="Ten days are the limit.", source="7 CFR 1", by=world.cleo)
    draft, sent = bridge.note(world, issue), bridge.note(world, issue, title="Another")
    bridge_actions.practice_note_send(note=sent, by=world.cleo)
    page = enter(world.cleo, size)

    found = []
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
        found += faults(page)

    assert found == []
