"""What can go wrong while finding, protecting and saying: sentences that say what to do next, without small counts."""

from __future__ import annotations


class EvidenceError(Exception):
    """A question cannot be worked on as asked."""


class RefusedError(EvidenceError):
    """No useful release is safe. The message says which coarser table would be.

    coarser: titles of tables that the gate, really run on them, would show.
    """

    def __init__(self, message: str, *, coarser: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.coarser = coarser


class ProofError(EvidenceError):
    """The proof of a release does not hold when it is checked again: a fault of the program, and nothing is written."""


class LedgerError(EvidenceError):
    """The ledger is broken, tampered with, or another agency's."""
