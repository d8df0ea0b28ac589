"""A declared measure, computed on the case side through the gate, once its time is over.

Both times are made equally long: of the longer one the days nearest to the change count. Whoever had a case open in
both stands in one of them alone, drawn without looking at the answer, so that nobody counts twice and neither time has
the longer-known people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import numpy as np
from django.utils import timezone

from upwell.evidence.disclosure.history import ledger
from upwell.evidence.errors import EvidenceError, LedgerError
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
from upwell.practice.micro.crossing.apart import gives_away, population_of
from upwell.practice.micro.crossing.columns import Coded
from upwell.practice.micro.crossing.finish import finish_left
from upwell.practice.micro.crossing.gather import FEWEST, Progress, make, say, store, today_of
from upwell.practice.micro.crossing.measured import TOO_FEW, CannotTellError, Days, cells_of, windows
from upwell.practice.micro.crossing.questions import (
    barrier_questions,
    coding_of,
    policy_questions,
)
from upwell.practice.micro.crossing.table import (
    CountedCases,
    digest,
    is_full,
    source_id,
)
from upwell.practice.micro.models import Candidate, Outbox
from upwell.records.cases.table import Column, Question, Value
from upwell.state.errors import StateError

NO_QUESTION = "We cannot tell: the records hold no question that is called as the measure calls it."


def measure(*, outbox: Outbox) -> Candidate | None:
    """A candidate for the desk, or the answer "cannot tell" at once where not even a table is safe."""
    request = MeasureRequest.objects.get(pk=outbox.target)
    agency, began = outbox.agency, timezone.now()
    if request.agency_id != agency.pk or request.state != MeasureRequest.State.LOCKED:
        return None
    try:
        lines = vault.lines_of(agency)
    except (StateError, LedgerError) as error:  # nothing may be made beside a broken ledger; the measure stays asked
        say(outbox, str(error))
        return None
    finish_left(agency)
    if (there := _waiting(request, ledger.head(lines))) is not None:
        return there
    try:
        table = measure_table(request, agency, today=today_of(agency))
        signed, entry = make(agency, table, lines, progress=Progress(outbox))
        if gives_away(agency, entry, ledger.read(lines), today_of(agency)):
            raise CannotTellError(TOO_FEW)
    except CannotTellError as error:
        _cannot_tell(outbox, request, str(error))
        return None
    except EvidenceError:
        _cannot_tell(outbox, request, TOO_FEW)
        return None
    return store(agency, signed, entry, kind=Candidate.Kind.MEASURE, counted_at=began, measure=request)


def measure_table(request: MeasureRequest, agency: Agency, *, today: date) -> CountedCases:
    """The people of the two groups in the two times, as one column of a CaseTable with a single question.

    Raises CannotTellError when group or question are not known here, or hardly anybody is in them.
    """
    before, after = windows(request)
    question = _question(request, agency)
    cells = cells_of(request, agency, (before, after), today)
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
        population=population_of(request),
        asked_of=(
            "Everybody of the groups compared with a case open in one of the two times who agreed to be counted. Each "
            "person counts once; whoever had one in both times was put into one of them by chance."
        ),
    )


def _column(request: MeasureRequest) -> Column:
    keys = (BEFORE, AFTER, OTHER_BEFORE, OTHER_AFTER) if request.reference else (BEFORE, AFTER)
    values = tuple(Value(f"row-{at}", words) for at, words in enumerate(keys))
    return Column("compared", COMPARED, "nominal", values, composition=False, searched=False)


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
