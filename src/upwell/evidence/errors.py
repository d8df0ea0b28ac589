"""What can go wrong while finding, protecting and saying: sentences that say what to do next, without small counts."""

from __future__ import annotations


class EvidenceError(Exception):
    """A question cannot be worked on as asked."""


class RefusedError(EvidenceError):
    """No useful release is safe. The message says which coarser table would be."""


class LedgerError(EvidenceError):
    """The ledger is broken, tampered with, or another agency's."""
