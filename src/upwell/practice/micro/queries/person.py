"""What a worker may know of who belongs to whom."""

from __future__ import annotations

from django.utils import timezone

from upwell.practice.accounts.models import Worker
from upwell.practice.micro.models import Case
from upwell.practice.micro.queries.case import cases_for
from upwell.practice.person.models import Household, HouseholdMember, Person

MOST_TO_CHOOSE = 200


def own_people(worker: Worker, *, but: Person) -> list[Person]:
    """The people a worker is assigned to and works with now, by name. Two queries."""
    today = timezone.localdate()
    assigned = cases_for(worker).filter(assignments__worker=worker, assignments__since__lte=today)
    open_now = assigned.exclude(state=Case.State.CLOSED).exclude(person=but).values("person_id")
    people = Person.objects.filter(pk__in=open_now).order_by("pk")[:MOST_TO_CHOOSE]
    return sorted(people, key=lambda each: each.called.casefold())


def household_of(person: Person) -> Household | None:
    """The household a person has described, None before."""
    return Household.objects.filter(of=person).first()


def members_among(person: Person, people: list[Person]) -> list[Person]:
    """Who of the people belongs to a person's household now. Members whom the worker does not know are not named."""
    current = HouseholdMember.objects.filter(household__of=person, until=None, person__in=people)
    held = set(current.values_list("person_id", flat=True))
    return [each for each in people if each.pk in held]
