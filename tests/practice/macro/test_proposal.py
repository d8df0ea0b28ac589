"""Proposals: drafted, delivered, before officials, decided; and everyone hears of it once, on a loss too."""

from __future__ import annotations

from uuid import uuid4

import pytest

from factories import bridge, macro
from factories.five import five
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.bridge.models import Reply, Stage
from upwell.practice.errors import NotAllowedError, PracticeError
from upwell.practice.macro import actions
from upwell.practice.macro.models import ContactLog, Proposal, Target


def decide(world, proposal, decision, **more):
    made = actions.DecisionFields(decision, macro.NOW.date(), "Minutes, item 7", "It helps half of them.")
    return actions.proposal_decide(proposal=proposal, by=world.cleo, made=made, words=macro.TELL, **more)


def test_an_office_that_was_not_in_the_list_is_added_with_the_proposal(client):
    world = five()
    project = macro.plan(world)
    client.force_login(world.cleo)

    answer = client.post(f"/project/{project.pk}/proposal", macro.proposal_form(world))

    proposal = Proposal.objects.get()
    assert answer.url == f"/proposal/{proposal.pk}"
    assert str(proposal.target) == "Chair of the records committee, Fenn County Board"
    assert AuditEntry.objects.filter(act="proposal.make", worker=world.cleo).count() == 1


def test_the_same_form_sent_twice_makes_one_proposal(client):
    world = five()
    project = macro.plan(world)
    client.force_login(world.cleo)
    form = macro.proposal_form(world)

    for _ in range(2):
        client.post(f"/project/{project.pk}/proposal", form)

    assert Proposal.objects.count() == 1
    assert Target.objects.count() == 1


def test_a_proposal_needs_somebody_who_is_asked(client):
    world = five()
    project = macro.plan(world)
    client.force_login(world.cleo)

    answer = client.post(f"/project/{project.pk}/proposal", macro.proposal_form(world, role=""))

    assert answer.status_code == 200
    assert "Choose who is asked" in answer.content.decode()
    assert not Proposal.objects.exists()


def test_another_agencys_office_cannot_be_asked(client):
    world = five()
    project = macro.plan(world)
    other = Target.objects.create(agency=world.other_agency, office="Elsewhere", role="Mayor")
    client.force_login(world.cleo)

    answer = client.post(f"/project/{project.pk}/proposal", macro.proposal_form(world, target=other.pk))

    assert answer.status_code == 200
    assert not Proposal.objects.exists()


def test_delivering_moves_the_issue_and_tells_everyone_once():
    world = five()
    draft = macro.proposal(world, macro.begun(world))
    issue = draft.project.issue
    before = issue.replies.count()

    for _ in range(2):
        actions.proposal_deliver(proposal=draft, by=world.cleo, on=macro.NOW.date(), words=macro.TELL)

    issue.refresh_from_db()
    assert issue.stage == Stage.PROPOSAL
    assert issue.replies.count() == before + 1
    assert issue.replies.last().words == macro.TELL


def test_nothing_is_delivered_before_the_measure_is_locked(client):
    world = five()
    draft = macro.proposal(world)
    client.force_login(world.cleo)

    answer = client.post(f"/proposal/{draft.pk}/deliver", {"on": "2026-11-20", "words": macro.TELL})

    draft.refresh_from_db()
    assert "Start the project first" in answer.content.decode()
    assert draft.state == Proposal.State.DRAFT
    assert not Reply.objects.filter(words=macro.TELL).exists()


def test_what_was_delivered_cannot_be_changed(client):
    world = five()
    proposal = macro.delivered(world)
    client.force_login(world.cleo)

    answer = client.post(f"/proposal/{proposal.pk}/change", macro.proposal_form(world, ask="Something else."))

    proposal.refresh_from_db()
    assert "was delivered" in answer.content.decode()
    assert proposal.ask == "Accept a receipt until the certificate is there."
    with pytest.raises(NotAllowedError):
        actions.proposal_change(
            proposal=proposal, by=world.cleo, fields=macro.asked(world, proposal.target, ask="Something else.")
        )


def test_a_formal_number_brings_it_before_officials(client):
    world = five()
    proposal = macro.delivered(world)
    client.force_login(world.cleo)

    for _ in range(2):
        client.post(f"/proposal/{proposal.pk}/number", {"formal_id": "Agenda 7b", "words": macro.TELL})

    proposal.refresh_from_db()
    assert (proposal.state, proposal.formal_id) == (Proposal.State.OFFICIAL, "Agenda 7b")
    assert proposal.project.issue.stage == Stage.OFFICIAL
    assert proposal.project.issue.replies.filter(stage=Stage.OFFICIAL).count() == 1


def test_a_draft_cannot_lie_before_officials():
    world = five()

    with pytest.raises(NotAllowedError, match="Deliver it first"):
        actions.proposal_bring(proposal=macro.proposal(world), by=world.cleo, formal_id="HB 1", words=macro.TELL)


@pytest.mark.parametrize(
    ("decision", "kind"),
    [("adopted", "result"), ("partly", "result"), ("rejected", "loss"), ("deferred", "stage"), ("withdrawn", "loss")],
)
def test_every_decision_is_recorded_and_told(client, decision, kind):
    world = five()
    proposal = macro.delivered(world)
    client.force_login(world.cleo)
    form = {
        "decision": decision,
        "decided_on": "2026-11-20",
        "official_record": "Minutes, item 7",
        "our_reading": "It helps half of them.",
        "words": macro.TELL,
    }

    for _ in range(2):
        client.post(f"/proposal/{proposal.pk}/decision", form)

    proposal.refresh_from_db()
    told = proposal.project.issue.replies.filter(stage=Stage.DECISION)
    assert (proposal.decision, proposal.official_record) == (decision, "Minutes, item 7")
    assert proposal.project.issue.stage == Stage.DECISION
    assert [reply.kind for reply in told] == [kind]


def test_what_was_deferred_can_be_adopted_later():
    world = five()
    proposal = macro.delivered(world)
    decide(world, proposal, "deferred")

    decide(world, proposal, "adopted")

    proposal.refresh_from_db()
    assert proposal.decision == "adopted"
    assert proposal.project.issue.replies.last().kind == Reply.Kind.RESULT


def test_what_was_rejected_stays_rejected():
    world = five()
    proposal = macro.delivered(world)
    decide(world, proposal, "rejected")

    with pytest.raises(NotAllowedError):
        decide(world, proposal, "adopted")


def test_a_draft_that_is_withdrawn_is_told_as_a_loss_and_moves_nothing():
    world = five()
    draft = macro.proposal(world)

    decide(world, draft, "withdrawn")

    draft.refresh_from_db()
    assert draft.project.issue.stage == Stage.PATTERN
    assert draft.project.issue.replies.last().kind == Reply.Kind.LOSS


def test_a_decision_is_never_silent(client):
    world = five()
    proposal = macro.delivered(world)
    client.force_login(world.cleo)

    answer = client.post(
        f"/proposal/{proposal.pk}/decision", {"decision": "rejected", "decided_on": "2026-11-20", "words": "  "}
    )

    proposal.refresh_from_db()
    assert answer.status_code == 200
    assert proposal.state == Proposal.State.DELIVERED


def test_a_second_proposal_never_moves_the_issue_back():
    world = five()
    issue = bridge.issue(world)
    project = macro.plan(world, issue)
    decide(world, macro.delivered(world, project), "rejected")

    macro.delivered(world, project, ask="Open a counter.")

    issue.refresh_from_db()
    assert issue.stage == Stage.DECISION
    assert issue.replies.last().kind == Reply.Kind.NEWS


def test_a_contact_is_logged_once_with_its_class_hours_and_cost(client):
    world = five()
    proposal = macro.delivered(world)
    client.force_login(world.cleo)
    form = {
        "form_key": str(uuid4()),
        "on": "2026-11-20",
        "words": "They will look at it.",
        "hours": "1.5",
        "cost": "60",
        "lobbying": "direct",
    }

    for _ in range(2):
        client.post(f"/proposal/{proposal.pk}/contact", form)

    contact = ContactLog.objects.get()
    assert (contact.hours, contact.cost, contact.lobbying, contact.by) == (1.5, 60, "direct", world.cleo)


def test_lobbying_costs_of_the_year_stand_beside_the_ceilings(client):
    world = five()
    proposal = macro.delivered(world)
    macro.contact(world, proposal, cost=40)
    macro.contact(world, proposal, cost=60)
    client.force_login(world.cleo)

    page = client.get("/lobbying?spent=800000").content.decode()

    assert "$100.00" in page
    assert "$145,000.00" in page
    assert "$36,250.00" in page


def test_a_bill_called_no_lobbying_asks_for_a_reason(client):
    world = five()
    world.policy.kind = "bill"
    world.policy.save()
    project = macro.plan(world)
    client.force_login(world.cleo)

    answer = client.post(f"/project/{project.pk}/proposal", macro.proposal_form(world))

    assert "an auditor may ask" in answer.content.decode()
    with pytest.raises(PracticeError):
        macro.proposal(world, project, lobbying_why="")


@pytest.mark.parametrize("path", ["", "/change", "/deliver", "/number", "/decision", "/contact"])
def test_every_page_of_a_proposal_opens(client, path):
    world = five()
    proposal = macro.delivered(world)
    client.force_login(world.cleo)

    assert client.get(f"/proposal/{proposal.pk}{path}").status_code == 200


@pytest.mark.parametrize("cost", ["-1", "1e99", "NaN", "x", "9" * 400])
def test_a_strange_cost_is_an_error_on_the_form(client, cost):
    world = five()
    proposal = macro.delivered(world)
    client.force_login(world.cleo)

    answer = client.post(
        f"/proposal/{proposal.pk}/contact",
        {"form_key": "x", "on": "never", "words": "a\0b", "hours": cost, "cost": cost, "lobbying": "some"},
    )

    assert answer.status_code == 200
    assert not ContactLog.objects.exists()
