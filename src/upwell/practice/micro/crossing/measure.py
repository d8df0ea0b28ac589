"""A declared measure, computed on the case side through the gate, once its time is over.

Both times are made equally long: of the longer one the days nearest to the change count. Whoever had a case open in
both stands in one of them alone, drawn without looking at the answer, so that nobody counts twice and neither time has
the longer-known people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import numpy as np
from django.utils import timezone

from upwell.evidence.disclosure import ledger
from upwell.evidence.disclosure.ledger import LedgerEntry
from upwell.evidence.disclosure.protection import load
from upwell.evidence.disclosure.release import Release
from upwell.evidence.errors import EvidenceError
from upwell.practice.accounts.models import Agency
from upwell.practice.bridge.models import MeasureRequest
from upwell.practice.micro.crossing import queries, vault
from upwell.practice.micro.crossing.answer import (
    AFTER,
    BEFORE,
    COMPARED,
    OTHER_AFTER,
    OTHER_BEFORE,
    answer_without,
)
from upwell.practice.micro.crossing.columns import Coded
from upwell.practice.micro.crossing.finish import finish_left
from upwell.practice.micro.crossing.gather import FEWEST, Progress, make, say, store, today_of
from upwell.practice.micro.crossing.questions import (
    POPULATION,
    barrier_questions,
    coding_of,
    policy_questions,
)
from upwell.practice.micro.crossing.table import (
    CountedCases,
    People,
    coded_columns,
    digest,
    is_full,
    people_of,
    source_id,
)
from upwell.practice.micro.models import Candidate, Outbox
from upwell.records.cases.table import Column, Question, Value

Days = tuple[date, date]

NO_GROUP = "We cannot tell: the records hold no group that is called as the measure calls it."
NO_QUESTION = "We cannot tell: the records hold no question that is called as the measure calls it."
TOO_FEW = "We cannot tell: too few people have agreed to be counted in these times and groups."
TOO_CLOSE = "We cannot tell: together with what was released before, the counts would give a small group away."


class CannotTellError(Exception):
    """Why a measure cannot be computed, as a sentence without a count."""


def measure(*, outbox: Outbox) -> Candidate | None:
    """A candidate for the desk, or the answer "cannot tell" at once where not even a table is safe."""
    request = MeasureRequest.objects.get(pk=outbox.target)
    agency, began = outbox.agency, timezone.now()
    if request.agency_id != agency.pk or request.state != MeasureRequest.State.LOCKED:
        return None
    finish_left(agency)
    with vault.ledger_held(agency) as held:
        lines = held.lines()
    if (there := _waiting(request, ledger.head(lines))) is not None:
        return there
    try:
        table = measure_table(request, agency, today=today_of(agency))
        signed, entry = make(agency, table, lines, progress=Progress(outbox))
        _check_apart(signed.release, request, ledger.read(lines), table, agency)
    except CannotTellError as error:
        _cannot_tell(outbox, request, str(error))
        return None
    except EvidenceError:
        _cannot_tell(outbox, request, TOO_FEW)
        return None
    return store(agency, signed, entry, kind=Candidate.Kind.MEASURE, counted_at=began, measure=request)


def windows(request: MeasureRequest) -> tuple[Days, Days]:
    """The two times, equally long: the last days before, the first days after."""
    days = min(request.before_to - request.before_from, request.after_to - request.after_from)
    return (request.before_to - days, request.before_to), (request.after_from, request.after_from + days)


def measure_table(request: MeasureRequest, agency: Agency, *, today: date) -> CountedCases:
    """The people of the two groups in the two times, as one column of a CaseTable with a single question.

    Raises CannotTellError when group or question are not known here, or hardly anybody is in them.
    """
    before, after = windows(request)
    question = _question(request, agency)
    cells = _cells(request, agency, (before, after), today)
    persons = sorted(cells)
    if len(persons) < FEWEST:
        raise CannotTellError(TOO_FEW)
    who = np.array([cells[person] for person in persons], np.uint8)
    number = {person: at for at, person in enumerate(persons)}
    yes = {question.name: _yes(request, agency, number, who, (before, after))}
    column = _column(request)
    period = (before[0], after[1])
    return CountedCases(
        source=agency.name,
        source_id=source_id(agency),
        snapshot=digest(period, [Coded(column, who)], yes),
        period=period,
        columns=(column,),
        questions=(question,),
        yes=yes,
        codes={column.name: who},
        month=np.zeros(len(persons), np.int16),
        household=np.arange(len(persons), dtype=np.int32),
        ages=np.full(len(persons), 255, np.uint8),
    )


def _waiting(request: MeasureRequest, head: str) -> Candidate | None:
    there = Candidate.objects.filter(measure=request, state=Candidate.State.WAITING, ledger_head=head)
    return there.first()


def _cannot_tell(outbox: Outbox, request: MeasureRequest, words: str) -> None:
    answer_without(request, words, today_of(outbox.agency))
    say(outbox, words)


def _question(request: MeasureRequest, agency: Agency) -> Question:
    coding = coding_of(request.question)
    full = is_full(agency)
    asked: Sequence[Question] = ()
    if coding and coding.barrier:
        asked = [each for each in barrier_questions(full=full) if each.name == request.question]
    elif coding and coding.policy:
        found = queries.policy_asked(coding.policy)
        asked = policy_questions([found], full=full) if found else ()
    if not asked:
        raise CannotTellError(NO_QUESTION)
    return replace(
        asked[0],
        name=request.question,
        population=f"measure-{request.pk.hex[:12]}",
        asked_of=(
            "Everybody of the groups compared with a case open in one of the two times who agreed to be counted. Each "
            "person counts once; whoever had one in both times was put into one of them by chance."
        ),
    )


def _column(request: MeasureRequest) -> Column:
    keys = (BEFORE, AFTER, OTHER_BEFORE, OTHER_AFTER) if request.reference else (BEFORE, AFTER)
    values = tuple(Value(f"row-{at}", words) for at, words in enumerate(keys))
    return Column("compared", COMPARED, "nominal", values, composition=False, searched=False)


def _cells(request: MeasureRequest, agency: Agency, times: tuple[Days, Days], today: date) -> dict[UUID, int]:
    """Person -> row of the one table; only people of the groups compared."""
    found: dict[UUID, set[int]] = {}
    for when, days in enumerate(times):
        people = people_of(agency, days, today)
        groups = _groups(request, people, days[0])
        for person, at in people.number.items():
            if groups[at] >= 0:
                found.setdefault(person, set()).add(when + 2 * int(groups[at]))
    return {person: _drawn(request, person, sorted(rows)) for person, rows in found.items()}


def _drawn(request: MeasureRequest, person: UUID, rows: Sequence[int]) -> int:
    """One of a person's rows, by a digest that knows nothing of the answer."""
    return rows[hashlib.sha256(request.pk.bytes + person.bytes).digest()[0] % len(rows)]


def _groups(request: MeasureRequest, people: People, start: date) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    """0 in the group, 1 in the one it is compared with, -1 in neither; int8, shape (persons,)."""
    if not request.column:
        return np.zeros(len(people.index), np.int8)
    coded = next((each for each in coded_columns(people, start) if request.column in _names(each.column)), None)
    if coded is None:
        raise CannotTellError(NO_GROUP)
    groups = np.full(len(people.index), -1, np.int8)
    for number, called in enumerate((request.group, request.reference)):
        for at, value in enumerate(coded.column.values):
            if called and value.known and called.casefold() in (value.words.casefold(), value.key):
                groups[coded.codes == at] = number
    if not (groups == 0).any() or (request.reference and not (groups == 1).any()):
        raise CannotTellError(NO_GROUP)
    return groups


def _names(column: Column) -> tuple[str, str]:
    return column.name, column.words


def _yes(
    request: MeasureRequest,
    agency: Agency,
    number: dict[UUID, int],
    who: np.ndarray[tuple[int], np.dtype[np.uint8]],
    times: tuple[Days, Days],
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Who has a concern or entry coded so in the time they count in."""
    coding = coding_of(request.question)
    yes = np.zeros(len(number), np.bool_)
    for when, days in enumerate(times):
        for person, _, barrier, policy in queries.codings(agency, *days):
            at = number.get(person)
            if at is None or who[at] % 2 != when or coding is None:
                continue
            yes[at] |= barrier == coding.barrier if coding.barrier else policy == coding.policy
    return yes


def _check_apart(
    release: Release, request: MeasureRequest, entries: Sequence[LedgerEntry], table: CountedCases, agency: Agency
) -> None:
    """Raise when a count of a whole group lies close to one that was released before: the rest would be few people.

    A measure's people are told under another name than a gathering's, so the gate does not hold the two together.
    """
    few = load(agency.protection, today_of(agency)).threshold
    known = {
        persons
        for entry in entries
        for name, persons in entry.shown.items()
        if name.startswith(f"{POPULATION}|") and name.endswith("|all")
    }
    rows = next((each.rows for each in release.tables if each.column == COMPARED), ())
    groups = [rows[at : at + 2] for at in range(0, len(rows), 2)]
    wholes = [sum(row.persons or 0 for row in group) for group in groups if all(row.persons for row in group)]
    wholes.append(table.persons)
    if any(0 < abs(whole - persons) < few for whole in wholes for persons in known):
        raise CannotTellError(TOO_CLOSE)
