"""What the tests of the environment need beyond the five."""

from __future__ import annotations

from datetime import date

from upwell.practice.environment.coding import Domain
from upwell.practice.environment.models import Policy, PolicyChange


def policy(title: str = "Deposits for a lease", **more: object) -> Policy:
    """A policy in force."""
    fields: dict[str, object] = {"kind": Policy.Kind.RULE, "domain": Domain.HOUSING}
    return Policy.objects.create(title=title, **(fields | more))


def step(of: Policy, on: date, action: str, words: str = "") -> PolicyChange:
    """One step of a policy's history."""
    return PolicyChange.objects.create(policy=of, on=on, action=action, words=words)
