"""Concerns as a worker may see them, and what a form for a new one can offer before anything is typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.models import Agency, Worker
from upwell.practice.bridge.models import CallForEvidence
from upwell.practice.environment.models import Policy, System
from upwell.practice.micro.identifiers import Names
from upwell.practice.micro.models import Case, Concern, Draft, Entry, Note
from upwell.practice.micro.queries.case import cases_for, workers_of
from upwell.practice.person.models import Consent, HouseholdMember, Person
from upwell.practice.person.queries import has_consent

LATELY = 200
"""Concerns looked back upon to tell which rules and institutions an agency meets most recently."""
MOST_CHOICES = 300
"""Rules, and institutions, that a list offers at most; what is not among them is left empty."""

Row = TypeVar("Row", bound=Model)
Choices = list[tuple[str | Promise, list[tuple[str, str]]]]


@dataclass(frozen=True)
class About:
    """What stands behind a trouble: a rule or practice, the institution it belongs to, or neither known."""

    policy: Policy | None = None
    system: System | None = None

    @property
    def key(self) -> str:
        """As a form carries it: "p:<id>", "s:<id>", or "" for not known."""
        if self.policy is not None:
            return f"p:{self.policy.pk}"
        return f"s:{self.system.pk}" if self.system is not None else ""


@dataclass(frozen=True)
class Offer:
    """What a form begins with. note: the note it came from; is_cut: the note is longer than the box."""

    domain: str = ""
    barrier: str = ""
    about: About = About()
    problem: str = ""
    is_cut: bool = False
    note: Note | None = None
    call: CallForEvidence | None = None


def concerns_for(worker: Worker) -> QuerySet[Concern]:
    """Concerns of the cases a worker may open, newest first."""
    return Concern.objects.filter(case__in=cases_for(worker)).select_related(
        "case__person", "case__team", "case__agency", "policy", "system", "issue__statement", "by"
    )


def concern_for(worker: Worker, concern_id: UUID) -> Concern:
    """One concern. Raises Http404 when its case is not the worker's."""
    return _one(concerns_for(worker).filter(pk=concern_id).first())


def own_concerns(worker: Worker) -> QuerySet[Concern]:
    """What a worker has raised, newest first, also where somebody else has the case now: the coding, not the boxes."""
    return (
        Concern.objects.filter(by=worker, case__agency=worker.agency_id)
        .select_related("policy", "system", "issue__statement", "case")
        .defer("problem", "impact", "case__closing_account")
        .order_by("-raised_at", "pk")
    )


def drafts_of(case: Case, worker: Worker) -> QuerySet[Draft]:
    """Concerns that a worker has begun in a case, the last saved first."""
    return Draft.objects.filter(case=case, by=worker, kind="concern").order_by("-saved_at", "pk")


def names_of(case: Case) -> Names:
    """The names that a text of this case may hold: the person's, the household's, the workers'; and public ones."""
    households = HouseholdMember.objects.filter(person=case.person_id).values("household_id")
    members = Person.objects.filter(households__household__in=households).exclude(pk=case.person_id)
    return Names(
        person=_names([case.person]),
        household=_names(members),
        workers=frozenset(workers_of(case).values_list("name", flat=True)),
        public=_public_names(),
    )


def note_in(case: Case, note_id: UUID) -> Note:
    """A note of the case. Raises Http404 for any other."""
    return _one(case.notes.filter(pk=note_id).first())


def call_of(agency: Agency, call_id: UUID) -> CallForEvidence:
    """A call for evidence, also one that closed while the form was open. Raises Http404 for another agency's."""
    return _one(
        CallForEvidence.objects.filter(agency=agency).select_related("policy", "system").filter(pk=call_id).first()
    )


def offer_for(case: Case, *, note: Note | None = None, call: CallForEvidence | None = None, most: int = 1000) -> Offer:
    """What is known already: the call's coding, else that of the case's last entry or concern; and the note's text."""
    text, is_cut = _cut(note.text if note else "", most)
    coded = call or _last_coded(case)
    if coded is None:
        return Offer(problem=text, is_cut=is_cut, note=note)
    barrier = call.barrier if call else ""
    return Offer(coded.domain, barrier, About(coded.policy, coded.system), text, is_cut, note, call)


def last_coding(case: Case) -> Offer:
    """The coding that a question from this case most likely is about, barrier and all."""
    coded = _last_coded(case)
    if coded is None:
        return Offer()
    return Offer(coded.domain, coded.barrier, About(coded.policy, coded.system))


def about_choices(agency: Agency, chosen: About) -> Choices:
    """Rules and institutions for a list: those the agency met most recently first. Three queries."""
    lately = _lately(agency)
    policies = Policy.objects.exclude(state=Policy.State.ENDED).order_by("title", "pk")[:MOST_CHOICES]
    systems = System.objects.order_by("name", "pk")[:MOST_CHOICES]
    rules = {f"p:{each.pk}": each.title for each in policies}
    offices = {f"s:{each.pk}": each.name for each in systems}
    known = rules | offices
    if chosen.key and chosen.key not in known:
        known[chosen.key] = str(chosen.policy or chosen.system)
    first = [chosen.key] if chosen.key else []
    recent = [(key, known[key]) for key in dict.fromkeys([*first, *lately]) if key in known]
    return [
        ("", [("", str(_("Not in the list, or not known")))]),
        (_("Used lately"), recent),
        (_("Rules and practices"), list(rules.items())),
        (_("Institutions"), list(offices.items())),
    ]


def domains_lately(agency: Agency) -> list[str]:
    """Domains of life of the agency's last concerns, most recent first."""
    rows = _last_concerns(agency).values_list("domain", flat=True)[:LATELY]
    return list(dict.fromkeys(rows))


def about_of(key: str) -> About | None:
    """What a form's key stands for; None for a key that nobody has."""
    kind, _colon, number = key.partition(":")
    if not key:
        return About()
    try:
        found = UUID(number)
    except ValueError:
        return None
    if kind == "p" and (policy := Policy.objects.filter(pk=found).select_related("system").first()):
        return About(policy, policy.system)
    if kind == "s" and (system := System.objects.filter(pk=found).first()):
        return About(None, system)
    return None


def consents_to_be_heard(person: Person, on: date) -> dict[str, bool]:
    """Whether a person agrees, now, to be counted and to be told. Raising a concern depends on neither."""
    return {
        "count": has_consent(person, Consent.Purpose.COUNT, on),
        "tell": has_consent(person, Consent.Purpose.TELL, on),
    }


def _last_coded(case: Case) -> Entry | Concern | None:
    """The newest coded row of the case, entry or concern."""
    entry = (
        case.entries.exclude(state=Entry.State.SUPERSEDED)
        .exclude(domain="")
        .select_related("policy", "system")
        .order_by("-on", "-pk")
        .first()
    )
    concern = case.concerns.select_related("policy", "system").order_by("-raised_at", "pk").first()
    if entry is None or concern is None:
        return entry or concern
    return concern if concern.on >= entry.on else entry


def _lately(agency: Agency) -> list[str]:
    rows = _last_concerns(agency).filter(Q(policy__isnull=False) | Q(system__isnull=False))
    keys = rows.values_list("policy_id", "system_id")[:LATELY]
    return [f"p:{policy}" if policy else f"s:{system}" for policy, system in keys]


def _last_concerns(agency: Agency) -> QuerySet[Concern]:
    return Concern.objects.filter(case__agency=agency).order_by("-raised_at")


def _names(people: Iterable[Person]) -> frozenset[str]:
    found = {f"{each.first_name} {each.last_name}" for each in people}
    found |= {each.preferred_name for each in people}
    return frozenset(name for name in found if name.strip())


def _public_names() -> frozenset[str]:
    systems = System.objects.order_by("name").values_list("name", flat=True)[:MOST_CHOICES]
    policies = Policy.objects.order_by("title").values_list("title", flat=True)[:MOST_CHOICES]
    return frozenset([*systems, *policies])


def _cut(text: str, most: int) -> tuple[str, bool]:
    """The beginning of a text that fits a box, whole words, and whether something was left out."""
    text = text.replace("\r\n", "\n").strip()
    if len(text) <= most:
        return text, False
    return text[:most].rsplit(None, 1)[0], True


def _one(row: Row | None) -> Row:
    if row is None:
        raise Http404
    return row
