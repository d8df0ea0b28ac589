"""Finding a case by its person's name: own ones by name, others as a hint whom to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from upwell.practice.accounts.models import Worker
from upwell.practice.micro.models import Assignment, Case
from upwell.practice.micro.queries.case import assignments_now, cases_for
from upwell.practice.person.queries import people_named

MOST = 25
"""Cases of each kind that a search shows; who looks for a person adds a word."""


@dataclass(frozen=True)
class Found:
    """own: cases the worker may open. others: cases of the agency whose team and workers can be asked."""

    own: Sequence[Case]
    others: Sequence[Case]

    @property
    def has_more(self) -> bool:
        """Whether the search was too wide to show all of it."""
        return MOST in {len(self.own), len(self.others)}


def found_by_name(worker: Worker, words: str) -> Found:
    """Cases of the own agency whose person is called so. Three queries; names never enter the database's log."""
    if worker.agency is None:
        return Found((), ())
    people = people_named(worker.agency, words).values("pk")
    named = Case.objects.filter(agency=worker.agency_id, person__in=people).order_by("-opened_on", "pk")
    own = named.filter(pk__in=cases_for(worker).values("pk")).select_related("person", "team")
    return Found(list(own[:MOST]), list(_to_ask(worker, named)[:MOST]))


def _to_ask(worker: Worker, named: QuerySet[Case]) -> QuerySet[Case]:
    """The others: their person is not read, so that no page can show the name."""
    assigned: QuerySet[Assignment] = assignments_now().select_related("worker")
    others = named.exclude(pk__in=cases_for(worker).values("pk")).select_related("team")
    return others.prefetch_related(Prefetch("assignments", assigned, to_attr="assigned_now"))
