"""What is done with a concern: raised, kept as a draft, read by the team, answered, joined, ended with word back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NoReturn
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit, notify
from upwell.practice.accounts.models import Worker
from upwell.practice.accounts.once import once
from upwell.practice.bridge.models import CallForEvidence, Issue
from upwell.practice.environment.models import Policy, System
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError
from upwell.practice.micro import rules_concern as rules
from upwell.practice.micro.models import Case, Concern, ConcernGroup, Draft, Note, TeamWord


@once
@transaction.atomic
def concern_raise(
    *,
    case: Case,
    by: Worker,
    domain: str,
    barrier: str,
    policy: Policy | None,
    system: System | None,
    problem: str,
    impact: str,
    on: date,
    form_key: UUID,
    note: Note | None = None,
    call: CallForEvidence | None = None,
    wants_reply: bool = True,
) -> Concern:
    """The concern, and the draft it grew from gone. The same form twice is the same concern."""
    if (there := _raised_with(form_key, case, by)) is not None:
        return there
    coding = {"domain": domain, "barrier": barrier, "policy": policy, "system": system}
    boxes = {"problem": problem, "impact": impact}
    raised = {"on": on, "wants_reply": wants_reply, "raised_at": timezone.now(), "form_key": form_key}
    concern = Concern.objects.create(case=case, by=by, note=note, call=call, **coding, **boxes, **raised)
    Draft.objects.filter(case=case, by=by, kind="concern", form_key=form_key).delete()
    audit.record(by, "concern.raise", concern, subject=case.person_id, fields=["domain", "barrier", "problem"])
    return concern


@transaction.atomic
def concerns_acknowledge(*, concerns: Iterable[Concern], by: Worker, words: str) -> list[TeamWord]:
    """One sentence to each of those who raised them: the team has read it. Only what is new is acknowledged."""
    rules.check_sentence(words)
    keys = [concern.pk for concern in concerns]
    said = []
    for concern in Concern.objects.select_for_update().filter(pk__in=keys, state=Concern.State.NEW):
        _move(concern, Concern.State.ACKNOWLEDGED)
        said.append(_say(concern, by, TeamWord.Kind.READ, words))
        audit.record(by, "concern.acknowledge", concern, subject=concern.case.person_id, fields=["state"])
    return said


@transaction.atomic
def concern_answer(*, concern: Concern, by: Worker, words: str) -> TeamWord:
    """It could be answered in the case itself: appeal, a call, a fix at home. The words say how."""
    rules.check_sentence(words)
    concern = Concern.objects.select_for_update().get(pk=concern.pk)
    _move(concern, Concern.State.ANSWERED)
    said = _say(concern, by, TeamWord.Kind.ANSWER, words)
    audit.record(by, "concern.answer", concern, subject=concern.case.person_id, fields=["state"])
    return said


@transaction.atomic
def concern_join(*, concern: Concern, issue: Issue, by: Worker | None = None) -> Concern:
    """The concern belongs to an issue now. by: None for the crossing's own work."""
    concern = Concern.objects.select_for_update().get(pk=concern.pk)
    if concern.issue_id == issue.pk:
        return concern
    _move(concern, Concern.State.JOINED, issue=issue)
    audit.record(
        by,
        "concern.join",
        concern,
        subject=concern.case.person_id,
        fields=["issue", "state"],
        agency=concern.case.agency,
    )
    return concern


@transaction.atomic
def concern_return(*, concern: Concern, by: Worker | None = None) -> Concern:
    """The end of the thread. Refused as long as no word went back to whoever raised it: no dead ends."""
    concern = Concern.objects.select_for_update().get(pk=concern.pk)
    if concern.state == Concern.State.RETURNED:
        return concern
    answers = concern.team_words.filter(kind=TeamWord.Kind.ANSWER).count()
    rules.check_may_return(answers + concern.words_back.filter(to="worker").count())
    _move(concern, Concern.State.RETURNED)
    audit.record(
        by, "concern.return", concern, subject=concern.case.person_id, fields=["state"], agency=concern.case.agency
    )
    return concern


@transaction.atomic
def group_mark(*, concerns: Iterable[Concern], by: Worker) -> ConcernGroup:
    """A supervisor says that these concerns are one trouble: a hint for the desk. Marked twice is marked once."""
    alike = list(concerns)
    if len({concern.case.person_id for concern in alike}) < 2:
        raise NotAllowedError(_("One trouble of many needs concerns of at least two people."))
    if by.agency is None or by.team is None:
        raise NotAllowedError(_("Only somebody of a team can do this."))
    first = alike[0]
    group = first.group or ConcernGroup.objects.create(
        agency=by.agency,
        team=by.team,
        by=by,
        barrier=first.barrier,
        policy=first.policy,
        system=first.system,
        marked_at=timezone.now(),
    )
    for concern in alike:
        if concern.group_id != group.pk:
            concern.group = group
            concern.save(update_fields=["group"])
    audit.record(by, "group.mark", group, fields=["concerns"])
    return group


def _raised_with(form_key: UUID, case: Case, by: Worker) -> Concern | None:
    there = Concern.objects.filter(form_key=form_key).first()
    if there is not None and (there.case_id != case.pk or there.by_id != by.pk):
        _refuse()
    return there


def _refuse() -> NoReturn:
    raise ChangedMeanwhileError(_("This form was used for something else. Open it again."))


def _move(concern: Concern, to: str, *, issue: Issue | None = None) -> None:
    rules.check_move(concern.state, to)
    concern.state = to
    if issue is not None:
        concern.issue = issue
    concern.save(update_fields=["state", "issue"])


def _say(concern: Concern, by: Worker, kind: str, words: str) -> TeamWord:
    if concern.by_id != by.pk:
        notify.tell(concern.by, "reply")
    return TeamWord.objects.create(concern=concern, by=by, kind=kind, words=words.strip(), at=timezone.now())
