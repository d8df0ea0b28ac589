"""What protect_tables gives: rows that may be shown, and what they cost and promise."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from upwell.evidence.brief.package import FORMULA_SIGNS, WITHHELD
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.disclosure.release import Loss

Cell = int | str | None


@dataclass(frozen=True, repr=False)
class Protected:
    """A table as it may be shown. rows: with totals, None is withheld; columns: their headings.

    promise: of the protection, in a sentence. loss: what it cost. entry: what a ledger must keep of it, so that the
    next release of the same people can be held against it (protect_tables(..., ledger=[*earlier, entry])); earlier: how
    many releases this one was held against.
    """

    rows: tuple[tuple[Cell, ...], ...]
    promise: str
    columns: tuple[str, ...]
    loss: Loss
    entry: LedgerEntry
    earlier: int = 0

    @property
    def withheld(self) -> int:
        """How many numbers are withheld."""
        return sum(each is None for row in self.rows for each in row)

    def to_dict(self) -> dict[str, list[Cell]]:
        """Column -> its values; None is withheld. What a data frame is made from."""
        return {name: [row[at] for row in self.rows] for at, name in enumerate(self.columns)}

    def csv(self) -> str:
        """The table as CSV, with one marker for everything withheld."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([_harmless(name) for name in self.columns])
        writer.writerows([WITHHELD if each is None else _harmless(each) for each in row] for row in self.rows)
        return text.getvalue()

    def __repr__(self) -> str:
        """The promise, and what it does not cover; no number of the table."""
        beside = f"beside {self.earlier} earlier releases" if self.earlier else "by itself, in no ledger"
        return (
            f"Protected({beside}: {self.promise} Withheld: {self.withheld} cells; shown: at least "
            f"{self.loss.share_large_shown:.0%} of the counts large enough to be shown)"
        )


def _harmless(word: Cell) -> Cell:
    return f"'{word}" if isinstance(word, str) and word.startswith(FORMULA_SIGNS) else word
