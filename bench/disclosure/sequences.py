"""Releases over time: a year of monthly year-to-date tables, each through the gate with the ledger of those before.

The attacker holds all of them. Beside it, on the same months: hiding small counts alone, and a gate without memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.factories.sequences import (
    SequenceReport,
    Shown,
    attack_sequence,
    sequence,
    threshold_only,
    with_ledger,
    without_memory,
)

from bench.disclosure.asked import ASKED
from bench.disclosure.clock import Clock, running
from bench.parts import said
from bench.rows import Options, Row
from upwell.evidence.disclosure.draft import Draft

Policy = Callable[[Sequence[Draft]], Shown]


@dataclass
class Year:
    """Sums over sequences. broken: seeds with a count or change that was told exactly."""

    sequences: int = 0
    releases: int = 0
    protected: int = 0
    exact: int = 0
    near: int = 0
    refused: int = 0
    large: float = 0.0
    clock: Clock = field(default_factory=Clock)
    broken: list[int] = field(default_factory=list)

    def add(self, report: SequenceReport, seed: int) -> None:
        """One sequence more."""
        self.sequences += 1
        self.protected += report.protected
        self.exact += len(report.exact)
        self.near += len(report.near)
        self.refused += report.refused
        self.large += report.large
        self.broken += [seed] if report.exact else []

    def words(self) -> str:
        """Exact, near and shown, of how many."""
        return (
            f"{self.exact:,} exactly, {self.near - self.exact:,} more to at most three values, of {self.protected:,}; "
            f"{self.large / max(1, self.sequences):.0%} of counts of 11 and more shown"
        )


def run(options: Options) -> list[Row]:
    """The gate with its ledger over every sequence, and the baselines over some."""
    many, few, months = ASKED.size("SEQUENCES"), ASKED.size("BASELINES"), ASKED.size("RELEASES")
    ours = year(with_ledger, options.seed, many, months)
    leaving = year(with_ledger, options.seed + many, many // 10, months, leaving=0.03)
    forgetful = year(without_memory, options.seed, few, months)
    naive = year(threshold_only, options.seed, few, months)
    head = f"{ours.sequences} sequences of {months} releases, all held together"
    seconds = ours.clock.seconds / max(1, ours.sequences)
    broken = f"; broken: seeds {ours.broken[:5]}" if ours.broken else ""
    refused = f"{ours.refused} of {ours.sequences * months:,}"
    enough = ours.sequences >= 200 and months >= 12
    rows = [
        Row(
            f"{head}: counts and changes of 1 to 10 told", "0 exactly", ours.words() + broken, enough and not ours.exact
        ),
        Row("the twelve through the gate, CPU a sequence", "reported", f"{seconds:.1f} s", None),
        Row("of them refused (with the tables as asked)", "reported", refused, None),
    ]
    if leaving.sequences:
        aim = f"{leaving.sequences} sequences in which people leave as well: told"
        rows.append(Row(aim, "0 exactly", leaving.words(), not leaving.exact))
    for each, words in ((forgetful, "the gate without memory"), (naive, "hiding 1 to 10 and nothing else")):
        if each.sequences:
            rows.append(Row(f"beside it, {words}, {each.sequences} sequences: told", "reported", each.words(), None))
    return rows


def year(policy: Policy, base: int, sequences: int, months: int, *, leaving: float = 0.0) -> Year:
    """So many sequences under one policy, each attacked with every release in hand."""
    told = Year()
    for at in range(sequences):
        drafts = sequence(base + at, months, leaving=leaving)
        with running(told.clock):
            shown = policy(drafts)
        told.add(attack_sequence(drafts, shown, leavers=None if leaving else 0, seed=base + at + 999_999), base + at)
        said(f"{policy.__name__} {at + 1}: {told.words()}, {told.clock.seconds:.0f} s")
    return told
