"""The straight line, on one screen: from cases to a signed Release, and from a Release to a brief."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from upwell.evidence.brief.make import make
from upwell.evidence.disclosure.drafting.make import draft
from upwell.evidence.disclosure.history import takenback
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.disclosure.protect import Signed, protect
from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.disclosure.unnamed import as_may_be_told
from upwell.evidence.question import Search
from upwell.evidence.scan.find import find
from upwell.records.cases.table import Asked, CaseTable

Progress = Callable[[str, float], None]
"""Called with what is being done and the share done, 0..1."""

Aside = Callable[[str, Search], None]
"""Called with the name of a question and its search, exact: for what the case team alone is to read."""


@dataclass(frozen=True)
class Request:
    """What somebody asks of an export. Same request, same snapshot, same ledger: the same release, to the byte.

    questions: names; () means every question the export can answer. baseline: one of question.BASELINES.
    basis: privacy notice or agreement that permits the analysis, "" when none was named.
    planted: sentences on what was planted in invented data. notes: sentences that every reader must see.
    new_ledger: why a second ledger was begun, or "". corrects: the release that this one corrects, or ""; because: why.
    """

    protection: Protection
    made_on: date
    seed: int = 1
    questions: tuple[str, ...] = ()
    baseline: str = "composition"
    basis: str = ""
    new_ledger: str = ""
    planted: tuple[str, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())
    corrects: str = ""
    because: str = ""


def release(
    table: CaseTable,
    request: Request,
    ledger: Sequence[LedgerEntry],
    *,
    key: bytes,
    ledger_head: str,
    progress: Progress = lambda doing, share: None,
    aside: Aside = lambda question, search: None,
) -> tuple[Signed, LedgerEntry]:
    """A Release of what many cases share, and the ledger entry to append before anybody sees it.

    table: cases of one source. ledger: earlier entries for that source. key: the agency's Ed25519 key, 32 bytes.
    aside: is told of each search, before anything is protected.
    Nothing after `protect` can see a count that it hid. Raises RefusedError when no useful table is safe, LedgerError
    when a correction names no release of this ledger.
    """
    takenback.check_correction(ledger, request.corrects, request.because)
    table = as_may_be_told(table, request.protection)
    answers, searches = _searched(table, request, progress)
    for name, search in searches.items():
        aside(name, search)
    progress("Protecting the people behind the counts", 1.0)
    drafted = draft(
        table,
        answers,
        searches,
        threshold=request.protection.threshold,
        meta=_meta(table, request),
        planted=request.planted,
        notes=(*request.notes, *_told_of_the_past(ledger, request)),
    )
    return protect(
        drafted,
        request.protection,
        earlier=ledger,
        key=key,
        made_on=request.made_on,
        seed=request.seed,
        ledger_head=ledger_head,
    )


def _searched(table: CaseTable, request: Request, progress: Progress) -> tuple[list[Asked], dict[str, Search]]:
    """The answers to every question, and the searches of those asked.

    The others are not searched and get no table. They are there so that a crowd is told in the same classes whichever
    of its questions are asked: two releases of one snapshot can then be held against each other cell by cell.
    """
    names = request.questions or tuple(question.name for question in table.questions)
    answers: list[Asked] = []
    searches: dict[str, Search] = {}
    for question in table.questions:
        answers.append(table.asked(question.name))
        if question.name in names:
            progress(f"Searching: {question.name.replace('_', ' ')}", len(searches) / len(names))
            searches[question.name] = find(
                answers[-1],
                table.columns,
                baseline=request.baseline,
                seed=request.seed,
                searches=len(names),
                begins=table.period[0].month,
            )
    for name in names:
        if name not in searches:
            table.asked(name)  # says why it cannot be asked
    return answers, searches


def _told_of_the_past(ledger: Sequence[LedgerEntry], request: Request) -> tuple[str, ...]:
    free_text = request.protection.free_text
    return takenback.sentences(ledger, corrects=request.corrects, because=request.because, free_text=free_text)


def brief(signed: Signed, *, today: date, audience: str = "legislator", language: str = "en") -> dict[str, bytes]:
    """The files to share, by relative name, made from nothing but the Release."""
    return make(signed.release, signed.data, audience=audience, language=language, today=today)


def _meta(table: CaseTable, request: Request) -> Mapping[str, str]:
    return {
        "source": table.source,
        "source_id": table.source_id,
        "snapshot": table.snapshot,
        "period_from": table.period[0].isoformat(),
        "period_to": table.period[1].isoformat(),
        "place_words": table.place_words,
        "basis": request.basis,
        "baseline": request.baseline,
        "new_ledger": request.new_ledger,
        "corrects": request.corrects,
        "because": request.because,
    }
