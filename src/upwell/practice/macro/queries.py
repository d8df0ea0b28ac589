"""What macro reads: projects, proposals and links of the own agency, and what a released table offers to measure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.core import signing
from django.db.models import QuerySet, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404

from upwell.evidence.disclosure.release import QuestionText, Release, Table
from upwell.practice.accounts.models import Worker
from upwell.practice.bridge.models import Crossed, Issue
from upwell.practice.bridge.released import release_of
from upwell.practice.errors import PracticeError
from upwell.practice.macro.models import (
    AideAction,
    AideQuestion,
    ContactLog,
    LobbyingClass,
    Project,
    Proposal,
    SignedLink,
)
from upwell.practice.macro.models import Target as Office

SALT = "upwell.macro.aide"
SHAREABLE = ("by", "finding_place")
"""Kinds of released tables whose rows are groups of people that can be measured again."""


class LinkShutError(Exception):
    """A signed link is ours, but has expired or was taken back."""


@dataclass(frozen=True)
class GroupOffered:
    """A group that a measure may name: a row of a released table whose counts are shown. key: of a form's choice."""

    key: str
    column: str
    label: str


@dataclass(frozen=True)
class QuestionOffered:
    """A question of a release that crossed for this issue, and the groups its tables show."""

    name: str
    words: str
    groups: tuple[GroupOffered, ...]


def projects_for(worker: Worker) -> QuerySet[Project]:
    """Projects of the own agency with their issue and measure."""
    return Project.objects.filter(agency=worker.agency).select_related("issue__statement", "owner", "measure__result")


def project_for(worker: Worker, project_id: UUID) -> Project:
    """A project of the own agency. Raises Http404 for any other."""
    return get_object_or_404(projects_for(worker), pk=project_id)


def projects_of(issue: Issue) -> QuerySet[Project]:
    """Projects of an issue with their proposals: two queries."""
    found = Project.objects.filter(issue=issue).select_related("measure__result")
    return found.prefetch_related("proposals__policy", "proposals__target")


def proposal_for(worker: Worker, proposal_id: UUID) -> Proposal:
    """A proposal of the own agency. Raises Http404 for any other."""
    found = Proposal.objects.select_related("project__issue__statement", "project__owner", "policy", "target")
    return get_object_or_404(found, pk=proposal_id, project__agency=worker.agency)


def offices_for(worker: Worker) -> QuerySet[Office]:
    """Public roles that the own agency has asked before."""
    return Office.objects.filter(agency=worker.agency)


def questions_of(proposal: Proposal) -> QuerySet[AideQuestion]:
    """What offices asked about a proposal, through whichever link."""
    return AideQuestion.objects.filter(link__proposal=proposal).order_by("asked_at")


def acts_of(proposal: Proposal) -> QuerySet[AideAction]:
    """What offices say they did about a proposal."""
    return AideAction.objects.filter(link__proposal=proposal).order_by("at")


def question_for(worker: Worker, question_id: int) -> AideQuestion:
    """An aide's question on a proposal of the own agency. Raises Http404 for any other."""
    found = AideQuestion.objects.select_related("link__proposal__project")
    return get_object_or_404(found, pk=question_id, link__proposal__project__agency=worker.agency)


def act_for(worker: Worker, act_id: int) -> AideAction:
    """What an aide did on a proposal of the own agency. Raises Http404 for any other."""
    found = AideAction.objects.select_related("link__proposal__project")
    return get_object_or_404(found, pk=act_id, link__proposal__project__agency=worker.agency)


def link_for(worker: Worker, link_id: UUID) -> SignedLink:
    """A link of a proposal of the own agency. Raises Http404 for any other."""
    found = SignedLink.objects.select_related("proposal__project")
    return get_object_or_404(found, pk=link_id, proposal__project__agency=worker.agency)


def waiting_for(worker: Worker) -> tuple[list[AideQuestion], list[AideAction]]:
    """What offices wait for, on proposals of the own agency: questions to answer, acts to confirm. Two queries."""
    about = "link__proposal__policy"
    own = {"link__proposal__project__agency": worker.agency}
    asked = AideQuestion.objects.filter(answered_at=None, **own).select_related(about).order_by("answer_due")
    done = AideAction.objects.filter(confirmed_at=None, **own).select_related(about).order_by("at")
    return list(asked), list(done)


def token_of(link: SignedLink) -> str:
    """What stands in the address of a link: its id and our signature of it, the same each time."""
    return signing.Signer(salt=SALT).sign(link.pk.hex)


def link_by(token: str, now: datetime) -> SignedLink:
    """The link that a token was signed for. Raises Http404 for one that is not ours, LinkShutError for a shut one."""
    try:
        link_id = UUID(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise Http404 from error
    about = ("made_by__agency", "proposal__project__issue", "proposal__project__agency", "proposal__project__owner")
    link = get_object_or_404(
        SignedLink.objects.select_related(*about, "proposal__policy", "proposal__target"), pk=link_id
    )
    if link.taken_back_at is not None or link.expires <= now:
        raise LinkShutError
    return link


def questions_offered(issue: Issue) -> list[QuestionOffered]:
    """The questions of the releases that crossed for an issue, those of its own figures first, each once.

    A release whose signature does not hold offers none.
    """
    own: dict[str, QuestionOffered] = {}
    more: dict[str, QuestionOffered] = {}
    for release, tables in _releases_of(issue):
        about = {table.question for table in release.tables if table.id in tables}
        for question in release.questions:
            into = own if question.name in about else more
            into.setdefault(question.name, _offered(question, release))
    return [*own.values(), *(each for name, each in more.items() if name not in own)]


def lobbying_of(worker: Worker, year: int) -> dict[str, Decimal]:
    """What the own agency's contacts of a year cost, by lobbying class, US dollars. One query."""
    rows = ContactLog.objects.filter(proposal__project__agency=worker.agency, on__year=year)
    spent = {row["lobbying"]: row["cost"] for row in rows.order_by().values("lobbying").annotate(cost=Sum("cost"))}
    return {key: spent.get(key, Decimal(0)) for key in LobbyingClass.values}


def _releases_of(issue: Issue) -> Iterator[tuple[Release, set[str]]]:
    """Each release that crossed for an issue, the newest first, with the tables in which the issue's figures stand."""
    figures: dict[UUID, set[str]] = {}
    for crossed_id, table in issue.figures.order_by("-pk").values_list("crossed_id", "table"):
        figures.setdefault(crossed_id, set()).add(table)
    crossed = Crossed.objects.in_bulk(figures)
    for crossed_id, tables in figures.items():
        try:
            yield release_of(crossed[crossed_id]), tables
        except PracticeError:
            continue


def _offered(question: QuestionText, release: Release) -> QuestionOffered:
    tables = [each for each in release.tables if each.question == question.name and each.kind in SHAREABLE]
    groups: dict[tuple[str, str], GroupOffered] = {}
    for group in (each for table in tables for each in _groups(table)):
        groups.setdefault((group.column, group.label), group)  # a place stands in two tables: offered once
    return QuestionOffered(question.name, question.words, tuple(groups.values()))


def _groups(table: Table) -> Iterator[GroupOffered]:
    for number, row in enumerate(table.rows):
        if row.known and row.persons is not None and row.yes is not None:
            yield GroupOffered(f"{table.id}:{number}", table.column, row.label)
