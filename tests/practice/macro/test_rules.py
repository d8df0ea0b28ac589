"""Rules of macro practice: who may change what when, when an answer is due, and what lobbying may cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from upwell.practice.bridge.models import Reply
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError, PracticeError
from upwell.practice.macro import rules
from upwell.practice.macro.models import Project, Proposal

TIMES = {
    "starts_on": date(2027, 1, 1),
    "before_to": date(2026, 12, 31),
    "after_from": date(2027, 1, 1),
    "after_to": date(2027, 12, 31),
    "due_on": date(2028, 2, 1),
}


@pytest.mark.parametrize(
    ("spent", "total", "grassroots"),
    [
        (0, 0, 0),
        (250_000, 50_000, 12_500),
        (500_000, 100_000, 25_000),
        (800_000, 145_000, 36_250),
        (1_000_000, 175_000, 43_750),
        (1_500_000, 225_000, 56_250),
        (3_000_000, 300_000, 75_000),
        (17_000_000, 1_000_000, 250_000),
        (40_000_000, 1_000_000, 250_000),
    ],
)
def test_a_charity_may_lobby_up_to_the_ceilings_of_section_501h(spent, total, grassroots):
    ceilings = rules.ceilings(Decimal(spent))

    assert (ceilings.total, ceilings.grassroots) == (total, grassroots)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2026, 11, 16), date(2026, 11, 18)),  # Monday to Wednesday
        (date(2026, 11, 19), date(2026, 11, 23)),  # Thursday to Monday
        (date(2026, 11, 20), date(2026, 11, 24)),  # Friday to Tuesday
        (date(2026, 11, 21), date(2026, 11, 24)),  # Saturday to Tuesday
    ],
)
def test_an_answer_is_due_in_two_working_days(asked, due):
    assert rules.answer_due(asked) == due


def test_a_started_project_is_closed_to_change():
    rules.check_project_open(Project(state=Project.State.PLANNED))

    with pytest.raises(NotAllowedError, match="locked"):
        rules.check_project_open(Project(state=Project.State.STARTED))


def test_a_project_without_measure_does_not_start():
    with pytest.raises(PracticeError, match="Declare the measure"):
        rules.check_has_measure(Project())


def test_a_delivered_proposal_keeps_its_words():
    with pytest.raises(NotAllowedError, match="delivered"):
        rules.check_draft(Proposal(state=Proposal.State.DELIVERED))


@pytest.mark.parametrize(
    ("state", "before", "decision", "may"),
    [
        ("draft", "", "withdrawn", True),
        ("draft", "", "adopted", False),
        ("delivered", "", "rejected", True),
        ("official", "", "partly", True),
        ("decided", "adopted", "rejected", False),
        ("decided", "deferred", "adopted", True),
    ],
)
def test_a_decision_follows_delivery_unless_we_withdraw_and_a_deferred_one_can_follow(state, before, decision, may):
    proposal = Proposal(state=state, decision=before)

    if may:
        rules.check_may_decide(proposal, decision)
    else:
        with pytest.raises(NotAllowedError):
            rules.check_may_decide(proposal, decision)


@pytest.mark.parametrize(
    ("decision", "kind"),
    [
        ("rejected", Reply.Kind.LOSS),
        ("withdrawn", Reply.Kind.LOSS),
        ("adopted", Reply.Kind.RESULT),
        ("partly", Reply.Kind.RESULT),
        ("deferred", Reply.Kind.STAGE),
    ],
)
def test_a_loss_is_told_as_a_loss(decision, kind):
    assert rules.kind_of(decision) == kind


def test_talk_about_a_law_is_no_lobbying_only_with_a_reason():
    rules.check_lobbying("practice", "none", "")
    rules.check_lobbying("bill", "none", "They asked us in writing.")

    with pytest.raises(PracticeError, match="auditor"):
        rules.check_lobbying("bill", "none", " ")


@pytest.mark.parametrize(
    "wrong",
    [{"before_to": date(2027, 1, 2)}, {"after_from": date(2026, 12, 1)}, {"due_on": date(2027, 12, 31)}],
)
def test_the_times_of_a_measure_stand_around_the_start(wrong):
    rules.check_dates(**TIMES)

    with pytest.raises(PracticeError):
        rules.check_dates(**(TIMES | wrong))


def test_a_form_that_showed_another_stage_is_refused():
    rules.check_still_at("pattern", "pattern")

    with pytest.raises(ChangedMeanwhileError):
        rules.check_still_at("pattern", "issue")


def test_a_link_takes_six_writings_an_hour():
    rules.check_writes(5)

    with pytest.raises(rules.TooManyError):
        rules.check_writes(6)
