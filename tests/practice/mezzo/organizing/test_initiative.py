"""People who live with it confirm an issue; initiatives begin, meet and end, and everyone who raised it hears."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from factories import bridge, organizing
from factories.five import five
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.bridge import actions as bridge_actions
from upwell.practice.bridge.models import Reply, Stage
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError, PracticeError
from upwell.practice.mezzo.organizing import actions, queries
from upwell.practice.mezzo.organizing.models import Initiative, Meeting


@pytest.mark.parametrize(
    ("says", "is_enough"),
    [
        ((), False),
        (("yes",), False),
        (("yes", "no"), False),
        (("yes", "partly"), True),
        (("partly", "partly"), True),
        (("no", "no", "yes", "yes"), True),
    ],
)
def test_two_people_who_say_yes_or_partly_confirm_whoever_else_says_no(says, is_enough):
    world = five()
    issue = bridge.issue(world)
    organizing.confirmed(world, issue, *says)

    assert queries.confirmed(issue).is_enough == is_enough
    if is_enough:
        actions.issue_confirm(issue=issue, words="They say so.", by=world.cleo)
        assert issue.stage == Stage.ISSUE
        assert issue.replies.last().words == "They say so."
    else:
        with pytest.raises(NotAllowedError):
            actions.issue_confirm(issue=issue, words="They say so.", by=world.cleo)
        assert issue.stage == Stage.PATTERN


def test_dissent_is_kept_beside_assent():
    world = five()
    issue = bridge.issue(world)
    organizing.confirmed(world, issue, "yes", "partly", "no", "yes")

    found = queries.confirmed(issue)

    assert [each.says for each in found.dissent] == ["partly", "no"]
    assert len(found.counted) == 4


def test_who_does_not_live_with_it_is_heard_and_not_counted():
    world = five()
    issue = bridge.issue(world)
    door = actions.door_open(issue=issue, by=world.cleo)
    for _ in range(3):
        organizing.joined(door.link, lives_with_it=False)

    found = queries.confirmed(issue)

    assert (len(found.counted), len(found.others), found.is_enough) == (0, 3, False)


def test_who_left_no_longer_counts():
    world = five()
    issue = bridge.issue(world)
    door = actions.door_open(issue=issue, by=world.cleo)
    first, _second = organizing.joined(door.link), organizing.joined(door.link)

    actions.leave(code=first.code)

    assert not queries.confirmed(issue).is_enough


def test_a_later_confirmation_does_not_throw_an_issue_back():
    world = five()
    issue = bridge.issue(world)
    bridge_actions.issue_move(
        issue=issue, to=Stage.PROPOSAL, words="It was urgent.", agency=world.agency, role="advocate"
    )
    organizing.confirmed(world, issue, "yes", "yes")

    actions.issue_confirm(issue=issue, words="They say so.", by=world.cleo)

    assert issue.stage == Stage.PROPOSAL
    assert issue.replies.last().words == "They say so."


def test_starting_moves_the_issue_tells_everyone_and_publishes_the_first_meeting():
    world = five()
    issue = bridge.issue(world)
    organizing.confirmed(world, issue, "yes", "yes")

    initiative = organizing.initiative(
        world, issue, at=timezone.now() + timedelta(days=3), where="Library", access="", agenda=""
    )

    issue.refresh_from_db()
    assert issue.stage == Stage.INITIATIVE
    assert issue.replies.last().words == "People have come together."
    assert [meeting.where for meeting in queries.meetings_public(initiative)] == ["Library"]
    assert queries.supporters_of(initiative).count() == 2
    assert set(AuditEntry.objects.filter(worker=world.cleo).values_list("act", flat=True)) >= {
        "initiative.start",
        "meeting.add",
        "meeting.publish",
        "issue.move",
    }


def test_starting_twice_with_one_form_is_one_initiative_and_one_word():
    world = five()
    issue, key = bridge.issue(world), uuid4()

    first = organizing.initiative(world, issue, form_key=key)
    second = organizing.initiative(world, issue, form_key=key)

    assert first == second
    assert issue.replies.count() == 2
    assert Meeting.objects.count() == 0


def test_a_second_initiative_does_not_throw_a_project_back():
    world = five()
    issue = bridge.issue(world)
    bridge_actions.issue_move(issue=issue, to=Stage.PROJECT, words="A plan.", agency=world.agency, role="advocate")

    organizing.initiative(world, issue)

    issue.refresh_from_db()
    assert issue.stage == Stage.PROJECT


def test_a_meeting_is_public_only_when_it_is_published_and_not_over():
    world = five()
    initiative = organizing.initiative(world, bridge.issue(world))
    hidden, shown, over = (organizing.meeting(world, initiative, days) for days in (5, 7, -2))
    for meeting in (shown, shown, over):
        actions.meeting_publish(meeting=meeting, by=world.cleo)

    public = list(queries.meetings_public(initiative))

    assert public == [shown]
    assert hidden not in public
    assert AuditEntry.objects.filter(act="meeting.publish").count() == 2


def test_minutes_keep_decisions_dissent_and_how_many_came():
    world = five()
    initiative = organizing.initiative(world, bridge.issue(world))
    met = organizing.meeting(world, initiative, -1)

    actions.minutes_write(meeting=met, decisions="We ask.", dissent="Some would wait.", came=14, by=world.cleo)

    met.refresh_from_db()
    assert (met.decisions, met.dissent, met.came) == ("We ask.", "Some would wait.", 14)


def test_minutes_of_a_meeting_to_come_are_refused():
    world = five()
    initiative = organizing.initiative(world, bridge.issue(world))

    with pytest.raises(NotAllowedError):
        actions.minutes_write(
            meeting=organizing.meeting(world, initiative, 3), decisions="?", dissent="", came=None, by=world.cleo
        )


def test_withdrawn_by_the_community_is_told_as_a_loss_and_the_issue_goes_back():
    world = five()
    issue = bridge.issue(world)
    initiative = organizing.initiative(world, issue)

    actions.initiative_end(
        initiative=initiative, state=Initiative.State.WITHDRAWN, words="They want it differently.", by=world.cleo
    )

    issue.refresh_from_db()
    assert issue.stage == Stage.ISSUE
    assert (issue.replies.last().kind, issue.replies.last().words) == (Reply.Kind.LOSS, "They want it differently.")
    with pytest.raises(ChangedMeanwhileError):
        actions.initiative_end(initiative=initiative, state=Initiative.State.ENDED, words="Again.", by=world.cleo)
    with pytest.raises(ChangedMeanwhileError):
        organizing.meeting(world, initiative)


def test_one_of_two_initiatives_withdrawn_leaves_the_issue_where_it_is():
    world = five()
    issue = bridge.issue(world)
    first, _second = organizing.initiative(world, issue), organizing.initiative(world, issue)

    actions.initiative_end(initiative=first, state=Initiative.State.WITHDRAWN, words="No more.", by=world.cleo)

    issue.refresh_from_db()
    assert issue.stage == Stage.INITIATIVE
    assert issue.replies.last().kind == Reply.Kind.LOSS


def test_an_initiative_does_not_end_in_silence():
    world = five()
    initiative = organizing.initiative(world, bridge.issue(world))

    with pytest.raises(PracticeError):
        actions.initiative_end(initiative=initiative, state=Initiative.State.ENDED, words=" ", by=world.cleo)
    with pytest.raises(PracticeError):
        actions.initiative_end(initiative=initiative, state=Initiative.State.OPEN, words="Why?", by=world.cleo)

    initiative.refresh_from_db()
    assert initiative.state == Initiative.State.OPEN


def test_whoever_leads_holds_the_right_and_works_at_the_agency():
    world = five()

    assert list(queries.leaders(world.agency)) == [world.cleo]
    assert list(queries.leaders(world.other_agency)) == []
