"""Which ledger a release stands in: the source's own, or one apart, and never the same records in two.

Two ledgers that know nothing of each other would let counts be worked out that each of them hides. A victim service
provider's own records may stand apart, because no other release counts them (records.cases.hmis.read sees to it).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from upwell.cli.errors import DoorError
from upwell.evidence.disclosure.history import ledger as chain
from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.errors import LedgerError
from upwell.state import ledgers
from upwell.state.ledgers import Ledger

APART, VICTIM_SERVICES = "-apart", "-victim-services"


def source_of(source_id: str, protection: Protection) -> str:
    """The digest under which a source's releases stand in a ledger: another one where they stand apart."""
    return f"{source_id}{APART}" if protection.separate_ledger else source_id


def victim_services_source(source_id: str, key: bytes) -> str:
    """The digest of a victim service provider's own source: keyed, so that nobody can try names on it.

    key: a secret of the agency's, 16 to 64 bytes.
    """
    return hashlib.blake2b(source_id.encode(), key=key, digest_size=16).hexdigest() + VICTIM_SERVICES


@contextmanager
def held(home: Path, source_id: str, *, waiting: Callable[[], None] | None = None) -> Iterator[Ledger]:
    """The ledger of a source, for one writer at a time (see state.ledgers.held), and the only one of its records.

    source_id: as `source_of` gives it. Raises DoorError when these records were released in the other ledger before.
    """
    plain = source_id.removesuffix(APART)
    with ExitStack() as both:
        # The plain ledger is held in either case: two runs at a time could else begin one ledger each.
        ledger = both.enter_context(ledgers.held(home, plain, waiting=waiting))
        other = plain if source_id != plain else f"{plain}{APART}"
        if other in ledgers.sources(home):
            raise DoorError(_SAID[source_id != plain])
        yield ledger if source_id == plain else both.enter_context(ledgers.held(home, source_id, waiting=waiting))


def elsewhere(home: Path, source_id: str, digests: Collection[str]) -> str:
    """The source whose ledger lists a release of these very records, "" when no other one does.

    digests: of the records and of who is counted (LedgerEntry.snapshot and crowds). A ledger that cannot be read says
    nothing here: whoever releases from it is told.
    """
    plain = source_id.removesuffix(APART)
    for other in ledgers.sources(home):
        if other.removesuffix(APART) == plain:
            continue
        try:
            entries = chain.read(ledgers.peek(home, other))
        except LedgerError:
            continue
        if any(not {entry.snapshot, *entry.crowds.values()}.isdisjoint(digests) for entry in entries):
            return other.removesuffix(APART)
    return ""


_SAID = {
    True: (
        "These records were released before under a protection that has no ledger of its own. A second ledger would "
        "not know what is out. Use a protection of the same kind as before; `./upwell protections` says which have one."
    ),
    False: (
        "These records were released before under a protection with a ledger of its own (victim-services or sud). "
        "Another one would not know what is out. Use a protection of the same kind as before."
    ),
}
"""Whether a release would stand apart -> why it may not."""
