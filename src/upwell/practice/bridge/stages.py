"""The stages in order, their group on the board, and the words that say them to whoever raised a concern."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upwell.practice.bridge.models import Stage

GROUP_WORDS: dict[str, str | Promise] = {
    "heard": _("Heard"),
    "checked": _("Checked"),
    "initiative": _("Initiative"),
    "project": _("Project"),
    "official": _("Official"),
    "changed": _("Changed"),
}
"""Columns of the board, in order."""

PLAIN: dict[str, str | Promise] = {
    Stage.CONCERN: _("It was heard. Somebody will answer."),
    Stage.PATTERN: _("The same trouble was found in many lives."),
    Stage.ISSUE: _("People who live with it said: yes, this is how it is."),
    Stage.INITIATIVE: _("People have come together to change it."),
    Stage.PROJECT: _("There is a plan, with a date and a measure."),
    Stage.PROPOSAL: _("A clear request is on its way to the one who can decide."),
    Stage.OFFICIAL: _("It lies before those who decide."),
    Stage.DECISION: _("It was decided."),
    Stage.IMPLEMENTATION: _("The change is being put into practice."),
    Stage.RETURN: _("Everyone who raised it is being told."),
    Stage.FELT: _("We are checking whether it made a difference."),
}
"""A stage in plain words, for workers and clients alike."""


@cache
def _table() -> dict[str, dict[str, str]]:
    text = resources.files(__package__).joinpath("stages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def order() -> tuple[str, ...]:
    """Stage keys from first to last."""
    return tuple(_table()["order"])


def group(stage: str) -> str:
    """The board's column for a stage."""
    return _table()["group"][stage]


def days_until_stale(stage: str) -> int | None:
    """Days after which an issue at this stage has waited too long; None where nothing waits."""
    days = _table()["days_until_stale"].get(stage)
    return int(days) if days is not None else None
