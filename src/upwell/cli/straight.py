"""The straight line with files at both ends: an export in, an output folder out, and the ledger between.

The order is law: the ledger line is durable before any file is written. So a crash leaves a line whose release nobody
saw, and never a release that no line knows of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from upwell.cli import apart, inside, output, packs
from upwell.cli.errors import DoorError
from upwell.cli.memory import Memory
from upwell.cli.narrate import Narrator, note
from upwell.cli.record import Ask, Run
from upwell.evidence import line
from upwell.evidence.disclosure.assessment import assess
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.protect import Signed
from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.disclosure.release import Release
from upwell.evidence.question import Search
from upwell.records.cases.hmis import read
from upwell.records.cases.table import CaseTable
from upwell.state.keys import Keys

VICTIM_SERVICES = (
    "These are non-identifying totals of victim services. No person, provider, programme or place is named, and only "
    "people who were helped there are counted."
)
VICTIMS_LEFT_OUT = (
    "Rows of victim service providers were left out, because they may not be analysed with others: "
    "whoever sought help from them alone is in no number of this brief."
)


@dataclass(frozen=True)
class Desk:
    """Where a run happens: the agency's folder and keys, a private work folder, and somebody to tell.

    today: the day printed on a new release. lasting: False where home was made for this run and goes with it, so that
    an output it does not know is no sign of a lost ledger (the demo).
    """

    home: Path
    keys: Keys
    work: Path
    tell: Narrator
    today: date
    lasting: bool = True


@dataclass(frozen=True)
class Job:
    """One run. again: the run to repeat to the byte. basis_for: asked for the basis of a source that named none.

    beside: puts further files into the output, seeing what was released and the cases it was made from.
    """

    export: Path
    target: Path
    ask: Ask
    again: Run | None = None
    basis_for: Callable[[str], str] | None = None
    beside: Callable[[output.Stage, Release, CaseTable], None] | None = None


@dataclass(frozen=True)
class Matter:
    """What is to be released: the cases, what is asked of them, and what every reader must see of how it was made.

    aside: is told what the search found, for the case team's own folder.
    """

    table: CaseTable
    ask: Ask
    notes: tuple[str, ...] = ()
    aside: line.Aside = lambda question, search: None


@dataclass(frozen=True)
class Made:
    """What came out. repeated: the release had been made before and is unchanged."""

    signed: Signed
    run: Run
    repeated: bool
    files: Mapping[str, bytes] = field(default_factory=dict)


def run(job: Job, desk: Desk) -> Made:
    """Read, find, protect, enter into the ledger, write. Leaves target as it was when anything fails."""
    _check_apart(job)
    output.check_replaceable(job.target)
    rules = packs.Chosen(job.ask.protection, job.ask.pack).on(job.again.former.made_on if job.again else desk.today)
    reading = _read(job, desk, rules)
    table = _in_its_ledger(reading, rules, desk)
    ask = replace(job.ask, basis=job.basis_for(table.source_id)) if job.basis_for else job.ask
    waiting = "Another release of this source is being made; waiting for it ..."
    with (
        output.staged(job.target) as stage,
        apart.held(desk.home, table.source_id, waiting=lambda: note(waiting)) as held,
    ):
        memory = Memory(held, desk.home, table.source_id, job.target if desk.lasting else None)
        found: dict[str, Search] = {}
        matter = Matter(table, ask, _notes(reading, ask), found.__setitem__)
        made = _release(matter, desk, memory, job.again)
        desk.tell.step("Writing the brief")
        shared = line.brief(made.signed, today=made.run.former.made_on)
        stage.put(shared, under="share")
        inside.put(stage, reading.quality, table, found)
        if job.beside:
            job.beside(stage, made.signed.release, table)
        stage.put({output.RUN: made.run.as_bytes(stage.names(), assess(made.signed.release, rules))})
        stage.finish()
    return replace(made, files=shared)


def _read(job: Job, desk: Desk, rules: Protection) -> read.Reading:
    return read.read(
        job.export,
        key=desk.keys.pseudonym,
        dates=job.ask.dates,
        work=desk.work,
        leave_out_victim_providers=job.ask.leave_out_victim_providers,
        victim_services=rules.fits_victim_services,
        progress=desk.tell.reading,
    )


def _in_its_ledger(reading: read.Reading, rules: Protection, desk: Desk) -> CaseTable:
    """The cases under the name of the ledger that their release stands in."""
    plain = reading.table.source_id
    if reading.loaded.victim_services:
        source_id = apart.victim_services_source(plain, desk.keys.pseudonym)
    else:
        source_id = apart.source_of(plain, rules)
    return replace(reading.table, source_id=source_id)


def _notes(reading: read.Reading, ask: Ask) -> tuple[str, ...]:
    """What every reader of the brief must see of how it was made."""
    if reading.loaded.victim_services:
        return (VICTIM_SERVICES,)
    return (VICTIMS_LEFT_OUT,) if ask.leave_out_victim_providers else ()


def _release(matter: Matter, desk: Desk, memory: Memory, again: Run | None) -> Made:
    """The release of a former run, when this request had one; else a new one, in the ledger when this returns."""
    table, ask = matter.table, matter.ask
    if again and again.snapshot != table.snapshot:
        raise DoorError("These are not the records of that run: --again repeats a run on the same export, to the byte.")

    def make(lines: bytes, made_on: date) -> tuple[Signed, ledger.LedgerEntry]:
        return _make(matter, desk, lines, made_on)

    if again is None:
        asked = ask.digest(table.snapshot)
        made = memory.release(asked, make, today=desk.today, new_ledger=ask.new_ledger)
    elif (there := memory.again(again.former, make)) is not None:
        made = there
    else:
        raise DoorError(
            "That release cannot be made again: it is not in this ledger, or this version of Upwell makes other "
            "figures from the same records. Make a new release, without --again."
        )
    return Made(made.signed, Run(ask, table.snapshot, table.source_id, made.former), repeated=made.repeated)


def _make(matter: Matter, desk: Desk, lines: bytes, made_on: date) -> tuple[Signed, ledger.LedgerEntry]:
    ask = matter.ask
    request = line.Request(
        protection=packs.Chosen(ask.protection, ask.pack).on(made_on),
        made_on=made_on,
        seed=ask.seed,
        questions=ask.questions,
        baseline=ask.baseline,
        basis=ask.basis,
        new_ledger=ask.new_ledger,
        planted=ask.planted,
        notes=matter.notes,
        corrects=ask.corrects,
        because=ask.because,
    )
    return line.release(
        matter.table,
        request,
        ledger.read(lines),
        key=desk.keys.signing,
        ledger_head=ledger.head(lines),
        progress=desk.tell.share,
        aside=matter.aside,
    )


def _check_apart(job: Job) -> None:
    """An output folder that holds the export, or lies in it, would change what was given to be read."""
    export, target = job.export.resolve(), job.target.resolve()
    if export == target or target in export.parents or export in target.parents:
        raise DoorError(
            f"The output folder {job.target} and the export {job.export} lie in one another. Use -o to part them."
        )
