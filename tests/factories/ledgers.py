"""A line of a ledger as a release would leave it, invented: one shown count, one hidden, words of every kind."""

from __future__ import annotations

from upwell.evidence.disclosure.history.ledger import BEGINNING, LedgerEntry

ENTRY = LedgerEntry(
    release_id="r0",
    source_id="source-1",
    snapshot="snapshot-1",
    period=("2023-01-01", "2023-12-31"),
    protection="hmis-agency",
    method="suppression",
    seed=1,
    software="upwell 0.1.0",
    solver="highspy 1",
    shown={"c||all": 40},
    hidden=("c|a=hidden-group|yes",),
    protected=("c|a=hidden-group|yes",),
    crowds={"c": "digest"},
    cells={"c||all": "c||0,1", "c|a=hidden-group|yes": "c|a=0|1"},
    witnesses="0" * 64,
    request="1" * 64,
    made_on="2024-01-05",
    basis="agrément \u2028 (notice)",
    new_ledger="",
    previous=BEGINNING,
)
"""The first line: tests `replace` what they are about."""
