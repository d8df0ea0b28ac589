"""One row of everything in Ana's agency, so that every address with an argument can be tried."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import fields
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from factories import bridge, releases
from factories.five import TODAY, Five, concern, consent
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.disclosure.release import write
from upwell.practice.accounts import actions as accounts
from upwell.practice.accounts.models import Agency, Role
from upwell.practice.bridge.models import Answer, Issue, MeasureRequest, PracticeNote, Reply, Stage
from upwell.practice.macro import queries as macro_queries
from upwell.practice.macro.models import AideAction, AideQuestion, Project, Proposal, SignedLink, Target
from upwell.practice.mezzo.organizing.models import EducationSession, Initiative, Meeting, Supporter
from upwell.practice.micro.crossing import vault
from upwell.practice.micro.models import (
    AskMade,
    BrokenGlass,
    Candidate,
    CaseloadImport,
    Draft,
    Entry,
    Goal,
    Note,
    NoteMatch,
    Outbox,
    Referral,
    Word,
)

Samples = dict[str, object]
"""Name of an address's argument -> a value of it in Ana's agency."""


def everything(world: Five) -> tuple[Samples, dict[tuple[str, str], object]]:
    """Values by argument; and by (address, argument) where the same argument means another thing there."""
    issue = bridge.issue(world)
    case_side, case_other = _case_side(world, issue)
    shared, shared_other = _shared(world, issue)
    environment = {"policy_id": world.policy.pk, "system_id": world.office.pk, "place_id": world.town.pk}
    invited = accounts.worker_invite(
        by=world.ana, name="Gus", email="gus@example.org", roles=[Role.CASE_WORKER], team=None
    )
    own = {"worker_id": world.ana.pk, "invitation_id": invited.invitation.pk, "service_id": world.service.pk}
    samples = {**case_side, **shared, **environment, **own, "issue_id": issue.pk}
    return samples, {**case_other, **shared_other, ("invitation", "token"): invited.token}


def _case_side(world: Five, issue: Issue) -> tuple[Samples, dict[tuple[str, str], object]]:
    now, case, ana = timezone.now(), world.case, world.ana
    note = Note.objects.create(case=case, by=ana, on=TODAY, text="A note.", form_key=uuid4(), signed_at=now)
    raised = concern(case, ana, note=note, issue=issue)
    reply = Reply.objects.create(
        issue=issue, stage=Stage.ISSUE, words="It moved.", agency=world.agency, role=Role.ADVOCATE
    )
    word = Word.objects.create(concern=raised, reply=reply, to=Word.To.WORKER, delivered_at=now)
    sent = PracticeNote.objects.create(
        agency=world.agency,
        title="A change",
        what_changed="a",
        who_affected="b",
        what_to_do="c",
        effective_on=TODAY,
        state="sent",
        sent_at=now,
    )
    samples: Samples = {
        "case_id": case.pk,
        "note_id": note.pk,
        "concern_id": raised.pk,
        "word_id": word.pk,
        "draft_id": Draft.objects.create(case=case, by=ana, fields='{"text": "begun"}', saved_at=now).pk,
        "entry_id": Entry.objects.create(case=case, by=ana, own_words="mine", strengths="many", on=TODAY).pk,
        "goal_id": Goal.objects.create(case=case, by=ana, words="a home", set_on=TODAY).pk,
        "referral_id": Referral.objects.create(case=case, by=ana, service=world.service, made_on=TODAY).pk,
        "assignment_id": case.assignments.get().pk,
        "broken_id": BrokenGlass.objects.create(
            case=case, worker=ana, reason="cover", words="away", at=now, until=now + timedelta(hours=1)
        ).pk,
        "ask_made_id": AskMade.objects.create(
            case=case, by=ana, ask=bridge.ask(world), words="May they?", words_state="waiting", form_key=uuid4(), at=now
        ).pk,
        "match_id": NoteMatch.objects.create(case=case, practice_note=sent, found_at=now).pk,
        "consent_id": consent(world.eve).pk,
        "channel": "email",
        "candidate_id": _candidate(world.agency).pk,
        "outbox_id": Outbox.objects.create(agency=world.agency, kind="gather", due_on=TODAY).pk,
        "batch_id": CaseloadImport.objects.create(agency=world.agency, by=ana, snapshot="0" * 64).pk,
    }
    library = ("practice_note", "practice_note_change", "practice_note_send")
    return samples, {(name, "note_id"): sent.pk for name in library}


def _candidate(agency: Agency) -> Candidate:
    """What a gathering would have put on the desk, signed with the agency's own key."""
    release = releases.settled(releases.rich())
    entry = {field.name: "" for field in fields(LedgerEntry)}
    entry |= {"release_id": release.id, "period": ["2026-01-01", "2026-06-30"], "hidden": [], "protected": []}
    return Candidate.objects.create(
        agency=agency,
        made_at=timezone.now(),
        snapshot=release.snapshot,
        release_id=release.id,
        ledger_head="0" * 64,
        signed=b64encode(write(release, vault.keys_of(agency).signing)).decode(),
        entry=json.dumps(entry | {"shown": {}, "crowds": {}, "cells": {}, "seed": 1}),
    )


def _shared(world: Five, issue: Issue) -> tuple[Samples, dict[tuple[str, str], object]]:
    now, agency, cleo = timezone.now(), world.agency, world.cleo
    ask = bridge.ask(world)
    answered = bridge.ask(world)
    Answer.objects.create(ask=answered, words="Yes.", agency=agency, role=Role.ADVOCATE)
    initiative = Initiative.objects.create(
        agency=agency, issue=issue, title="Papers", goal="In three weeks", owner=cleo, started_on=TODAY
    )
    supporter = Supporter.objects.create(agency=agency, called="Rosa", opted_in_at=now, form_key=uuid4())
    initiative.supporters.add(supporter)
    session = EducationSession.objects.create(
        initiative=initiative, title="Your papers", material="What to know.", on=TODAY, state="before"
    )
    measure = MeasureRequest.objects.create(
        agency=agency,
        issue=issue,
        question="q",
        question_words="Do they wait?",
        before_from=TODAY,
        before_to=TODAY,
        after_from=TODAY,
        after_to=TODAY,
    )
    project = Project.objects.create(
        agency=agency, issue=issue, owner=cleo, title="Weeks", goal="Three", measure=measure, starts_on=TODAY
    )
    target = Target.objects.create(agency=agency, office="County Board", role="Chair")
    proposal = Proposal.objects.create(
        project=project, policy=world.policy, target=target, ask="Take receipts.", lobbying="none"
    )
    link = SignedLink.objects.create(proposal=proposal, made_by=cleo, made_at=now, expires=now + timedelta(days=30))
    question = AideQuestion.objects.create(
        link=link, words="How many?", asked_at=now, answer_due=TODAY, form_key=uuid4()
    )
    samples: Samples = {
        "ask_id": ask.pk,
        "initiative_id": initiative.pk,
        "supporter_id": supporter.pk,
        "meeting_id": Meeting.objects.create(initiative=initiative, at=now, where="Library").pk,
        "session_id": session.pk,
        "link": initiative.link,
        "project_id": project.pk,
        "request_id": measure.pk,
        "target_id": target.pk,
        "proposal_id": proposal.pk,
        "link_id": link.pk,
        "question_id": question.pk,
        "act_id": AideAction.objects.create(link=link, kind="hearing", at=now, form_key=uuid4()).pk,
        "token": macro_queries.token_of(link),
    }
    other = {("answer", "ask_id"): answered.pk}
    return samples, other | {(name, "link"): session.link for name in ("learning_check", "check_picture")}
