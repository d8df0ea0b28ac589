"""How a trouble is coded, once for the whole house: life domain x barrier kind. Each kind has its own lever.

The frame is our own (docs/explanation/life-situation.md); the keys never change, the words are translated.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.db import models
from django.utils.translation import gettext_lazy as _


class Domain(models.TextChoices):
    """Where in life the trouble is."""

    INCOME = "income", _("Income and benefits")
    FOOD = "food", _("Food")
    HOUSING = "housing", _("Housing and utilities")
    WORK = "work", _("Work")
    LEARNING = "learning", _("Learning and literacy")
    PHYSICAL = "physical", _("Physical surroundings")
    FAMILY = "family", _("Family and care")
    BELONGING = "belonging", _("Belonging")
    LEGAL = "legal", _("Legal matters and justice")
    SAFETY = "safety", _("Violence and disaster")
    TRANSPORT = "transport", _("Transport")
    HEALTH = "health", _("Access to health care")
    DIGITAL = "digital", _("Digital access")
    DOCUMENTS = "documents", _("Documents")
    SERVICES = "services", _("The service system itself")


class Barrier(models.TextChoices):
    """What stands in the way. The order is the order of the lever table."""

    NOT_THERE = "not-there", _("Not there")
    TOO_LITTLE = "too-little", _("Too little")
    NOT_ELIGIBLE = "not-eligible-by-rule", _("Not eligible by rule")
    MISAPPLIED = "rule-misapplied", _("Rule misapplied")
    TOO_SLOW = "too-slow", _("Too slow")
    TOO_DEAR = "too-dear", _("Too dear")
    CANNOT_REACH = "cannot-reach", _("Cannot reach or use")
    UNFAIR = "treated-unfairly", _("Treated unfairly")
    UNSAFE = "unsafe-or-poor", _("Unsafe or poor")
    BROKEN = "broken-between-systems", _("Broken between systems")
    NOT_KNOWN = "not-known", _("Not known of")
    DECLINED = "declined", _("Declined: the person's choice")
    OWN_AGENCY = "own-agency", _("Our own agency")


@dataclass(frozen=True)
class Lever:
    """What usually moves a barrier of this kind, and the proper first move before anything larger.

    counts: False where it is the person's own choice and no need.
    """

    meaning: str
    lever: str
    first_move: str
    counts: bool = True


@cache
def levers() -> dict[str, Lever]:
    """Barrier key -> its lever, from the dated table beside this file."""
    table = tomllib.loads(resources.files(__package__).joinpath("levers.toml").read_text(encoding="utf-8"))
    return {key: Lever(**row) for key, row in table["barrier"].items()}
