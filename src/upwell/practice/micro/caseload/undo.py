"""Taking an import back: exactly what came with it, except what somebody has worked on since."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel

from upwell.practice.micro.caseload.bring import index_anew, shas_now
from upwell.practice.micro.models import Assignment, Case, CaseloadImport, CaseloadRow, NoteMatch
from upwell.practice.person.models import Household, HouseholdMember, NameToken, Person

AT_ONCE = 500
Id = TypeVar("Id", UUID, str)
_BY_MACHINE: frozenset[type[Model]] = frozenset({Assignment, NoteMatch, Case, CaseloadRow, NameToken, HouseholdMember})
"""Rows that nobody wrote by hand: they come and go with their case or person."""


@dataclass
class Undone:
    """What was taken back, and how many cases stay because somebody has worked on them."""

    cases: int = 0
    people: int = 0
    reverted: int = 0
    kept: int = 0


def worked_on(batch: CaseloadImport) -> set[UUID]:
    """The import's cases that somebody has worked on: written in, moved on, planned, or their person's file kept."""
    moved = batch.cases.exclude(state=Case.State.ENGAGED, next_contact_on=None, closed_on=None)
    found = set(moved.values_list("pk", flat=True))
    for rows, name in _written(Case):
        found.update(rows.filter(**{f"{name}__came_with": batch}).values_list(f"{name}_id", flat=True))
    persons: set[UUID] = set()
    for rows, name in _written(Person):
        of_batch = rows.filter(**{f"{name}__cases__came_with": batch})
        persons.update(of_batch.values_list(f"{name}_id", flat=True))
    persons.update(_kept_up(batch))
    for some in _slices(sorted(persons)):
        found.update(batch.cases.filter(person__in=some).values_list("pk", flat=True))
    return found


def _kept_up(batch: CaseloadImport) -> Iterator[UUID]:
    """Persons whose own file was added to here: what no export says."""
    people = Person.objects.filter(cases__came_with=batch).distinct()
    for person in people.iterator(chunk_size=AT_ONCE):
        if person.preferred_name or person.pronouns or person.state != Person.State.ACTIVE:
            yield person.pk


def take_back(batch: CaseloadImport, key: bytes) -> Undone:
    """Remove what came and was not worked on, and put back what it had changed. Call it inside the transaction."""
    stays = worked_on(batch)
    going = [pk for pk in batch.cases.values_list("pk", flat=True) if pk not in stays]
    done = Undone(cases=len(going), kept=len(stays))
    for some in _slices(going):
        Case.objects.filter(pk__in=some).delete()
    _revert(batch, key, done)
    made, touched = batch.rows.filter(made=True, person__cases=None), _touched(batch)
    leaving = [pk for pk in made.values_list("person", flat=True) if pk not in touched]
    for some in _slices(leaving):
        Person.objects.filter(pk__in=some).delete()
    done.people = len(leaving)
    for some in _slices(batch.counts.get("households", [])):
        Household.objects.filter(pk__in=some, members=None).delete()
    return done


def _touched(batch: CaseloadImport) -> set[UUID]:
    """Persons made by the import about whom something was written by hand, although they have no case now."""
    found: set[UUID] = set()
    for rows, name in _written(Person):
        found.update(rows.filter(**{f"{name}__came_with__batch": batch}).values_list(f"{name}_id", flat=True))
    return found


def _revert(batch: CaseloadImport, key: bytes, done: Undone) -> None:
    """Persons that the import had changed are as before, unless somebody has changed them since."""
    for row in batch.rows.filter(made=False).select_related("person"):
        person, before = row.person, json.loads(row.before)
        if row.came_sha not in shas_now(person, key):
            continue
        for name, value in before.items():
            setattr(person, name, value)
        person.save(update_fields=list(before))
        index_anew(person)
        row.delete()
        done.reverted += 1


def _written(model: type[Model]) -> Iterator[tuple[QuerySet[Model], str]]:
    """The rows that people write about a case or a person, and the name of their key to it."""
    for relation in model._meta.related_objects:
        if isinstance(relation, ForeignObjectRel) and relation.related_model not in _BY_MACHINE:
            related: type[Model] = relation.related_model
            yield related._default_manager.all(), relation.field.name


def _slices(values: Sequence[Id]) -> Iterator[Sequence[Id]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
