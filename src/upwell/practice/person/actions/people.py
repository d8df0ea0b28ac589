"""Who somebody is, and who belongs to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.db import transaction

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Agency, Worker
from upwell.practice.person import index
from upwell.practice.person.models import Household, HouseholdMember, NameToken, Person

NAMES = frozenset({"first_name", "last_name", "preferred_name"})
CHANGEABLE = NAMES | {"pronouns", "language", "birth_date", "state"}


@transaction.atomic
def person_add(
    *,
    agency: Agency,
    by: Worker,
    first_name: str,
    last_name: str,
    preferred_name: str = "",
    pronouns: str = "",
    language: str = "en",
    birth_date: str = "",
    source_sha: str = "",
) -> Person:
    """A new person of an agency, findable by name at once."""
    person = Person.objects.create(
        agency=agency,
        first_name=first_name,
        last_name=last_name,
        preferred_name=preferred_name,
        pronouns=pronouns,
        language=language,
        birth_date=birth_date,
        source_sha=source_sha,
    )
    _index(person)
    audit.record(by, "person.add", person, subject=person.pk)
    return person


@transaction.atomic
def person_change(*, person: Person, by: Worker, fields: Mapping[str, str]) -> Person:
    """Change what is named in `fields` and differs. The audit holds the names of the fields, never the values."""
    changed = sorted(name for name, value in fields.items() if getattr(person, name) != value)
    if unknown := set(changed) - CHANGEABLE:
        raise KeyError(f"A person's {', '.join(sorted(unknown))} cannot be changed here.")
    if not changed:
        return person
    for name in changed:
        setattr(person, name, fields[name])
    person.save(update_fields=changed)
    if NAMES & set(changed):
        _index(person)
    audit.record(by, "person.change", person, subject=person.pk, fields=changed)
    return person


@transaction.atomic
def household_set(
    *, person: Person, by: Worker, words: str, members: Collection[Person], among: Collection[Person], on: date
) -> Household:
    """Who belongs to a person, in their words. members: those of `among` who do; others' membership stays as it is.

    among: the people whom the worker may see. A member from elsewhere is neither shown to them nor removed by them.
    """
    household, _ = Household.objects.get_or_create(of=person, defaults={"agency": person.agency})
    household.words = words
    household.save(update_fields=["words"])
    wanted, offered = {each.pk for each in members}, {each.pk for each in among}
    standing = {each.person_id: each for each in household.members.filter(until=None)}
    for pk in sorted((wanted & offered) - set(standing)):
        HouseholdMember.objects.create(household=household, person_id=pk, since=on)
    for pk in sorted((set(standing) & offered) - wanted):
        standing[pk].until = on
        standing[pk].save(update_fields=["until"])
    audit.record(by, "household.set", household, subject=person.pk, fields=["words", "members"])
    return household


def _index(person: Person) -> None:
    NameToken.objects.filter(person=person).delete()
    for token in sorted(index.tokens(person.agency_id, person.first_name, person.last_name, person.preferred_name)):
        NameToken.objects.create(person=person, agency_id=person.agency_id, token=token)
