"""What the agency's ledger and its former outputs say of a source, and when they contradict each other.

A second ledger for a source would let counts be worked out that two releases hide from each other. How one would arise:
  1. the ledger file was deleted, cut short or put back from an old copy: the mark beside it tells (state.ledgers);
  2. the state folder is new, but the output folder holds a brief of the same source whose release this ledger lacks;
  3. the state folder is new and nothing is left of the old one: no program can know. docs/how-to/back-up-the-key.md
     asks to carry the folder along.
In 1 and 2 the run stops, unless a reason is given, which every later brief of that ledger prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from upwell.cli import output, record
from upwell.cli.errors import DoorError
from upwell.evidence.disclosure import ledger
from upwell.state import requests
from upwell.state.errors import SecondLedgerError
from upwell.state.ledgers import Ledger
from upwell.state.requests import Former


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

    def enter(self, request: str, former: Former, line: bytes) -> None:
        """Put a release into the ledger, durable when this returns."""
        requests.remember(self.home, self.source_id, request, former)
        self.held.append(line)

    def _check_former_output(self, lines: bytes) -> None:
        if self.target is None:
            return
        try:
            run, entries = record.read(self.target / output.RUN), ledger.read(lines)
        except DoorError:
            return  # nothing there, or no record of ours
        admitted = bool(entries and entries[0].new_ledger)
        known = {entry.release_id for entry in entries}
        if run.source_id == self.source_id and run.former.release_id not in known and not admitted:
            raise SecondLedgerError(
                f"{self.target} holds a brief of the same source that this ledger does not list: the state folder is "
                "not the one it was made with. Name that one with UPWELL_HOME, or begin a second ledger with "
                "--new-ledger REASON, which the brief prints."
            )
