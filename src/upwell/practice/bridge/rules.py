"""Rules of the bridge that need no database: moves, who speaks, what a figure and a measure must satisfy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from upwell.evidence.disclosure.release import Release, Table
from upwell.practice.accounts.models import Role
from upwell.practice.bridge.models import Ask, Figure, Issue, MeasureRequest, PracticeNote, Stage
from upwell.practice.bridge.stages import days_until_stale, order
from upwell.practice.environment.models import Place
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError, PracticeError

VOICES = (
    Role.ADVOCATE,
    Role.ORGANIZER,
    Role.PRIVACY_OFFICER,
    Role.SUPERVISOR,
    Role.CASE_WORKER,
    Role.ADMINISTRATOR,
)
"""In whose name somebody with several roles speaks on the bridge: the first one held."""

OWNER: dict[str, Role] = {Stage.ISSUE: Role.ORGANIZER, Stage.INITIATIVE: Role.ORGANIZER}
"""Whose the next step is at a stage; an advocate's where nothing stands here."""

SHORTCUTS = frozenset(
    {
        (Stage.PROJECT, Stage.IMPLEMENTATION),  # fixed by an office or at home: no proposal was needed
        (Stage.ISSUE, Stage.PROJECT),  # people already work on it
        (Stage.PATTERN, Stage.PROPOSAL),  # an emergency: asked now, confirmed later
        (Stage.PROPOSAL, Stage.DECISION),  # the role decides by itself
        (Stage.DECISION, Stage.RETURN),  # nothing to put into practice
    }
)
HALF_YEAR = re.compile(r"\d{4}-H[12]\Z")


def role_for(roles: frozenset[str]) -> Role:
    """The role in whose name a holder of these roles speaks on the shared side."""
    return next(role for role in VOICES if role in roles)


def is_back(before: str, after: str) -> bool:
    """Whether a move goes back. That is no error: a decision may send an issue back to those who live with it."""
    return order().index(after) < order().index(before)


def is_usual(before: str, after: str) -> bool:
    """Whether a move is one that needs no second thought: the next stage, a known shortcut, or any way back."""
    step = order().index(after) - order().index(before)
    return step <= 1 or (before, after) in SHORTCUTS


def owner_of(stage: str) -> Role:
    """The role that has the next step at a stage."""
    return OWNER.get(stage, Role.ADVOCATE)


def due(stage: str, since: date) -> date | None:
    """The day after which an issue at this stage has waited too long; None where nothing waits."""
    days = days_until_stale(stage)
    return since + timedelta(days=days) if days is not None else None


def is_stale(issue: Issue, on: date) -> bool:
    """Whether an open issue has stayed at its stage too long."""
    last = due(issue.stage, issue.stage_since)
    return issue.state == Issue.State.OPEN and last is not None and on > last


def words_to_say(words: str) -> str:
    """The words without blanks around them. Raises PracticeError when nothing would be said: no dead ends."""
    said = words.strip()
    if not said:
        raise PracticeError(_("Write what everyone who raised it will hear. Nobody is left without word."))
    return said


def check_statement(county: Place | None, half_year: str) -> None:
    """No finer than county and half-year: raises PracticeError otherwise."""
    if county is not None and county.kind == Place.Kind.TOWN:
        raise PracticeError(_("Name the county, not a town: a statement is no finer than a county."))
    if not HALF_YEAR.match(half_year):
        raise PracticeError(_("Name the half-year like 2026-H1: a statement is no finer than a half-year."))


def in_order(figures: Iterable[Figure]) -> list[Figure]:
    """The newest release first; of one release, what stands out beyond the expected before the total around it."""
    newest_first = sorted(figures, key=lambda figure: -figure.pk)
    releases = list(dict.fromkeys(figure.crossed_id for figure in newest_first))
    return sorted(newest_first, key=lambda each: (releases.index(each.crossed_id), each.expected_share is None))


def table_of(release: Release, table: str) -> Table:
    """The released table with this id. Raises PracticeError when there is none."""
    for each in release.tables:
        if each.id == table:
            return each
    raise PracticeError(_("This number stands in no released table, so it cannot be used."))


def check_figure(release: Release, table: str, row: int, with_trouble: int, people: int) -> None:
    """A figure repeats a row that was released, number for number. Raises PracticeError otherwise."""
    rows = table_of(release, table).rows
    if row >= len(rows) or (rows[row].yes, rows[row].persons) != (with_trouble, people):
        raise PracticeError(_("This number is not the one that was released, so it cannot be used."))


def check_open(issue: Issue) -> None:
    """Only an issue that is not closed can be parked or closed."""
    if issue.state == Issue.State.CLOSED:
        raise ChangedMeanwhileError(_("This issue was closed already."))


def check_may_answer(ask: Ask) -> None:
    """A question is answered once."""
    if ask.state == Ask.State.ANSWERED:
        raise ChangedMeanwhileError(_("Somebody answered this already. Read that answer first."))


def check_drafted(note: PracticeNote) -> None:
    """What was sent stays as it was read."""
    if note.state != PracticeNote.State.DRAFTED:
        raise NotAllowedError(_("This practice note was sent. Write a new one to correct it."))


def check_call_dates(opens_on: date, closes_on: date) -> None:
    """A call closes after it opens."""
    if closes_on <= opens_on:
        raise PracticeError(_("A call closes after the day on which it opens."))


def check_may_change(request: MeasureRequest) -> None:
    """A measure that was locked stays as it was declared."""
    if request.state != MeasureRequest.State.DECLARED:
        raise NotAllowedError(_("This measure was locked when the project started. It cannot be changed any more."))


def check_may_be_answered(request: MeasureRequest) -> None:
    """Only a locked measure is answered: nobody chooses the measure after seeing the result."""
    if request.state == MeasureRequest.State.DECLARED:
        raise NotAllowedError(_("This measure is not locked yet. Start the project first."))


def check_measure(
    *, before_from: date, before_to: date, after_from: date, after_to: date, smallest: float, group: str, reference: str
) -> None:
    """Periods in order that do not overlap, a size between 0 and 1, two groups that differ."""
    if not before_from < before_to < after_from < after_to:
        raise PracticeError(_("The time after begins when the time before is over, and each ends after it begins."))
    if not 0 < smallest <= 1:
        raise PracticeError(_("The smallest change that counts lies above 0 and is at most 100 percent."))
    if group and group == reference:
        raise PracticeError(_("Name two different groups, or none."))
