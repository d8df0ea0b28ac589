"""A supervisor's view of the team's concerns: what stands in whose way, never who among the workers raised how many."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from upwell.practice.accounts.models import Worker
from upwell.practice.environment.coding import Barrier
from upwell.practice.environment.models import Policy, System
from upwell.practice.micro import rules_concern as rules
from upwell.practice.micro.models import Concern
from upwell.practice.micro.queries.concern import About, concerns_for

DAYS_BACK = 365
"""Days of concerns that a team page looks at; those still without word back are always there."""
MOST_SHOWN = 50
"""Concerns, and groups of them, that a team page shows at once."""


@dataclass(frozen=True)
class Grid:
    """People of the team's cases by what is behind their trouble (rows) and what kind it is (columns).

    barriers: labels. rows: what is behind it -> people by barrier. A person with two concerns counts once in a cell.
    """

    barriers: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Alike:
    """The same barrier at the same rule or institution, in the lives of two people or more. people: persons."""

    barrier: str
    about: About
    people: int
    is_marked: bool

    @property
    def barrier_words(self) -> str:
        """The barrier in words."""
        return str(Barrier(self.barrier).label)


@dataclass(frozen=True)
class Waiting:
    """A concern that nobody has answered, and by when somebody should."""

    concern: Concern
    due_on: date
    due: str


def team_concerns(worker: Worker) -> QuerySet[Concern]:
    """Concerns of the own team's cases: the last year's, and older ones that still wait for word."""
    recent = Q(on__gte=timezone.localdate() - timedelta(days=DAYS_BACK)) | ~Q(state=Concern.State.RETURNED)
    return (
        concerns_for(worker)
        .filter(recent, case__team=worker.team_id)
        .select_related(None)  # a page of a year's concerns reads no name
        .select_related("case", "policy", "system")
        .defer("problem", "impact", "case__closing_account")
    )


def grid(concerns: QuerySet[Concern]) -> Grid:
    """Persons by barrier and by rule or institution; what is not known to belong to any stands last. One query."""
    cells = concerns.order_by().values_list("policy__title", "system__name", "barrier", "case__person").distinct()
    people: dict[str, dict[str, set[object]]] = defaultdict(lambda: defaultdict(set))
    for policy, system, barrier, person in cells:
        people[policy or system or ""][barrier].add(person)
    kinds = [kind for kind in Barrier if any(kind in row for row in people.values())]
    named = sorted(people, key=lambda name: (not name, name))
    rows = tuple((name, tuple(len(people[name].get(kind, ())) for kind in kinds)) for name in named)
    return Grid(tuple(str(kind.label) for kind in kinds), rows)


def alike(concerns: QuerySet[Concern]) -> list[Alike]:
    """Concerns that may be one trouble and are not yet part of an issue, the widest first. Three queries."""
    groups = list(
        _not_joined(concerns)
        .order_by()
        .values("barrier", "policy", "system")
        .annotate(people=Count("case__person", distinct=True), unmarked=Count("pk", filter=Q(group=None)))
        .filter(people__gt=1)
        .order_by("-people", "barrier")[:MOST_SHOWN]
    )
    policies = Policy.objects.in_bulk([row["policy"] for row in groups if row["policy"]])
    systems = System.objects.in_bulk([row["system"] for row in groups if row["system"]])
    return [
        Alike(
            row["barrier"],
            About(policies.get(row["policy"]), systems.get(row["system"])),
            row["people"],
            is_marked=not row["unmarked"],
        )
        for row in groups
    ]


def alike_of(concerns: QuerySet[Concern], barrier: str, about: About) -> QuerySet[Concern]:
    """The concerns of one group: the same barrier at the same rule, or institution where no rule is named."""
    if about.policy is not None:
        return _not_joined(concerns).filter(barrier=barrier, policy=about.policy)
    return _not_joined(concerns).filter(barrier=barrier, policy=None, system=about.system)


def waiting(concerns: QuerySet[Concern], today: date) -> list[Waiting]:
    """Concerns that nobody has answered, the longest waiting first, as many as one looks at in one go."""
    found = []
    for concern in concerns.filter(state=Concern.State.NEW).order_by("raised_at", "pk")[:MOST_SHOWN]:
        raised = timezone.localdate(concern.raised_at)
        due = rules.due(state=concern.state, raised_on=raised, today=today)
        found.append(Waiting(concern, rules.due_on(raised), due.value))
    return found


def _not_joined(concerns: QuerySet[Concern]) -> QuerySet[Concern]:
    """Concerns about something named, outside any issue; a person's own choice is no trouble."""
    named = Q(policy__isnull=False) | Q(system__isnull=False)
    return concerns.filter(named, issue=None).exclude(barrier=Barrier.DECLINED)
