"""Changing the environment. What is there already under the same name is returned, never doubled."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.db import models, transaction

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.environment import rules
from upwell.practice.environment.models import Place, Policy, PolicyChange, Service, System

Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def place_add(*, by: Worker, name: str, kind: str, parent: Place | None, code: str = "") -> Place:
    """A town, county or state."""
    there = Place.objects.filter(name__iexact=name, kind=kind, parent=parent).first()
    return there or _add(by, "place.add", Place(name=name, kind=kind, parent=parent, code=code))


@transaction.atomic
def place_change(*, place: Place, by: Worker, **fields: Any) -> Place:  # Any: the form's fields
    """Correct a place."""
    return _change(by, "place.change", place, fields)


@transaction.atomic
def system_add(*, by: Worker, name: str, kind: str, place: Place | None) -> System:
    """An institution."""
    there = System.objects.filter(name__iexact=name, kind=kind, place=place).first()
    return there or _add(by, "system.add", System(name=name, kind=kind, place=place))


@transaction.atomic
def system_change(*, system: System, by: Worker, **fields: Any) -> System:  # Any: the form's fields
    """Correct an institution."""
    return _change(by, "system.change", system, fields)


@transaction.atomic
def service_add(*, by: Worker, name: str, system: System, **fields: Any) -> Service:  # Any: the form's fields
    """What an institution offers."""
    there = Service.objects.filter(name__iexact=name, system=system).first()
    return there or _add(by, "service.add", Service(name=name, system=system, **fields))


@transaction.atomic
def service_change(*, service: Service, by: Worker, **fields: Any) -> Service:  # Any: the form's fields
    """Correct a service, or say that it is no longer there."""
    return _change(by, "service.change", service, fields)


@transaction.atomic
def policy_add(*, by: Worker, title: str, system: System | None, **fields: Any) -> Policy:  # Any: the form's fields
    """A law, rule, bill or practice."""
    there = Policy.objects.filter(title__iexact=title, system=system, place=fields.get("place")).first()
    return there or _add(by, "policy.add", Policy(title=title, system=system, **fields))


@transaction.atomic
def policy_change(*, policy: Policy, by: Worker, **fields: Any) -> Policy:  # Any: the form's fields
    """Correct how a policy is described. What happens to it is a change of its own: policy_change_add."""
    return _change(by, "policy.change", policy, fields)


@transaction.atomic
def policy_change_add(
    *, policy: Policy, by: Worker, on: date, action: str, words: str = "", today: date
) -> PolicyChange:
    """One step in a policy's history; the policy's state follows from the whole history up to today."""
    there = PolicyChange.objects.filter(policy=policy, on=on, action=action, words=words).first()
    if there:
        return there
    made = PolicyChange.objects.create(policy=policy, on=on, action=action, words=words)
    changes = policy.changes.order_by("on", "pk").values_list("on", "action")
    policy.state = rules.state_after(changes, today=today, before=policy.state)
    policy.save(update_fields=["state"])
    audit.record(by, "policy.step", made, fields=["action", "on", "words"])
    return made


def _add(by: Worker, act: str, row: Row) -> Row:
    row.save(force_insert=True)
    audit.record(by, act, row)
    return row


def _change(by: Worker, act: str, row: Row, fields: dict[str, Any]) -> Row:
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    if changed:
        row.save(update_fields=changed)
        audit.record(by, act, row, fields=changed)
    return row
