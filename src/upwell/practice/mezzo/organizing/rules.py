"""Rules of organizing that need no database: who confirms, and what an anonymous check may tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from typing import TypedDict

from django.utils.translation import gettext as _

from upwell.practice.bridge.models import Stage
from upwell.practice.bridge.stages import order
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError
from upwell.practice.mezzo.organizing.models import Confirmation, EducationSession, Initiative

CONFIRMED_BY = 2
"""People who live with it and say yes or partly, before a pattern is called an issue."""

SMALLEST = 11
"""Sheets in a phase, below which nothing is said of it: 1 to 10 people are never shown."""

STEP = 5
"""Attendance is told in steps of so many people: the sheets of one person change nothing that can be seen."""

MOST_SHEETS = 500
MOST_JOIN_A_DAY = 200
"""A public page takes no more than a hall full of people: beyond that it is a machine."""

AFTER: dict[str, str] = {
    EducationSession.State.PLANNED: EducationSession.State.BEFORE,
    EducationSession.State.BEFORE: EducationSession.State.AFTER,
    EducationSession.State.AFTER: EducationSession.State.HELD,
}
"""A session goes on and never back, so a check that was closed takes no more sheets."""


class Phase(TypedDict):
    """What may be said of the check before or after.

    people_at_least: persons who answered, rounded down to a step; None is withheld.
    right_in_ten: answers that were right, in tenths from 1 ("at most") to 9 ("at least"); None is withheld.
    """

    people_at_least: int | None
    right_in_ten: int | None


class Result(TypedDict):
    """Both phases of a check. change: tenths more right after than before; None is withheld."""

    before: Phase
    after: Phase
    change: int | None


def result(before: Collection[tuple[int, int]], after: Collection[tuple[int, int]]) -> Result:
    """What may be said of two piles of answer sheets, each sheet (right, of).

    Fewer than SMALLEST sheets in a pile: nothing of that pile, and no share of either, because a share beside the
    attendance of the other would tell of the few. Shares are tenths and the ends are open, so that no number of right
    answers can be worked out. It is said once, when the session is over and no sheet can be added any more: there is
    no earlier or later page to subtract.
    """
    both = len(before) >= SMALLEST and len(after) >= SMALLEST
    phases = [
        Phase(people_at_least=_people(len(pile)), right_in_ten=_tenths(pile) if both else None)
        for pile in (before, after)
    ]
    first, last = (phase["right_in_ten"] for phase in phases)
    return Result(
        before=phases[0], after=phases[1], change=last - first if first is not None and last is not None else None
    )


def _people(sheets: int) -> int | None:
    return max(SMALLEST, sheets // STEP * STEP) if sheets >= SMALLEST else None


def _tenths(pile: Iterable[tuple[int, int]]) -> int:
    sheets = list(pile)
    right, of = sum(sheet[0] for sheet in sheets), sum(sheet[1] for sheet in sheets)
    return min(9, max(1, (20 * right + of) // (2 * of)))


def right_answers(questions: Iterable[dict[str, object]], told: Iterable[str]) -> int:
    """How many statements were judged rightly. told: "true", "false" or anything else for "I do not know"."""
    return sum(said == ("true" if each["right"] else "false") for each, said in zip(questions, told, strict=True))


def next_state(state: str) -> str:
    """The state that follows. Raises ChangedMeanwhileError when the session is over."""
    if state not in AFTER:
        raise ChangedMeanwhileError(_("This session is over."))
    return AFTER[state]


def open_phase(state: str) -> str | None:
    """Which check takes sheets now: "before", "after" or none."""
    phases: dict[str, str] = {EducationSession.State.BEFORE: "before", EducationSession.State.AFTER: "after"}
    return phases.get(state)


def is_confirmed(said: Iterable[str]) -> bool:
    """Whether enough people who live with it say yes or partly. A no takes nothing away: it is kept beside."""
    counted = Counter(said)
    return counted[Confirmation.Says.YES] + counted[Confirmation.Says.PARTLY] >= CONFIRMED_BY


def check_confirmed(said: Iterable[str]) -> None:
    """Raises NotAllowedError while too few have confirmed."""
    if not is_confirmed(said):
        raise NotAllowedError(_("Two people who live with it must say yes or partly first."))


def check_open(state: str) -> None:
    """Raises ChangedMeanwhileError when the initiative has ended."""
    if state != Initiative.State.OPEN:
        raise ChangedMeanwhileError(_("This initiative has ended."))


def check_planned(state: str) -> None:
    """What people answer to stays the same before and after."""
    if state != EducationSession.State.PLANNED:
        raise NotAllowedError(_("The check was opened, so the session can no longer be changed."))


def check_minutes(met_on: date, today: date) -> None:
    """Minutes are written after a meeting."""
    if met_on > today:
        raise NotAllowedError(_("This meeting is still to come. Its minutes are written afterwards."))


def lifts(stage: str, to: Stage) -> bool:
    """Whether an act takes an issue forward to a stage; one that is further on already is not thrown back by it."""
    return order().index(stage) < order().index(to)
