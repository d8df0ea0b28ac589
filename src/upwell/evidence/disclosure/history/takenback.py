"""What every reader of a release must know of earlier ones: what was taken back, and what this one corrects."""

from __future__ import annotations

from collections.abc import Sequence

from upwell.evidence.disclosure.history.ledger import RELEASE, WITHDRAWAL, LedgerEntry
from upwell.evidence.errors import LedgerError

MOST_NAMED = 6
"""Releases taken back that are named; beyond them their number alone is told."""


def check_correction(entries: Sequence[LedgerEntry], corrects: str, because: str) -> None:
    """Raises LedgerError when a correction names no release of this ledger, or gives no reason. "" corrects none."""
    if bool(corrects) != bool(because):
        raise LedgerError("A correction names the release and why: --corrects RELEASE --because WORDS.")
    if corrects and corrects not in {entry.release_id for entry in entries if entry.kind == RELEASE}:
        raise LedgerError(f"No release {corrects} of these people is in the ledger. `./upwell ledger show` lists them.")


def sentences(entries: Sequence[LedgerEntry], *, corrects: str, because: str, free_text: bool) -> tuple[str, ...]:
    """One sentence on what this release corrects and one on what was taken back; () where there is neither.

    free_text: whether reasons may be told, which somebody typed (see Protection.free_text).
    """
    made_on = {entry.release_id: entry.made_on for entry in entries if entry.kind == RELEASE}
    said = []
    if corrects:
        why = f": {_words(because)}" if free_text else ""
        said.append(f"This corrects the release {corrects} of {made_on[corrects]}{why}.")
    back = [entry for entry in entries if entry.kind == WITHDRAWAL]
    if back:
        named = [
            f"{each.about} of {made_on[each.about]}{f' ({_words(each.because)})' if free_text else ''}"
            for each in back[-MOST_NAMED:]
        ]
        before = len(back) - len(named)
        more = [f"{before} before {'them' if len(named) > 1 else 'it'}"] if before else []
        said.append(
            f"Taken back by this agency: {_joined([*named, *more])}. What was public stays public, and these counts "
            "are protected beside it."
        )
    return tuple(said)


def _joined(parts: Sequence[str]) -> str:
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else parts[0]


def _words(text: str) -> str:
    """A reason on one line, without the stop that the sentence sets."""
    return " ".join(text.split()).rstrip(".")
