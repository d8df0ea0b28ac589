"""The agency's state folder: its signing key and its ledger, which lie on the case side alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.conf import settings

from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.errors import LedgerError
from upwell.practice.accounts.models import Agency
from upwell.practice.micro.crossing.table import source_id
from upwell.state import folder, keys, ledgers
from upwell.state.keys import Keys
from upwell.state.ledgers import Ledger

MIXED = (
    "Earlier releases of this agency were made under rules of another kind: some protections (victim-services, sud) "
    "keep their releases apart from all others. Put the agency's former protection back; nothing crosses meanwhile."
)


def home(agency: Agency) -> Path:
    """The agency's own folder, there and private."""
    folder.ready(Path(settings.UPWELL_HOME) / "agencies")
    return folder.ready(Path(settings.UPWELL_HOME) / "agencies" / agency.slug)


def keys_of(agency: Agency) -> Keys:
    """The agency's keys, made at first use."""
    return keys.load_or_make(home(agency))


@contextmanager
def ledger_held(agency: Agency) -> Iterator[Ledger]:
    """The agency's ledger, held alone until it is let go."""
    with ledgers.held(home(agency), source_id(agency)) as held:
        yield held


def lines_of(agency: Agency) -> bytes:
    """The agency's ledger, checked.

    Raises LedgerError or StateError when it was changed, cut short or is another's, and when releases of it were made
    under rules that stand in a ledger apart from those of the agency now.
    """
    with ledger_held(agency) as held:
        lines = held.lines()
    entries = ledger.verify(lines, source_id=source_id(agency))
    if any(_stands_apart(entry.protection) != _stands_apart(agency.protection) for entry in entries):
        raise LedgerError(MIXED)
    return lines


def _stands_apart(name: str) -> bool:
    """Whether releases under a protection stand in a ledger of their own; a pack that Upwell does not bring has none.

    A pack is asked as it stands at last: what it says of its ledger was never another thing before.
    """
    return name in protection.names() and protection.load(name, date.max).separate_ledger


def entries_now(agency: Agency) -> tuple[LedgerEntry, ...]:
    """What the ledger holds, oldest first, without holding it. Raises LedgerError when anything was changed."""
    return ledger.read(ledgers.peek(home(agency), source_id(agency)))


def is_whole(agency: Agency) -> bool:
    """Whether every line that was ever durable is still there."""
    return ledgers.is_whole(home(agency), source_id(agency))
