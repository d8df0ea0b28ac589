"""The story, lived in a browser by the five people: from one case to an official decision, and back.

At a desk and on a phone, with script and without.
"""

from __future__ import annotations

import os

import pytest
from django.db import connection
from django.urls import reverse

from story import acts, dump
from upwell.practice.bridge.models import Issue, MeasureRequest, Stage
from upwell.practice.macro.models import Proposal
from upwell.practice.micro.models import Concern, NoteMatch, Word

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RUNS = [
    pytest.param(("desk", True), id="desk-script"),
    pytest.param(("phone", True), id="phone-script"),
    pytest.param(("desk", False), id="desk-bare"),
    pytest.param(("phone", False), id="phone-bare"),
]


@pytest.mark.parametrize("stage", RUNS, indirect=True)
def test_one_concern_goes_from_a_case_to_an_official_decision_and_back(stage, code, caplog):
    caplog.set_level("INFO")
    world = stage.world
    ana, ben, cleo = (stage.page_of(who) for who in (world.ana, world.ben, world.cleo))

    acts.write_a_note(stage, ana)
    acts.raise_the_concern(stage, ana)
    acts.offer_consents(stage, ana)
    eve = acts.eve_signs_in(stage, code)
    acts.eve_agrees(stage, eve)
    acts.ask_macro(stage, ana)
    stage.night()
    issue = acts.ben_lets_it_cross(stage, ben)
    stage.night()
    acts.cleo_reads_and_answers(stage, cleo, issue)
    acts.two_people_confirm(stage, cleo, issue)
    acts.start_an_initiative(stage, cleo, issue)
    acts.hold_a_session(stage, cleo)
    acts.plan_and_start_a_project(stage, cleo, issue)
    address = acts.make_a_proposal(stage, cleo)
    acts.the_aide_reads_asks_and_acts(stage, address)
    proposal = Proposal.objects.get()
    acts.answer_and_decide(stage, cleo, proposal, "Adopted in part")
    acts.write_a_practice_note(stage, cleo, issue)
    acts.call_for_evidence(stage, cleo, issue)
    stage.night()

    ana_hears_it(stage, ana)
    eve_hears_it(stage, eve)
    dov_sees_nothing(stage, issue)
    issue.refresh_from_db()
    assert issue.stage == Stage.DECISION
    assert MeasureRequest.objects.get().state == MeasureRequest.State.LOCKED
    nobody_crossed(stage, caplog.text, address)
    assert connection.vendor == os.environ.get("UPWELL_TEST_VENDOR", "sqlite")


def nobody_crossed(stage, log, address):
    """Everything on the shared side, searched for every name, key, text and worker of the case side."""
    world = stage.world
    places = dump.shared() | {"log": log, "link": address}
    needles = dump.secrets([world.ana, world.ben, world.dov])

    assert len(needles) > 1500 and sum(len(text) for text in places.values()) > 20_000
    assert dump.leaks(places, needles) == []
    assert dump.leaks({"a known leak": f"x {world.case.pk} y"}, needles)


def ana_hears_it(stage, ana):
    """Words at every stage, the answer, her own case that the change may touch, and the call on her next note."""
    concern = Concern.objects.get(case=stage.world.case)
    told = Word.objects.filter(concern=concern, to=Word.To.WORKER)
    assert told.count() >= 7
    stage.go(ana, "impact")
    ana.get_by_text("Requests are taken at the counter").first.wait_for()
    stage.go(ana, "ask_made", stage.world.case.asks.get().pk)
    ana.get_by_text("The office must answer within thirty days").first.wait_for()
    assert NoteMatch.objects.filter(case=stage.world.case).count() == 1
    stage.go(ana, "matches")
    ana.get_by_text("Certificates can be asked for at the counter").first.wait_for()
    stage.go(ana, "note_write", stage.world.case.pk)
    ana.get_by_text("Were people sent away at the counter?").first.wait_for()


def eve_hears_it(stage, eve):
    """What became of what she told, who saw her file, her plan; and she can take it back in two taps."""
    concern = Concern.objects.get(case=stage.world.case)
    assert Word.objects.filter(concern=concern, to=Word.To.PERSON).exists()
    for name in ("portal_told", "portal_seen", "portal_plan"):
        stage.go(eve, name)
    eve.goto(stage.base + reverse("portal_seen"))
    eve.get_by_text("Ana Alvarez").first.wait_for()
    eve.goto(stage.base + reverse("portal_consents"))
    eve.locator("summary[role=button]").first.click()
    eve.locator("button[name=act][value=back]").first.click()
    eve.wait_for_load_state()
    assert stage.world.eve.consents.filter(state="revoked").count() == 1


def dov_sees_nothing(stage, issue):
    """Dov's agency knows of none of it."""
    dov = stage.page_of(stage.world.dov)
    for name in ("board", "radar", "library"):
        stage.go(dov, name)
        assert acts.TITLE not in dov.content()
    for name, key in (("issue", issue.pk), ("case", stage.world.case.pk)):
        answer = dov.goto(stage.base + reverse(name, args=[key]))
        assert answer.status in {403, 404}
    assert Issue.objects.count() == 1
