"""The case worker's day in a browser: clicks counted, drafts that survive, WCAG by axe, desktop and phone."""

from __future__ import annotations

import json
import re

import pytest
from django.utils import timezone

from factories import micro
from factories.browsers import DESK_AND_PHONE, faults_in_both_schemes, unfold
from factories.five import concern
from upwell.practice.micro.models import Draft, Note

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVED = re.compile("^Saved ")


@pytest.fixture
def world(world):
    """Ana has somebody to see today."""
    world.case.next_contact_on = timezone.localdate()
    world.case.save()
    return world


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("size", DESK_AND_PHONE)
def test_from_today_to_a_signed_note_in_three_clicks(world, enter, size, script):
    page, clicks = enter(world.ana, size, script=script), []

    def click(place):
        clicks.append(place)
        place.click()

    page.at("today")
    click(page.get_by_role("button", name="Write a note"))
    page.get_by_label("What happened").fill("We went to the records office together.")
    click(page.get_by_role("button", name="Save the note"))
    page.get_by_role("heading", name="Is a rule or practice behind this?").wait_for()
    click(page.get_by_role("button", name="No, done"))

    page.get_by_text("We went to the records office together.").wait_for()
    assert len(clicks) <= 4
    assert Note.objects.count() == 1


def test_the_note_is_one_key_away_and_ctrl_enter_saves_it(world, enter):
    page = enter(world.ana)
    page.at("case", world.case.pk)

    page.keyboard.press("n")
    page.wait_for_url("**/note")
    page.get_by_label("What happened").fill("By keys alone.")
    page.keyboard.press("Control+Enter")

    page.get_by_role("heading", name="Is a rule or practice behind this?").wait_for()
    assert Note.objects.get().text == "By keys alone."


def test_single_keys_stay_quiet_where_somebody_writes_and_can_be_switched_off(world, enter):
    page = enter(world.ana)
    page.at("case", world.case.pk)

    page.keyboard.press("?")
    page.get_by_label("Switch the single keys off in this browser").check()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("n")
    page.wait_for_timeout(300)

    assert page.url.endswith(str(world.case.pk))


def test_the_slash_goes_to_the_search_and_types_nothing(world, enter):
    page = enter(world.ana)
    page.at("today")

    page.keyboard.press("/")
    page.keyboard.type("n/?")

    assert page.get_by_label("Find a person by name").input_value() == "n/?"


def test_what_was_typed_survives_a_reload_and_a_closed_window(world, enter):
    page = enter(world.ana)
    page.at("note_write", world.case.pk)

    page.get_by_label("What happened").press_sequentially("She waits since June")
    page.get_by_text(SAVED).wait_for()
    page.reload()
    after_reload = page.get_by_label("What happened").input_value()
    page.context.close()
    again = enter(world.ana)
    again.at("today")
    again.get_by_role("button", name="Go on writing").click()

    assert after_reload == "She waits since June"
    assert again.get_by_label("What happened").input_value() == "She waits since June"


def test_autosave_goes_on_from_its_own_draft_and_signing_ends_it(world, enter):
    page = enter(world.ana)
    page.at("note_write", world.case.pk)
    box = page.get_by_label("What happened")

    for words in ("One. ", "Two. ", "Three."):
        with page.expect_response("**/draft"):
            box.press_sequentially(words)
    page.get_by_text(SAVED).wait_for()
    assert (Draft.objects.count(), Draft.objects.get().version) == (1, 3)
    page.get_by_role("button", name="Save the note").click()
    page.get_by_role("heading", name="Is a rule or practice behind this?").wait_for()

    assert (Draft.objects.count(), Note.objects.get().text) == (0, "One. Two. Three.")


def test_two_windows_on_one_note_keep_both(world, enter):
    one = enter(world.ana)
    one.at("note_write", world.case.pk)
    one.get_by_label("What happened").press_sequentially("Begun. ")
    one.get_by_text(SAVED).wait_for()
    other = one.context.new_page()
    other.goto(one.url)

    with one.expect_response("**/draft"):
        one.get_by_label("What happened").press_sequentially("At the desk.")
    other.get_by_label("What happened").press_sequentially("On the phone.")
    other.get_by_text("This note was also edited in another window; both are kept.").wait_for()

    kept = sorted(json.loads(each.fields)["text"] for each in Draft.objects.all())
    assert len(kept) == 2
    assert any("At the desk." in each for each in kept)
    assert any("On the phone." in each for each in kept)


def test_when_the_server_does_not_answer_the_page_says_so_and_tries_again(world, enter):
    page = enter(world.ana)
    page.at("note_write", world.case.pk)
    page.route("**/draft", lambda route: route.abort())

    page.get_by_label("What happened").press_sequentially("In the cellar.")
    page.get_by_text("Not saved - keep this page open").wait_for()
    page.unroute("**/draft")
    page.get_by_text(SAVED).wait_for(timeout=15_000)

    assert json.loads(Draft.objects.get().fields)["text"] == "In the cellar."


def test_an_idle_page_saves_its_draft_and_locks(world, enter):
    page = enter(world.ana)
    page.clock.install()
    page.at("note_write", world.case.pk)
    page.get_by_label("What happened").press_sequentially("Called away in mid-")

    page.clock.fast_forward("16:00")
    page.clock.run_for(6000)

    page.wait_for_url("**/lock?next=**")
    assert json.loads(Draft.objects.get().fields)["text"] == "Called away in mid-"


def test_errors_get_the_focus_and_nothing_written_is_lost(world, enter):
    page = enter(world.ana)
    page.at("note_write", world.case.pk)
    page.get_by_label("What happened").fill("Kept.")
    page.get_by_label("Day").fill("2999-01-01")

    page.get_by_role("button", name="Save the note").click()
    page.locator("#errors").wait_for()

    assert page.evaluate("document.activeElement.id") == "errors"
    assert page.get_by_label("What happened").input_value() == "Kept."


def test_throwing_a_draft_away_takes_two_presses(world, enter):
    Draft.objects.create(case=world.case, by=world.ana, fields="{}", version=1, saved_at=timezone.now())
    page = enter(world.ana)
    page.at("today")

    page.get_by_role("button", name="Throw away").click()
    before = Draft.objects.count()
    page.get_by_role("button", name="Press again to throw it away").click()
    page.get_by_text("The draft was thrown away.").wait_for()

    assert (before, Draft.objects.count()) == (1, 0)


def test_what_came_of_a_referral_is_one_tap_on_the_phone(world, enter):
    sent = micro.referral(world.case, world.ana, world.service)
    page = enter(world.ana, "phone")
    page.at("today")

    page.get_by_role("button", name="Refused").click()
    page.get_by_role("button", name="Too slow").click()
    page.get_by_role("heading", name="Is a rule or practice behind this?").wait_for()

    sent.refresh_from_db()
    assert (sent.state, sent.barrier) == ("refused", "too-slow")


OF_THE_CASE = ("case", "case_close", "note_write", "entry_write", "goal_set", "referral_make")
ALONE = ("today", "cases", "case_search", "case_start")


def filled(world):
    """Every page has something to show."""
    note = micro.note(world.case, world.ana, text="We met. " * 40)
    micro.entry(world.case, world.ana, policy=world.policy)
    goal = micro.goal(world.case, world.ana, level="policy", their_step="Ask my sister")
    refused = micro.referral(world.case, world.ana, world.service, state="refused")
    micro.referral(world.case, world.ana, world.service)
    micro.referral(world.case, world.ana, world.service, state="offered", ask_outcome_on=None)
    concern(world.case, world.ana)
    Draft.objects.create(case=world.case, by=world.ana, fields='{"text": "Half"}', version=1, saved_at=timezone.now())
    return [("note_saved", note.pk), ("note_amend", note.pk), ("goal_saved", goal.pk), ("referral_why", refused.pk)]


def look(page, name):
    """axe finds nothing to say, and nothing scrolls sideways."""
    unfold(page)
    assert faults_in_both_schemes(page, name) == []


@pytest.mark.parametrize("size", DESK_AND_PHONE)
def test_axe_finds_nothing_on_the_case_workers_pages(world, enter, size):
    further = filled(world)
    page = enter(world.ana, size)

    for name in ALONE:
        page.at(name)
        look(page, name)
    for name in OF_THE_CASE:
        page.at(name, world.case.pk)
        look(page, name)
    for name, key in further:
        page.at(name, key)
        look(page, name)


@pytest.mark.parametrize("size", DESK_AND_PHONE)
def test_axe_finds_nothing_on_errors_on_the_keys_and_on_broken_glass(world, enter, size):
    micro.glass(world.case, world.ana)
    page = enter(world.ana, size)
    page.at("entry_write", world.case.pk)
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.get_by_role("button", name="Keep it").click()
    page.locator("#errors").wait_for()
    look(page, "entry_errors")
    page.at("today")
    page.get_by_role("button", name="Keys").click()
    look(page, "keys")
    page = enter(world.ben, size)
    page.at("glass_review")
    look(page, "glass_review")
    world.ben.team = None
    world.ben.save()
    page.at("glass_break", world.case.pk)
    look(page, "glass_break")
