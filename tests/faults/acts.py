"""One act of the house, killed at a point and done again: `python -m faults.acts ACT POINT [TIMES] [after]`.

The act runs in a fork that ends itself with SIGKILL where the point says: "module:name", at so many calls of it. Then
the parent, which had nothing open yet, does the act again as the next run would, and prints what there is as JSON.
With "only" at the end it is not done again; `--do ACT` does it whole. `--make` makes the world in the state folder and
the database that the environment names.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - models need the setup
from django.db import connections  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from factories import caseload, crossing  # noqa: E402
from factories.five import Five, consent  # noqa: E402
from upwell.practice.accounts import sealing  # noqa: E402
from upwell.practice.accounts.models import Agency, AuditEntry, Notice, Role, Worker  # noqa: E402
from upwell.practice.bridge.actions import issue_say  # noqa: E402
from upwell.practice.bridge.models import Crossed, Figure, Issue, IssueStatement, MeasureRequest, Reply  # noqa: E402
from upwell.practice.environment.coding import Barrier  # noqa: E402
from upwell.practice.micro.actions.caseload import caseload_apply, caseload_begin  # noqa: E402
from upwell.practice.micro.caseload.jobs import step  # noqa: E402
from upwell.practice.micro.crossing import actions, jobs, vault  # noqa: E402
from upwell.practice.micro.models import (  # noqa: E402
    Candidate,
    Case,
    CaseloadImport,
    Concern,
    Draft,
    Note,
    Outbox,
    Word,
)
from upwell.practice.person.models import Consent, ContactSent, Person  # noqa: E402

PEOPLE, TOLD, CAME = 120, 5, 6
FORM_KEY = UUID("11111111-2222-4333-8444-555555555555")
TEXT = "Eve still waits for her birth certificate."
SLOW = f"barrier {Barrier.TOO_SLOW}"


def make() -> None:
    """The five people in a crowd, and something waiting for each act. Run once; every test works on a copy."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    crowd = crossing.crowded(PEOPLE, concerns=PEOPLE)
    world = crowd.five
    for raised in Concern.objects.filter(policy=world.policy).order_by("pk")[:TOLD]:
        consent(raised.case.person, Consent.Purpose.TELL)
    Draft.objects.create(
        case=world.case, by=world.ana, form_key=FORM_KEY, fields=json.dumps({"text": TEXT}), version=3,
        saved_at=timezone.now(),
    )  # fmt: skip
    _candidate(world)
    _reply(world)
    _measure(world)
    batch = caseload_begin(by=world.ben, uploads=[caseload.upload(caseload.export(CAME))])
    step.call(str(batch.pk))
    caseload_apply(batch=batch, by=world.ben, team=world.team, workers={})
    sealing.seal(now=timezone.now() + timedelta(hours=1))


def _candidate(world: Five) -> None:
    made = crossing.gathered(world.agency)
    Notice.objects.all().delete()
    written = crossing.written(world, made)
    actions._keep(made, actions.Decision(world.ben.pk, crossing.TODAY, (written,)), world.ben)
    Candidate.objects.filter(pk=made.pk).update(decided_by=None)


def _reply(world: Five) -> None:
    """An issue about the same trouble at another institution's policy, and a word about it that nobody has heard."""
    said = IssueStatement.objects.create(
        agency=world.agency, title="Offices answer by post", what_happens="By post.", who="People", domain="documents",
        barrier=Barrier.TOO_SLOW, half_year="2026-H2", written_by=Role.PRIVACY_OFFICER, approved_on=crossing.TODAY,
        policy=None, system=None,
    )  # fmt: skip
    issue = Issue.objects.create(agency=world.agency, statement=said, stage_since=crossing.TODAY)
    told = Concern.objects.filter(policy=world.policy).order_by("pk")[: 2 * TOLD]
    Concern.objects.filter(pk__in=list(told.values_list("pk", flat=True))).update(
        issue=issue, state=Concern.State.JOINED
    )
    for words in ("It lies with the county.", "The county has answered."):
        issue_say(issue=issue, kind=Reply.Kind.NEWS, words=words, agency=world.agency, role=Role.ADVOCATE)


def _measure(world: Five) -> None:
    MeasureRequest.objects.create(
        agency=world.agency, issue=Issue.objects.first(), question=SLOW, question_words="Waited too long",
        before_from=date(2025, 1, 1), before_to=date(2025, 12, 31), after_from=date(2026, 1, 1),
        after_to=date(2026, 10, 31), state=MeasureRequest.State.LOCKED,
    )  # fmt: skip


def agency() -> Agency:
    """Ana's."""
    return Agency.objects.get(slug="fennhaven")


def worker(first: str) -> Worker:
    """One of the five, by first name."""
    return Worker.objects.get(email=f"{first}@example.org")


def browser(first: str) -> Client:
    """Somebody signed in."""
    made = Client(raise_request_exception=False)
    made.force_login(worker(first))
    return made


def note() -> None:
    """Ana signs the note she has begun."""
    told = {"form_key": FORM_KEY, "version": 3, "text": TEXT, "kind": "meeting", "on": timezone.localdate()}
    case = Draft.objects.filter(form_key=FORM_KEY).values_list("case", flat=True).first()
    case = case or Note.objects.values_list("case", flat=True).get(form_key=FORM_KEY)
    answer = browser("ana").post(reverse("note_write", args=[case]), told)
    assert answer.status_code == 302, answer.status_code


def gather() -> None:
    """A night, long after what waited at the desk was overtaken."""
    prepared = Candidate.objects.order_by("made_at")[0]
    Candidate.objects.filter(pk=prepared.pk).update(state=Candidate.State.STALE)
    _run("gather", "")


def approve() -> None:
    """Ben lets the candidate cross, with the statement that he wrote."""
    made = Candidate.objects.order_by("made_at")[0]
    written = actions.Decision.of(made.decision).statements
    actions.candidate_approve(candidate=made, by=worker("ben"), statements=written)


def deliver() -> None:
    """The first reply goes out."""
    _run("deliver", str(Reply.objects.order_by("pk").values_list("pk", flat=True)[0]))


def measure() -> None:
    """The declared measure is computed."""
    _run("measure", str(MeasureRequest.objects.get().pk))


def bring() -> None:
    """The caseload comes in."""
    step.call(str(CaseloadImport.objects.get().pk))


def _run(kind: str, target: str) -> None:
    """Do one row as the job worker does, five minutes after whoever was at it has died."""
    outbox, _ = Outbox.objects.get_or_create(kind=kind, agency=agency(), target=target, due_on=crossing.TODAY)
    Outbox.objects.filter(pk=outbox.pk, done_at=None).update(claimed_until=None)
    jobs.run.call(outbox.pk)


def work() -> None:
    """The job worker does all that is due, an hour after the last one was killed."""
    Outbox.objects.filter(done_at=None).update(claimed_until=None, queued_at=None)
    call_command("work", once=True)


ACTS: dict[str, Callable[[], None]] = {
    each.__name__: each for each in (note, gather, approve, deliver, measure, bring, work)
}


def state() -> dict[str, Any]:
    """What every effect has left: how many of each, and whether the chains hold."""
    agreeing = Consent.objects.filter(purpose=Consent.Purpose.TELL).values("person")
    telling = Concern.objects.filter(state="joined", case__person__in=agreeing)
    doubled = Word.objects.values("concern", "reply", "to").annotate(times=Count("pk")).filter(times__gt=1)
    return {
        "notes": Note.objects.count(),
        "drafts": Draft.objects.count(),
        "texts": sorted(Note.objects.values_list("text", flat=True)),
        "waiting": Candidate.objects.filter(state="waiting").count(),
        "candidates": Candidate.objects.count(),
        "approved": Candidate.objects.filter(state="approved").count(),
        "lines": len(vault.entries_now(agency())),
        "whole": vault.is_whole(agency()),
        "crossed": Crossed.objects.count(),
        "issues": Issue.objects.count(),
        "figures": Figure.objects.count(),
        "replies": Reply.objects.count(),
        "joined": Concern.objects.filter(state="joined").count(),
        "telling": telling.count(),
        "people_telling": telling.values("case__person").distinct().count(),
        "words": Word.objects.count(),
        "to_person": Word.objects.filter(to="person").count(),
        "doubled": doubled.count(),
        "messages": ContactSent.objects.count(),
        "notices": dict(Notice.objects.order_by().values_list("kind").annotate(Count("pk"))),
        "people": Person.objects.filter(agency=agency()).count(),
        "cases": Case.objects.filter(agency=agency()).count(),
        "imports": sorted(CaseloadImport.objects.values_list("state", flat=True)),
        "undone": Outbox.objects.filter(done_at=None).count(),
        "errors": sorted(Outbox.objects.exclude(error="").values_list("error", flat=True)),
        "acts": dict(AuditEntry.objects.filter(is_read=False).order_by().values_list("act").annotate(Count("pk"))),
    }


def die_at(point: str, times: int, after: bool) -> None:
    """End this process, without a word to anybody, at the nth call of a function."""
    where, _, name = point.partition(":")
    holder: Any = importlib.import_module(where)
    real = getattr(holder, name)
    left = times

    @functools.wraps(real)
    def fatal(*args: Any, **kwargs: Any) -> Any:
        nonlocal left
        left -= 1
        if after:
            given = real(*args, **kwargs)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return given if after else real(*args, **kwargs)

    setattr(holder, name, fatal)


def killed(act: str, point: str, times: int, after: bool) -> bool:
    """Do an act in a fork that dies at a point. False when it lived through."""
    connections.close_all()
    victim = os.fork()
    if victim == 0:
        try:
            die_at(point, times, after)
            ACTS[act]()
        finally:
            os._exit(1)
    _, ended = os.waitpid(victim, 0)
    return os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGKILL


def main(words: list[str]) -> None:
    """Make the world, do an act, or kill an act and do it again."""
    if words == ["--make"]:
        make()
        return
    if words[0] == "--do":
        ACTS[words[1]]()
        print(json.dumps(state()))
        return
    act, point, times, after = words[0], words[1], int(words[2]), words[3] == "after"
    was_killed = killed(act, point, times, after)
    between = state()
    if words[4:] == ["only"]:
        print(json.dumps({"killed": was_killed, "between": between}))
        return
    ACTS[act]()
    once = state()
    ACTS[act]()
    sealing.seal(now=timezone.now() + timedelta(hours=1))
    audit = sealing.verify()
    told = {"killed": was_killed, "between": between, "after": once, "again": state(), "audit": audit.broken}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
