"""What a thread needs in a test: issues with replies, words back, answered asks, calls, practice notes that match."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

from factories.five import TODAY, Five
from upwell.practice.accounts.models import Role
from upwell.practice.bridge.models import (
    Answer,
    Ask,
    CallForEvidence,
    Issue,
    IssueStatement,
    PracticeNote,
    Reply,
    Stage,
)
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.micro.models import AskMade, Case, Concern, Note, NoteMatch, Word

NOTE = "Eve Ostrowska waited eleven weeks for the certificate. On 3 March 2026 they sent her home."


def note(world: Five, text: str = NOTE, **more: object) -> Note:
    """A signed note of Ana's in Eve's case."""
    fields: dict[str, object] = {"case": world.case, "by": world.ana, "on": TODAY, "text": text, "form_key": uuid4()}
    return Note.objects.create(**(fields | {"signed_at": timezone.now()} | more))


def issue(world: Five, stage: str = Stage.PATTERN, **more: object) -> Issue:
    """An open issue about the certificates."""
    statement = IssueStatement.objects.create(
        agency=world.agency,
        title="Certificates take too long",
        what_happens="A birth certificate takes more than ten weeks.",
        who="People who need an identity document",
        domain=Domain.DOCUMENTS,
        barrier=Barrier.TOO_SLOW,
        policy=world.policy,
        half_year="2026-H2",
        written_by=Role.PRIVACY_OFFICER,
        approved_on=TODAY,
    )
    return Issue.objects.create(agency=world.agency, statement=statement, stage=stage, stage_since=TODAY, **more)


def reply(on: Issue, words: str = "Two hundred people wait as long.", **more: object) -> Reply:
    """Word back about an issue."""
    return Reply.objects.create(issue=on, stage=on.stage, words=words, agency=on.agency, role=Role.ADVOCATE, **more)


def word(concern: Concern, said: Reply, to: str = Word.To.WORKER) -> Word:
    """The reply, delivered for one concern."""
    return Word.objects.create(concern=concern, reply=said, to=to, delivered_at=timezone.now())


def call(world: Five, *, closes_on: date | None = None) -> CallForEvidence:
    """Macro asks who else has seen it."""
    return CallForEvidence.objects.create(
        agency=world.agency,
        question="Is anybody sent home without a certificate?",
        why="The office says that nobody is.",
        domain=Domain.DOCUMENTS,
        barrier=Barrier.MISAPPLIED,
        policy=world.policy,
        returned="What the office answers",
        opens_on=timezone.localdate() - timedelta(days=1),
        closes_on=closes_on or timezone.localdate() + timedelta(days=30),
    )


def ask_made(world: Five, *, on: Case | None = None, answer: str = "", days: int = 3) -> AskMade:
    """Ana's question from Eve's case, answered after some days where an answer is given."""
    asked = Ask.objects.create(
        agency=world.agency,
        kind=Ask.Kind.LAWFUL,
        domain=Domain.DOCUMENTS,
        barrier=Barrier.TOO_SLOW,
        policy=world.policy,
        state=Ask.State.ANSWERED if answer else Ask.State.ASKED,
        asked_on=timezone.localdate() - timedelta(days=days),
    )
    if answer:
        Answer.objects.create(ask=asked, words=answer, agency=world.agency, role=Role.ADVOCATE)
    return AskMade.objects.create(case=on or world.case, by=world.ana, ask=asked, form_key=uuid4(), at=timezone.now())


def match(world: Five, on: Case | None = None, note: PracticeNote | None = None) -> NoteMatch:
    """A practice note that may touch a case, Eve's unless another is named."""
    sent = note or PracticeNote.objects.create(
        agency=world.agency,
        policy=world.policy,
        title="Certificates at the counter",
        what_changed="The office now hands out certificates the same day.",
        who_affected="Everybody who waits for one",
        what_to_do="Go with the person and ask at the counter.",
        effective_on=TODAY,
        state=PracticeNote.State.SENT,
        sent_at=timezone.now(),
    )
    return NoteMatch.objects.create(case=on or world.case, practice_note=sent, found_at=timezone.now())
