"""Reading the environment. It is public knowledge and shared by every agency."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from upwell.practice.environment.models import Place, Policy, PolicyChange, Service, System

Row = TypeVar("Row", bound=Model)


def places() -> QuerySet[Place]:
    """Every place, by name, with what it lies in."""
    return Place.objects.select_related("parent__parent").order_by("name", "pk")


def place_for(place_id: int) -> Place:
    """One place. Raises Http404."""
    return _one(places().filter(pk=place_id))


def systems(words: str = "") -> QuerySet[System]:
    """Institutions whose name or place holds the words, by name."""
    found = System.objects.select_related("place").order_by("name", "pk")
    return found.filter(Q(name__icontains=words) | Q(place__name__icontains=words)) if words else found


def system_for(system_id: UUID) -> System:
    """One institution. Raises Http404."""
    return _one(systems().filter(pk=system_id))


def services(words: str = "") -> QuerySet[Service]:
    """Services whose name, institution or place holds the words, by name; those in use first."""
    found = Service.objects.select_related("system", "place").order_by("-active", "name", "pk")
    if not words:
        return found
    return found.filter(Q(name__icontains=words) | Q(system__name__icontains=words) | Q(place__name__icontains=words))


def service_for(service_id: UUID) -> Service:
    """One service. Raises Http404."""
    return _one(services().filter(pk=service_id))


def policies(words: str = "") -> QuerySet[Policy]:
    """Policies whose title, citation, summary or institution holds the words, by title."""
    found = Policy.objects.select_related("system", "place").order_by("title", "pk")
    if not words:
        return found
    in_policy = Q(title__icontains=words) | Q(formal_id__icontains=words) | Q(summary__icontains=words)
    return found.filter(in_policy | Q(system__name__icontains=words))


def policy_for(policy_id: UUID) -> Policy:
    """One policy. Raises Http404."""
    return _one(policies().filter(pk=policy_id))


def policy_history(policy: Policy) -> QuerySet[PolicyChange]:
    """What happened to a policy, newest first."""
    return policy.changes.order_by("-on", "-pk")


def _one(found: QuerySet[Row]) -> Row:
    row = found.first()
    if row is None:
        raise Http404
    return row
