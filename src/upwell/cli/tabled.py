"""From an agency's own table to an output folder: read, draft, protect, enter into the ledger, write.

As for a brief, the order is law: the ledger line is durable before any file is written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

from upwell.cli import apart, loss, output, packs, software
from upwell.cli.errors import DoorError
from upwell.cli.memory import Memory, Remembered
from upwell.cli.narrate import Narrator, note
from upwell.evidence.brief.tabled.layout import Printed
from upwell.evidence.brief.tabled.make import make
from upwell.evidence.disclosure import unnamed
from upwell.evidence.disclosure.draft import Draft
from upwell.evidence.disclosure.drafting.counts import Asked, draft
from upwell.evidence.disclosure.drafting.places import check_places
from upwell.evidence.disclosure.history import ledger, takenback
from upwell.evidence.disclosure.history.past import digest
from upwell.evidence.disclosure.protect import Signed, protect
from upwell.evidence.disclosure.release import Release
from upwell.records.tables import read, sheet
from upwell.records.tables.table import CountTable, Layout
from upwell.state import ledgers, populations
from upwell.state.keys import Keys

LOSS = f"{output.INSIDE}/loss.json"
MOST_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Ask:
    """All that decides the answer beside the file and the ledger; see cli.protect for what each means."""

    layout: Layout
    source: str
    period: tuple[date, date]
    tables: tuple[tuple[str, ...], ...] = ()
    protection: packs.Chosen = field(default_factory=lambda: packs.Chosen("hmis-agency"))
    percent: int | None = None
    classes: tuple[int, ...] = ()
    sensitive: tuple[str, ...] = ()
    seed: int = 1
    basis: str = ""
    new_ledger: str = ""
    corrects: str = ""
    because: str = ""

    def as_plain(self) -> dict[str, object]:
        """The same as JSON can hold it."""
        return {**asdict(self), "period": [day.isoformat() for day in self.period]}

    def digest(self, snapshot: str) -> str:
        """The name of this request on this table with this software, 64 hexadecimal digits."""
        held = {"protect": self.as_plain(), "snapshot": snapshot, "software": software.digest()}
        return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Desk:
    """Where a run happens. keys: the agency's. today: the day printed on a new release."""

    home: Path
    keys: Keys
    tell: Narrator
    today: date


@dataclass(frozen=True)
class Made:
    """What came out. repeated: the release had been made before and is unchanged. said: what was taken for granted."""

    release: Release
    repeated: bool
    said: tuple[str, ...]


def run(file: Path, ask: Ask, target: Path, desk: Desk) -> Made:
    """Everything, with files. Leaves target as it was when anything fails."""
    output.check_replaceable(target)
    table = _read(file, ask.layout, desk.tell)
    source_id = source_of(ask, desk)
    drafted = drafted_from(table, ask, source_id, desk.today)
    _check_released_as(drafted, source_id, desk)
    waiting = "Another release of this source is being made; waiting for it ..."
    with (
        output.staged(target) as stage,
        apart.held(desk.home, source_id, waiting=lambda: note(waiting)) as held,
    ):
        memory = Memory(held, desk.home, source_id, target)
        desk.tell.step("Protecting the people behind the counts")
        made = memory.release(
            ask.digest(table.snapshot),
            lambda lines, made_on: _release(drafted, ask, desk, lines=lines, made_on=made_on),
            today=desk.today,
            new_ledger=ask.new_ledger,
        )
        populations.remember(desk.home, source_id, ask.source)
        desk.tell.step("Writing the tables")
        shared = make(made.signed.release, made.signed.data, printed(table, ask), today=made.former.made_on)
        stage.put(shared, under="share")
        stage.put({LOSS: loss.account(made.signed.release, drafted)})
        stage.put({output.RUN: _record(made, table, ask, source_id, stage.names())})
        stage.finish()
    return Made(made.signed.release, made.repeated, table.said)


def rehearse(file: Path, ask: Ask, desk: Desk) -> Made:
    """What the release would be, after the ledger as it is now. Writes nothing, anywhere."""
    table = _read(file, ask.layout, desk.tell)
    source_id = source_of(ask, desk)
    drafted = drafted_from(table, ask, source_id, desk.today)
    _check_released_as(drafted, source_id, desk)
    desk.tell.step("Protecting the people behind the counts")
    lines = ledgers.peek(desk.home, source_id)
    signed, _ = _release(drafted, ask, desk, lines=lines, made_on=desk.today)
    return Made(signed.release, False, table.said)


def _check_released_as(drafted: Draft, source_id: str, desk: Desk) -> None:
    """Raises DoorError where these very people were released under another name: that ledger is unknown to this one."""
    digests = {drafted.meta["snapshot"], *(digest(crowd) for crowd in drafted.crowds)}
    other = apart.elsewhere(desk.home, source_id, digests)
    if not other:
        return
    names = populations.remembered(desk.home)
    name = next((n for n in names if populations.source_id_of(n, public=desk.keys.public) == other), "")
    called = f"as {name!r}; say --source {name!r}" if name else "under another name; say that one with --source"
    raise DoorError(
        f"These very counts were released before {called}. A second ledger would not know what is out, and the two "
        "releases together could give small counts away."
    )


def source_of(ask: Ask, desk: Desk) -> str:
    """The id of the ledger that a request belongs to."""
    plain = populations.source_id_of(ask.source, public=desk.keys.public)
    return apart.source_of(plain, ask.protection.on(desk.today))


def drafted_from(table: CountTable, ask: Ask, source_id: str, today: date) -> Draft:
    """The draft of all that is asked for. Raises EvidenceError for what cannot be asked."""
    rule = ask.protection.on(today)
    check_places([each.name for each in table.dimensions], rule)
    meta = {
        "source": ask.source if rule.free_text else unnamed.SOURCE,
        "source_id": source_id,
        "snapshot": table.snapshot,
        "period_from": ask.period[0].isoformat(),
        "period_to": ask.period[1].isoformat(),
        "basis": ask.basis,
        "new_ledger": ask.new_ledger,
        "corrects": ask.corrects,
        "because": ask.because,
    }
    return draft(table, Asked(ask.tables, ask.percent, ask.classes, ask.sensitive, meta))


def printed(table: CountTable, ask: Ask) -> Printed:
    """How the protected table is laid out: as the one it was made from."""
    return Printed(
        columns=tuple(each.name for each in table.dimensions),
        count=table.unit,
        yes=table.yes_name,
        total=ask.layout.total or "Total",
        decimals=ask.percent,
        classes=ask.classes,
    )


def _read(file: Path, layout: Layout, tell: Narrator) -> CountTable:
    tell.step(f"Reading {file.name}")
    if file.is_dir():
        raise DoorError(f"{file} is a folder. Name a CSV file.")
    if file.stat().st_size > MOST_BYTES:
        raise DoorError(f"{file} is larger than a table of counts can be. Add rows up before.")
    held = sheet.read(file.read_bytes(), file.name)
    table = read.count_table(held, layout)
    return replace(table, said=(*held.said, *table.said))


def _release(drafted: Draft, ask: Ask, desk: Desk, *, lines: bytes, made_on: date) -> tuple[Signed, ledger.LedgerEntry]:
    earlier = ledger.read(lines)
    rule = ask.protection.on(made_on)
    takenback.check_correction(earlier, ask.corrects, ask.because)
    said = takenback.sentences(earlier, corrects=ask.corrects, because=ask.because, free_text=rule.free_text)
    return protect(
        replace(drafted, notes=(*drafted.notes, *said)),
        rule,
        earlier=earlier,
        key=desk.keys.signing,
        made_on=made_on,
        seed=ask.seed,
        ledger_head=ledger.head(lines),
    )


def _record(made: Remembered, table: CountTable, ask: Ask, source_id: str, files: Sequence[str]) -> bytes:
    held: Mapping[str, object] = {
        "about": "CASE TEAM ONLY, DO NOT SEND. How this output was made by `upwell protect`.",
        "form": output.FORM,
        "version": software.version(),
        "constraints": {"sha256": software.digest(), **software.parts()},
        "arguments": {"file": table.name, **ask.as_plain()},
        "source_id": source_id,
        "snapshot": table.snapshot,
        "seed": ask.seed,
        "ledger_head": made.former.ledger_head,
        "release_id": made.former.release_id,
        "made_on": made.former.made_on.isoformat(),
        "files": sorted(files),
    }
    return json.dumps(held, indent=1, ensure_ascii=False).encode() + b"\n"
