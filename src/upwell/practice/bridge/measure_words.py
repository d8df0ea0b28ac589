"""What a measure's answer says, in sentences that are translated: kept once, and built again for each reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

Kind = Literal["rose", "fell", "fell a little", "too few", "no clear change"]

WITHHELD = gettext_noop(
    "We cannot tell: at least one of the counts that are needed is withheld to protect people. It may be small, or "
    "hidden so that another cannot be worked out."
)
BEFORE_ONE_REASON = (
    "We cannot tell: at least one of the counts that are needed is small and stays hidden to protect the people behind "
    "it."
)
"""How an answer was kept while a reason was given for each count alone; it is read as WITHHELD."""
NOT_TOLD: tuple[str, ...] = (
    WITHHELD,
    gettext_noop("We cannot tell: the records hold no question that is called as the measure calls it."),
    gettext_noop("We cannot tell: too few people have agreed to be counted in these times and groups."),
)
"""Answers that hold no number, as they are kept; a test holds them against the place where they are given."""


@dataclass(frozen=True)
class Moved:
    """A change of a share and its 95 % interval, -2..2. smallest: 0..1, the change that was declared to count.

    compared: whether the change of another group was taken off.
    """

    value: float
    low: float
    high: float
    smallest: float
    compared: bool

    @property
    def kind(self) -> Kind:
        """What may be said of it."""
        if self.low > 0:
            return "rose"
        if self.high < 0:
            return "fell" if -self.value >= self.smallest else "fell a little"
        return "too few" if (self.high - self.low) / 2 > self.smallest else "no clear change"


def sentences(moved: Moved) -> str:
    """The answer in the language of the moment."""
    kind = moved.kind
    said = [_first(kind) % _change(moved)]
    if moved.compared:
        said.append(_("The change in the other group is taken off."))
    declared = {"declared": _plain(moved.smallest), "half": _plain((moved.high - moved.low) / 2)}
    if kind == "fell a little":
        said.append(_("That is less than the %(declared)s points that were declared to count.") % declared)
    if kind == "too few":
        said.append(
            _(
                "So few people are behind these shares that a change of less than about %(half)s points would not have "
                "been seen; a change of %(declared)s points was declared to count."
            )
            % declared
        )
        return " ".join(said)
    return " ".join([*said, _("This says that it changed or did not, not why.")])


def told(words: str, figures: Mapping[str, Any], *, smallest: float, compared: bool) -> str:  # Any: JSON
    """A kept answer in the reader's language: built again from its figures where that gives the same sentences."""
    if words == BEFORE_ONE_REASON:
        words = WITHHELD
    if words in NOT_TOLD:
        return _(words)
    change = figures.get("change", {})
    if not {"value", "low", "high"} <= set(change):
        return words
    bounds = {name: float(change[name]) for name in ("value", "low", "high")}
    moved = Moved(**bounds, smallest=smallest, compared=compared)
    with translation.override("en"):
        is_same = sentences(moved) == words
    return sentences(moved) if is_same else words


def _first(kind: Kind) -> str:
    first: dict[Kind, str] = {
        "rose": _("It rose: %(value)s (%(low)s to %(high)s) percentage points."),
        "fell": _("It fell: %(value)s (%(low)s to %(high)s) percentage points."),
        "fell a little": _("It fell a little: %(value)s (%(low)s to %(high)s) percentage points."),
        "too few": _("We cannot tell whether it changed: %(value)s (%(low)s to %(high)s) percentage points."),
        "no clear change": _("There is no clear change: %(value)s (%(low)s to %(high)s) percentage points."),
    }
    return first[kind]


def _change(moved: Moved) -> dict[str, str]:
    named = {"value": moved.value, "low": moved.low, "high": moved.high}
    return {name: f"{100 * share:+.1f}".replace("-", "\u2212") for name, share in named.items()}


def _plain(share: float) -> str:
    return f"{100 * share:.0f}" if share >= 0.01 else f"{100 * share:.1f}"
