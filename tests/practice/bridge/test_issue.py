"""Issues: made of released numbers, moved with a word to everyone, never ended in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from factories import bridge, releases
from factories.five import TODAY, five
from upwell.practice.accounts.models import AuditEntry, Role
from upwell.practice.bridge import actions
from upwell.practice.bridge.models import Crossed, Issue, IssueStatement, Reply, Stage, StageChange
from upwell.practice.environment.coding import Barrier
from upwell.practice.errors import ChangedMeanwhileError, PracticeError


def test_the_same_release_twice_is_the_same_row():
    world = five()

    first, second = bridge.crossed(world.agency), bridge.crossed(world.agency)

    assert first == second
    assert Crossed.objects.count() == 1
    assert AuditEntry.objects.filter(act="release.receive").count() == 1


def test_a_release_that_was_changed_does_not_cross():
    world = five()
    data = releases.signed(releases.rich()).replace(b"131", b"132", 1)

    with pytest.raises(PracticeError):
        actions.receive(agency=world.agency, data=data, public_key=bridge.PUBLIC_KEY, on=TODAY)

    assert not Crossed.objects.exists()


def test_a_release_signed_with_another_key_does_not_cross():
    world = five()

    with pytest.raises(PracticeError):
        actions.receive(agency=world.agency, data=releases.signed(releases.rich()), public_key=bytes(32), on=TODAY)


def test_the_release_of_one_agency_never_becomes_anothers():
    world = five()
    bridge.crossed(world.agency)

    with pytest.raises(ChangedMeanwhileError):
        bridge.crossed(world.other_agency)


def test_an_issue_begins_as_a_pattern_with_its_number_and_a_first_word_back():
    world = five()

    issue = bridge.issue(world)

    assert (issue.stage, issue.state, issue.stage_since) == (Stage.PATTERN, Issue.State.OPEN, TODAY)
    assert issue.next_due == TODAY + timedelta(days=30)
    assert issue.statement.written_by == Role.PRIVACY_OFFICER
    assert issue.statement.approved_on == TODAY
    assert [(figure.with_trouble, figure.people) for figure in issue.figures.all()] == [(131, 412)]
    assert [(move.from_stage, move.to_stage) for move in issue.moves.all()] == [("", Stage.PATTERN)]
    reply = issue.replies.get()
    assert reply.kind == Reply.Kind.STAGE
    assert issue.statement.title in reply.words
    assert AuditEntry.objects.filter(act="issue.open", subject="").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"with_trouble": 132},
        {"people": 411},
        {"row": 99},
        {"table": "t99"},
        {"row": 1},
    ],
)
def test_a_number_that_was_not_released_cannot_become_a_figure(wrong):
    world = five()
    crossed = bridge.crossed(world.agency)

    with pytest.raises(PracticeError):
        actions.issue_open(
            crossed=crossed, statement=bridge.statement(world), figures=(replace(bridge.FINDING, **wrong),), on=TODAY
        )

    assert not Issue.objects.exists()


def test_a_statement_is_no_finer_than_a_county_and_a_half_year():
    world = five()
    crossed = bridge.crossed(world.agency)

    for finer in ({"county": world.town}, {"half_year": "2026-03"}, {"half_year": "2026-H1-w2"}):
        with pytest.raises(PracticeError):
            actions.issue_open(crossed=crossed, statement=bridge.statement(world, **finer), figures=(), on=TODAY)

    assert not IssueStatement.objects.exists()


def test_the_same_trouble_again_adds_its_numbers_and_tells_of_it():
    world = five()
    first = bridge.issue(world)

    second = bridge.issue(world, seed=7)

    assert second == first
    assert IssueStatement.objects.count() == 1
    assert first.figures.count() == 2
    assert [reply.kind for reply in first.replies.all()] == [Reply.Kind.STAGE, Reply.Kind.NEWS]


def test_the_same_figures_handed_over_twice_are_there_once_and_told_once():
    world = five()
    first = bridge.issue(world)

    bridge.issue(world)

    assert first.figures.count() == 1
    assert first.replies.count() == 1


def test_another_barrier_or_another_institution_is_another_issue():
    world = five()
    first = bridge.issue(world, policy=None)

    assert bridge.issue(world, policy=None) == first
    assert bridge.issue(world, policy=None, system=None) != first
    assert bridge.issue(world, policy=None, barrier=Barrier.TOO_DEAR) != first
    assert bridge.issue(world) != first


def test_a_closed_issue_is_not_taken_up_by_new_numbers():
    world = five()
    first = bridge.issue(world)
    actions.issue_close(issue=first, words="The office changed.", agency=world.agency, role=Role.ADVOCATE)

    assert bridge.issue(world, seed=7) != first


def test_a_move_is_logged_told_and_gives_the_next_step_an_owner_and_a_day():
    world = five()
    issue = bridge.issue(world)

    moved = actions.issue_move(
        issue=issue,
        to=Stage.ISSUE,
        words="People said yes.",
        agency=world.agency,
        role=Role.ORGANIZER,
        what_next="A first meeting.",
        by=world.cleo,
    )

    assert moved.stage == Stage.ISSUE
    assert (moved.owner_role, moved.next_step) == (Role.ORGANIZER, "A first meeting.")
    assert moved.stage_since == timezone.localdate()
    assert moved.next_due == timezone.localdate() + timedelta(days=60)
    change = StageChange.objects.get(issue=issue, to_stage=Stage.ISSUE)
    assert (change.from_stage, change.role, change.agency) == (Stage.PATTERN, Role.ORGANIZER, world.agency)
    reply = issue.replies.last()
    assert (reply.stage, reply.words, reply.what_next) == (Stage.ISSUE, "People said yes.", "A first meeting.")
    assert AuditEntry.objects.get(act="issue.move").worker == world.cleo


def test_a_move_without_words_is_refused_and_changes_nothing():
    world = five()
    issue = bridge.issue(world)

    with pytest.raises(PracticeError):
        actions.issue_move(issue=issue, to=Stage.ISSUE, words="  \n", agency=world.agency, role=Role.ADVOCATE)

    issue.refresh_from_db()
    assert issue.stage == Stage.PATTERN
    assert issue.replies.count() == 1


def test_going_back_is_allowed_and_logged():
    world = five()
    issue = bridge.issue(world)
    actions.issue_move(issue=issue, to=Stage.DECISION, words="Rejected.", agency=world.agency, role=Role.ADVOCATE)

    actions.issue_move(issue=issue, to=Stage.ISSUE, words="We ask again.", agency=world.agency, role=Role.ADVOCATE)

    assert issue.stage == Stage.ISSUE
    assert [move.to_stage for move in issue.moves.all()] == [Stage.PATTERN, Stage.DECISION, Stage.ISSUE]


def test_moving_to_the_stage_it_has_only_says_the_words():
    world = five()
    issue = bridge.issue(world)

    actions.issue_move(issue=issue, to=Stage.PATTERN, words="Still looking.", agency=world.agency, role=Role.ADVOCATE)

    assert issue.moves.count() == 1
    assert issue.replies.last().words == "Still looking."


def test_a_loss_is_told_like_everything_else():
    world = five()
    issue = bridge.issue(world)

    reply = actions.issue_say(
        issue=issue, kind=Reply.Kind.LOSS, words="The council said no.", agency=world.agency, role=Role.ADVOCATE
    )

    assert (reply.kind, reply.stage) == (Reply.Kind.LOSS, Stage.PATTERN)


def test_an_issue_cannot_be_closed_without_a_word():
    world = five()
    issue = bridge.issue(world)

    with pytest.raises(PracticeError):
        actions.issue_close(issue=issue, words="", agency=world.agency, role=Role.ADVOCATE)

    issue.refresh_from_db()
    assert issue.state == Issue.State.OPEN


def test_closing_tells_and_twice_is_refused_and_a_move_opens_it_again():
    world = five()
    issue = bridge.issue(world)
    actions.issue_close(issue=issue, words="It is done.", agency=world.agency, role=Role.ADVOCATE)

    with pytest.raises(ChangedMeanwhileError):
        actions.issue_close(issue=issue, words="Again.", agency=world.agency, role=Role.ADVOCATE)
    assert (issue.replies.last().kind, issue.replies.last().words) == (Reply.Kind.RESULT, "It is done.")

    actions.issue_move(issue=issue, to=Stage.ISSUE, words="It came back.", agency=world.agency, role=Role.ADVOCATE)
    assert issue.state == Issue.State.OPEN


def test_parking_names_a_day_to_come_and_tells():
    world = five()
    issue = bridge.issue(world)
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(PracticeError):
        actions.issue_park(
            issue=issue, review_on=timezone.localdate(), words="Later.", agency=world.agency, role=Role.ADVOCATE
        )
    actions.issue_park(issue=issue, review_on=tomorrow, words="Later.", agency=world.agency, role=Role.ADVOCATE)

    assert (issue.state, issue.review_on) == (Issue.State.PARKED, tomorrow)
    assert issue.replies.last().words == "Later."
