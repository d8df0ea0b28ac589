"""A concern in a browser: five clicks and no typing from the saved note, phone and desk, with and without script."""

from __future__ import annotations

import pytest
from django.urls import reverse

from factories import thread
from factories.browsers import DESK_AND_PHONE, faults_in_both_schemes
from factories.five import concern as concern_of
from factories.five import consent
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.micro.models import Concern, Draft, Entry, TeamWord

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", DESK_AND_PHONE)
def test_from_the_saved_note_a_concern_takes_five_clicks_and_no_typing(enter, world, size, script):
    Entry.objects.create(
        case=world.case, by=world.ana, domain=Domain.DOCUMENTS, barrier=Barrier.TOO_SLOW, on=world.case.opened_on
    )
    note = thread.note(world)
    page = enter(world.ana, size, script=script)
    page.goto(page.base + reverse("note_saved", args=[note.pk]))

    page.get_by_role("button", name="Yes: raise it").click()  # 1
    page.get_by_text("Delayed", exact=True).click()  # 2
    page.get_by_label("Which rule or institution?").select_option(f"p:{world.policy.pk}")  # 3 and 4: open, choose
    page.get_by_role("button", name="Save the concern").click()  # 5

    page.wait_for_url("**/concerns/*")
    raised = Concern.objects.get()
    assert (raised.note, raised.barrier, raised.domain) == (note, Barrier.TOO_SLOW, Domain.DOCUMENTS)
    assert (raised.policy, raised.problem) == (world.policy, note.text)
    assert "You will hear what becomes of it" in page.content()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_neutral_words_are_one_button(enter, world, script):
    note = thread.note(world)
    page = enter(world.ana, "phone", script=script)
    page.goto(f"{page.base}{reverse('concern_raise', args=[world.case.pk])}?note={note.pk}")

    page.get_by_text("Delayed", exact=True).click()
    page.get_by_role("button", name="Replace all by neutral words").click()

    assert "the person waited eleven weeks" in page.get_by_label("What is the problem?").input_value()
    assert page.get_by_label("Delayed").is_checked()
    assert page.get_by_role("button", name="Replace all by neutral words").count() == 0
    assert Concern.objects.count() == 0


def test_a_draft_saves_itself_and_is_there_after_a_crash(enter, world):
    note = thread.note(world)
    page = enter(world.ana)
    address = f"{page.base}{reverse('concern_raise', args=[world.case.pk])}?note={note.pk}"
    page.goto(address)

    page.get_by_label("What does it do to people?").fill("Nobody gets a lease without it.")
    page.locator("[data-saved]", has_text="Saved").wait_for()
    page.goto(address)

    assert page.get_by_label("What does it do to people?").input_value() == "Nobody gets a lease without it."
    assert Draft.objects.filter(kind="concern").count() == 1


def test_without_script_a_draft_is_one_button(enter, world):
    page = enter(world.ana, "phone", script=False)
    page.goto(page.base + reverse("concern_raise", args=[world.case.pk]))

    page.get_by_label("What is the problem?").fill("Half a thought")
    page.get_by_role("button", name="Save draft").click()

    assert page.get_by_label("What is the problem?").input_value() == "Half a thought"


def test_the_rest_of_the_thirteen_stand_behind_more(enter, world):
    page = enter(world.ana, "phone", script=False)
    page.goto(page.base + reverse("concern_raise", args=[world.case.pk]))
    kinds = page.locator("#id_barrier")

    page.locator("#id_barrier summary").click()

    assert kinds.get_by_role("radio").count() == 13
    assert kinds.get_by_text("Our own agency").is_visible()


def test_two_people_with_one_trouble_are_marked_in_three_clicks(enter, world):
    from factories.five import case, person  # noqa: PLC0415 - only here

    concern_of(world.case, world.ana, policy=world.policy)
    concern_of(case(person(world.agency, "Some", "One"), world.team, world.ana), world.ana, policy=world.policy)
    page = enter(world.ben, "phone")
    page.goto(page.base + reverse("today"))

    page.get_by_text("Menu", exact=True).click()  # 1: a phone folds the menu
    page.get_by_role("link", name="Team").click()  # 2
    page.get_by_role("button", name="This is one trouble").click()  # 3

    assert page.get_by_text("One trouble, for the desk").is_visible()


PAGES = ("raise", "concern", "ask", "answered", "impact", "matches", "team")


@pytest.mark.parametrize("size", DESK_AND_PHONE)
def test_axe_finds_nothing_to_say_and_nothing_is_wider_than_the_screen(enter, world, size):
    found = []

    for name, page in _shown(enter, world, size):
        found += faults_in_both_schemes(page, name)

    assert found == []


def test_every_target_on_a_phone_is_large_enough(enter, world):
    small = {}

    for name, page in _shown(enter, world, "phone"):
        small[name] = page.evaluate(
            "[...document.querySelectorAll('button, summary, select, .chips label, [role=button]')]"
            ".filter(each => each.offsetParent && each.getBoundingClientRect().height < 43.5)"
            ".map(each => each.outerHTML)"
        )

    assert set(small) == set(PAGES)
    assert not any(small.values()), small


def _shown(enter, world, size):
    """Each page with something on it, one after the other: its name, and the page of who may see it."""
    places, hers = _filled(world), enter(world.ana, size)
    his = enter(world.ben, size)
    for name in PAGES:
        page = his if name == "team" else hers
        page.goto(page.base + places[name])
        yield name, page


def _filled(world):
    """Addresses of pages with something on each."""
    issue = thread.issue(world)
    note = thread.note(world)
    consent(world.eve)
    raised = concern_of(world.case, world.ana, policy=world.policy, system=world.office, issue=issue, state="joined")
    thread.word(raised, thread.reply(issue, what_next="The council sits in May."))
    lost = concern_of(world.case, world.ana, policy=world.policy)
    TeamWord.objects.create(concern=lost, by=world.ben, kind="read", words="Read it.", at=note.signed_at)
    answered = thread.ask_made(world, answer="No. The rule gives them thirty days.")
    thread.match(world)
    return {
        "raise": f"{reverse('concern_raise', args=[world.case.pk])}?note={note.pk}",
        "concern": reverse("concern", args=[raised.pk]),
        "ask": reverse("ask_make", args=[world.case.pk]),
        "answered": reverse("ask_made", args=[answered.pk]),
        "impact": reverse("impact"),
        "matches": reverse("matches"),
        "team": reverse("team"),
    }
