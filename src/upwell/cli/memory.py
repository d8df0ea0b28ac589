"""What the agency's ledger and its former outputs say of a source, and when they contradict each other.

A second ledger for a source would let counts be worked out that two releases hide from each other. How one would arise:
  1. the ledger file was deleted, cut short or put back from an old copy: the mark beside it tells (state.ledgers);
  2. the state folder is new, but the output folder holds a brief of the same source whose release this ledger lacks;
  3. the state folder is new and nothing is left of the old one: no program can know. docs/how-to/back-up-the-key.md
     asks to carry the folder along.
In 1 and 2 the run stops, unless a reason is given, which every later brief of that ledger prints.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from upwell.cli import output
from upwell.cli.errors import DoorError
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.disclosure.protect import Signed
from upwell.state import requests
from upwell.state.errors import SecondLedgerError
from upwell.state.ledgers import Ledger
from upwell.state.requests import Former

Make = Callable[[bytes, date], tuple[Signed, LedgerEntry]]
"""Makes a release after the lines of a ledger, as of a day, with the entry that it will have there."""


@dataclass(frozen=True)
class Remembered:
    """A release. repeated: it had been made before and is unchanged."""

    signed: Signed
    former: Former
    repeated: bool


@dataclass(frozen=True)
class Memory:
    """The ledger of one source, held alone, with what was asked of it before.

    target: the output folder, whose former output must be one that the ledger lists; None where that says nothing.
    """

    held: Ledger
    home: Path
    source_id: str
    target: Path | None

    def former(self, request: str) -> Former | None:
        """What this request led to before; a row without its ledger line is no answer (see before)."""
        return requests.find(self.home, self.source_id, request)

    def before(self, former: Former) -> bytes | None:
        """The ledger as it was before a former release, None when it does not list that release."""
        try:
            lines = self.held.lines()
        except SecondLedgerError:
            return None  # whoever asks for the lines next is told
        kept = lines.splitlines(keepends=True)
        for number, entry in enumerate(ledger.read(lines)):
            if (entry.release_id, entry.previous) == (former.release_id, former.ledger_head):
                return b"".join(kept[:number])
        return None

    def lines(self, new_ledger: str) -> bytes:
        """The ledger as a new release must reckon with it.

        new_ledger: why a second ledger is begun, "" when none is wanted. Raises SecondLedgerError when one would be
        begun without a reason, DoorError when a reason is given and the ledger is whole.
        """
        try:
            lines = self.held.lines()
            self._check_former_output(lines)
        except SecondLedgerError:
            if not new_ledger:
                raise
            self.held.begin_again()
            return b""
        if new_ledger and lines:
            raise DoorError("The ledger of this source is whole; no second one is begun. Leave --new-ledger away.")
        return lines

    def again(self, former: Former, make: Make) -> Remembered | None:
        """A former release made again; None when this ledger does not list it, or other figures come out."""
        before = self.before(former)
        if before is None:
            return None
        signed, _ = make(before, former.made_on)
        return Remembered(signed, former, repeated=True) if signed.release.id == former.release_id else None

    def release(self, request: str, make: Make, *, today: date, new_ledger: str = "") -> Remembered:
        """What a request led to before, made again; or a new release, in the ledger when this returns."""
        former = self.former(request)
        if former and (there := self.again(former, make)):
            return there
        lines = self.lines(new_ledger)
        signed, entry = make(lines, today)
        former = Former(signed.release.id, ledger.head(lines), today)
        self.enter(request, former, ledger.append(lines, entry))
        return Remembered(signed, former, repeated=False)

    def enter(self, request: str, former: Former, line: bytes) -> None:
        """Put a release into the ledger, durable when this returns."""
        requests.remember(self.home, self.source_id, request, former)
        self.held.append(line)

    def _check_former_output(self, lines: bytes) -> None:
        if self.target is None:
            return
        made, entries = output.made_from(self.target), ledger.read(lines)
        admitted = bool(entries and entries[0].new_ledger)
        known = {entry.release_id for entry in entries}
        if made and made.source_id == self.source_id and made.release_id not in known and not admitted:
            raise SecondLedgerError(
                f"{self.target} holds a release of the same source that this ledger does not list: the state folder is "
                "not the one it was made with. Name that one with UPWELL_HOME, or begin a second ledger with "
                "--new-ledger REASON, which the brief prints."
            )
