"""A release that crossed, the issues made from it, and the word that goes back at every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from upwell.evidence.disclosure import release as releases
from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Agency, Role, Worker
from upwell.practice.bridge import rules
from upwell.practice.bridge.models import Crossed, Figure, Issue, IssueStatement, Reply, Stage, StageChange
from upwell.practice.bridge.released import release_of
from upwell.practice.environment.models import Place, Policy, System
from upwell.practice.errors import ChangedMeanwhileError, PracticeError


@dataclass(frozen=True)
class StatementFields:
    """What the desk writes of a trouble (see IssueStatement): no finer than county and half-year."""

    title: str
    what_happens: str
    who: str
    domain: str
    barrier: str
    half_year: str
    policy: Policy | None = None
    system: System | None = None
    county: Place | None = None
    not_known: str = ""
    written_by: Role = Role.PRIVACY_OFFICER


@dataclass(frozen=True)
class FigureFields:
    """A number of an issue and the released row it repeats (see Figure)."""

    table: str
    row: int
    words: str
    with_trouble: int
    people: int
    expected_share: float | None = None
    p: float | None = None
    trend: str = "cannot tell"


@transaction.atomic
def receive(*, agency: Agency, data: bytes, public_key: bytes, on: date) -> Crossed:
    """The release that the desk let cross, checked and kept. The same release twice is the same row.

    public_key: 32 bytes. Raises PracticeError when the signature does not hold.
    """
    try:
        release = releases.read(data, public_key)
    except releases.SignatureError as error:
        raise PracticeError(str(error)) from error
    crossed, is_new = Crossed.objects.get_or_create(
        release_id=release.id,
        defaults={"agency": agency, "data": data, "public_key": public_key.hex(), "received_on": on},
    )
    if (crossed.agency_id, bytes(crossed.data)) != (agency.pk, data):
        raise ChangedMeanwhileError(_("Another release with this number crossed before. Gather again."))
    if is_new:
        audit.record(None, "release.receive", crossed, agency=agency)
    return crossed


@transaction.atomic
def issue_open(
    *, crossed: Crossed, statement: StatementFields, figures: Sequence[FigureFields], on: date, by: Worker | None = None
) -> Issue:
    """An issue made of a statement and released figures, with the first word back.

    When the agency already works on the same barrier and policy (institution, where no policy is named), the figures
    join that issue instead. by: for the audit alone; the issue never names a worker.
    """
    rules.check_statement(statement.county, statement.half_year)
    release = release_of(crossed)
    for figure in figures:
        rules.check_figure(release, figure.table, figure.row, figure.with_trouble, figure.people)
    issue = _same_trouble(crossed.agency, statement).first()
    is_known = issue is not None
    if issue is None:
        written = IssueStatement.objects.create(
            agency=crossed.agency,
            approved_on=on,
            **{name: getattr(statement, name) for name in statement.__dataclass_fields__},
        )
        issue = Issue.objects.create(
            agency=crossed.agency, statement=written, stage_since=on, next_due=rules.due(Stage.PATTERN, on)
        )
    added = _figures_add(issue, crossed, figures)
    if not is_known:
        _begin(issue, statement.written_by)
    elif added:
        words = _("It was counted again: {figure}").format(figure=added[0].words)
        _reply(issue, Reply.Kind.NEWS, words, issue.agency, role=statement.written_by)
    audit.record(by, "issue.figures" if is_known else "issue.open", issue, agency=issue.agency)
    return issue


@transaction.atomic
def issue_move(
    *,
    issue: Issue,
    to: str,
    words: str,
    agency: Agency,
    role: str,
    what_next: str = "",
    kind: str = Reply.Kind.STAGE,
    by: Worker | None = None,
) -> Issue:
    """Move an issue to a stage, forward or back, and tell everyone who raised it why. Reopens a closed issue.

    At the stage it already has, only the word goes back. by: for the audit alone.
    """
    said = rules.words_to_say(words)
    issue.refresh_from_db(from_queryset=Issue.objects.select_for_update())
    if issue.stage != to:
        on = timezone.localdate()
        StageChange.objects.create(
            issue=issue, from_stage=issue.stage, to_stage=to, words=said[:500], agency=agency, role=role
        )
        issue.stage, issue.stage_since = to, on
        issue.state, issue.review_on = Issue.State.OPEN, None
        issue.owner_role, issue.next_step = rules.owner_of(to), what_next[:200]
        issue.next_due = rules.due(to, on)
        issue.save()
    _reply(issue, kind, said, agency, role=role, what_next=what_next)
    audit.record(by, "issue.move", issue, agency=agency, fields=["stage"])
    return issue


@transaction.atomic
def issue_say(
    *,
    issue: Issue,
    kind: str,
    words: str,
    agency: Agency,
    role: str,
    what_next: str = "",
    by: Worker | None = None,
) -> Reply:
    """Word back to everyone who raised it, without a move."""
    reply = _reply(issue, kind, rules.words_to_say(words), agency, role=role, what_next=what_next)
    audit.record(by, "issue.say", issue, agency=agency)
    return reply


@transaction.atomic
def issue_park(
    *, issue: Issue, review_on: date, words: str, agency: Agency, role: str, by: Worker | None = None
) -> Issue:
    """Let an issue rest until a day on which it is looked at again, and say so."""
    said = rules.words_to_say(words)
    issue.refresh_from_db(from_queryset=Issue.objects.select_for_update())
    rules.check_open(issue)
    if review_on <= timezone.localdate():
        raise PracticeError(_("Name a day to come on which it will be looked at again."))
    issue.state, issue.review_on = Issue.State.PARKED, review_on
    issue.save(update_fields=["state", "review_on"])
    _reply(issue, Reply.Kind.NEWS, said, agency, role=role)
    audit.record(by, "issue.park", issue, agency=agency, fields=["state", "review_on"])
    return issue


@transaction.atomic
def issue_close(
    *,
    issue: Issue,
    words: str,
    agency: Agency,
    role: str,
    kind: str = Reply.Kind.RESULT,
    by: Worker | None = None,
) -> Issue:
    """End the work on an issue. It cannot end without a word to everyone who raised it."""
    said = rules.words_to_say(words)
    issue.refresh_from_db(from_queryset=Issue.objects.select_for_update())
    rules.check_open(issue)
    issue.state, issue.next_due, issue.next_step = Issue.State.CLOSED, None, ""
    issue.save(update_fields=["state", "next_due", "next_step"])
    _reply(issue, kind, said, agency, role=role)
    audit.record(by, "issue.close", issue, agency=agency, fields=["state"])
    return issue


def _same_trouble(agency: Agency, statement: StatementFields) -> QuerySet[Issue]:
    same = (
        Issue.objects.select_for_update()
        .filter(agency=agency, statement__barrier=statement.barrier, statement__policy=statement.policy)
        .exclude(state=Issue.State.CLOSED)
    )
    return same if statement.policy else same.filter(statement__system=statement.system)


def _figures_add(issue: Issue, crossed: Crossed, figures: Sequence[FigureFields]) -> list[Figure]:
    there = set(issue.figures.filter(crossed=crossed).values_list("table", "row"))
    return [
        Figure.objects.create(issue=issue, crossed=crossed, **asdict(figure))
        for figure in figures
        if (figure.table, figure.row) not in there
    ]


def _begin(issue: Issue, role: Role) -> None:
    words = _("The same trouble was found in many lives: {title}").format(title=issue.statement.title)
    StageChange.objects.create(issue=issue, to_stage=Stage.PATTERN, words=words, agency=issue.agency, role=role)
    what_next = _("People who live with it are asked whether this is how it is.")
    _reply(issue, Reply.Kind.STAGE, words, issue.agency, role=role, what_next=what_next)


def _reply(issue: Issue, kind: str, words: str, agency: Agency, *, role: str, what_next: str = "") -> Reply:
    return Reply.objects.create(
        issue=issue,
        kind=kind,
        stage=issue.stage,
        words=words[:600],
        what_next=what_next[:300],
        agency=agency,
        role=role,
    )
