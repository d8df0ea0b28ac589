"""A supervisor's view of the team's concerns: what stands in whose way, never who among the workers raised how many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from upwell.practice.accounts.models import Worker
from upwell.practice.environment.coding import Barrier
from upwell.practice.micro import rules_concern as rules
from upwell.practice.micro.models import Concern
from upwell.practice.micro.queries.concern import About, concerns_for

DAYS_BACK = 365
"""Days of concerns that a team page looks at; those still without word back are always there."""


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
    concerns: tuple[Concern, ...]
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


def grid(concerns: Iterable[Concern]) -> Grid:
    """Persons by barrier and by rule or institution; what is not known to belong to any stands last."""
    people: dict[str, dict[str, set[object]]] = defaultdict(lambda: defaultdict(set))
    for concern in concerns:
        people[str(concern.policy or concern.system or "")][concern.barrier].add(concern.case.person_id)
    kinds = [kind for kind in Barrier if any(kind in row for row in people.values())]
    named = sorted(people, key=lambda name: (not name, name))
    rows = tuple((name, tuple(len(people[name].get(kind, ())) for kind in kinds)) for name in named)
    return Grid(tuple(str(kind.label) for kind in kinds), rows)


def alike(concerns: Iterable[Concern]) -> list[Alike]:
    """Groups of concerns that may be one trouble and are not yet part of an issue, the widest first."""
    groups: dict[tuple[str, str], list[Concern]] = defaultdict(list)
    for concern in concerns:
        about = About(concern.policy, concern.system)
        if concern.issue_id is None and about.key and concern.barrier != Barrier.DECLINED:
            groups[concern.barrier, about.key].append(concern)
    found = [_alike(barrier, rows) for (barrier, _), rows in groups.items()]
    return sorted((each for each in found if each.people > 1), key=lambda each: (-each.people, each.barrier))


def alike_of(concerns: Iterable[Concern], barrier: str, about: str) -> tuple[Concern, ...]:
    """The concerns of one group, () when there is none such."""
    for each in alike(concerns):
        if each.barrier == barrier and each.about.key == about:
            return each.concerns
    return ()


def waiting(concerns: Iterable[Concern], today: date) -> list[Waiting]:
    """Concerns that nobody has answered, the longest waiting first."""
    found = []
    for concern in concerns:
        raised = timezone.localdate(concern.raised_at)
        due = rules.due(state=concern.state, raised_on=raised, today=today)
        if due != rules.Due.DONE:
            found.append(Waiting(concern, rules.due_on(raised), due.value))
    return sorted(found, key=lambda each: each.due_on)


def _alike(barrier: str, rows: Sequence[Concern]) -> Alike:
    people = len({row.case.person_id for row in rows})
    marked = all(row.group_id is not None for row in rows)
    return Alike(barrier, About(rows[0].policy, rows[0].system), people, tuple(rows), marked)
