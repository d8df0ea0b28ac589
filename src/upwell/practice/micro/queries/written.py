"""What is written in cases, as far as a worker may open them: one row by its id, drafts, and the timeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, Model, Prefetch, QuerySet, Value
from django.http import Http404

from upwell.practice.accounts.models import Worker
from upwell.practice.micro.models import Case, Concern, Draft, Entry, Goal, Note, NoteAmendment, Referral
from upwell.practice.micro.queries.case import cases_for

LINES_A_PAGE = 25
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Line:
    """One line of a case's timeline. kind: note, entry, goal, referral or concern; row: the row itself."""

    kind: str
    on: date
    row: Any  # one of five models, as kind says

    @property
    def template(self) -> str:
        """The fragment that draws it."""
        return f"micro/_line_{self.kind}.html"


def note_for(worker: Worker, note_id: UUID) -> Note:
    """A note of a case the worker may open. Raises Http404 otherwise."""
    return _one(Note.objects.select_related("case__person", "by"), worker, note_id)


def entry_for(worker: Worker, entry_id: UUID) -> Entry:
    """An entry of a case the worker may open. Raises Http404 otherwise."""
    return _one(Entry.objects.select_related("case__person"), worker, entry_id)


def goal_for(worker: Worker, goal_id: UUID) -> Goal:
    """A goal of a case the worker may open. Raises Http404 otherwise."""
    return _one(Goal.objects.select_related("case__person"), worker, goal_id)


def referral_for(worker: Worker, referral_id: UUID) -> Referral:
    """A referral of a case the worker may open. Raises Http404 otherwise."""
    return _one(Referral.objects.select_related("case__person", "service"), worker, referral_id)


def drafts_for(worker: Worker, kind: str = "") -> QuerySet[Draft]:
    """What the worker has begun and not finished, newest first, in cases they may open."""
    drafts = Draft.objects.filter(by=worker, case__in=cases_for(worker)).select_related("case__person")
    return drafts.filter(kind=kind) if kind else drafts


def entries_now(case: Case) -> list[Entry]:
    """The Life Situation as it stands: no superseded entry. Sorted by view and domain. One query."""
    entries = case.entries.exclude(state=Entry.State.SUPERSEDED).select_related("policy", "system", "by")
    order = {view: number for number, view in enumerate(Entry.View.values)}
    return sorted(entries, key=lambda each: (order[each.view], each.domain, each.role))


def goals_now(case: Case) -> list[Goal]:
    """Goals under way, newest first. One query."""
    return list(case.goals.filter(state=Goal.State.ACTIVE))


def timeline(case: Case, page_number: str) -> tuple[Page[Any], list[Line]]:
    """One page of everything written in a case, newest first. Two queries, and one a kind that is on the page."""
    each = (
        _lines(Note, "note", "on", "signed_at", case),
        _lines(Entry, "entry", "on", "written_at", case),
        _lines(Goal, "goal", "set_on", "written_at", case),
        _lines(Referral, "referral", "made_on", "written_at", case),
        _lines(Concern, "concern", "on", "raised_at", case),
    )
    rows = each[0].union(*each[1:], all=True).order_by("-day", "-moment", "-key")
    page = Paginator(rows, LINES_A_PAGE).get_page(page_number)
    found = _rows_of(list(page.object_list))
    return page, [Line(kind, on, found[key]) for kind, key, on, _ in page.object_list]


def _lines(model: type[Model], kind: str, day: str, moment: str, case: Case) -> QuerySet[Any, Any]:
    written: QuerySet[Any, Any] = model._default_manager.filter(case=case).order_by()
    named = written.annotate(line=Value(kind, CharField()), key=F("pk"), day=F(day), moment=F(moment))
    lines: QuerySet[Any, Any] = named.values_list("line", "key", "day", "moment")
    return lines


def _rows_of(lines: Iterable[tuple[str, UUID, date, Any]]) -> dict[UUID, Model]:
    keys: dict[str, list[UUID]] = {}
    for kind, key, _, _ in lines:
        keys.setdefault(kind, []).append(key)
    amendments = NoteAmendment.objects.select_related("by")
    sources: dict[str, QuerySet[Any]] = {
        "note": Note.objects.select_related("by").prefetch_related(Prefetch("amendments", amendments)),
        "entry": Entry.objects.select_related("by", "policy", "system"),
        "goal": Goal.objects.select_related("by"),
        "referral": Referral.objects.select_related("by", "service__system"),
        "concern": Concern.objects.select_related("by", "policy", "system"),
    }
    return {row.pk: row for kind, found in keys.items() for row in sources[kind].filter(pk__in=found)}


def _one(rows: QuerySet[Row], worker: Worker, key: UUID) -> Row:
    found = rows.filter(pk=key, case__in=cases_for(worker)).first()
    if found is None:
        raise Http404
    return found
