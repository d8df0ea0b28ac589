"""Random linked tables through the gate, then the auditor with other seeds: is all safe, and how much is left?"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from tests.factories.drafts import county_draft, random_draft

from bench.rows import Options, Row
from upwell.evidence.disclosure.attack import attack
from upwell.evidence.disclosure.draft import Draft
from upwell.evidence.disclosure.past import past_of
from upwell.evidence.disclosure.plan import Plan
from upwell.evidence.disclosure.protect import Gate, public_of
from upwell.evidence.disclosure.protection import Protection, load
from upwell.evidence.errors import RefusedError

DAY = date(2026, 1, 1)
DRAFTS = 10_000
LARGE = 11


@dataclass
class Measured:
    """drafts: asked. refused: of them. protected: hidden counts attacked. exact, narrow: recovered, told too closely.

    large, large_shown: counts of 11 and more that were drafted, and still shown. cpu: seconds of gate and attack.
    """

    drafts: int = 0
    refused: int = 0
    protected: int = 0
    exact: int = 0
    narrow: int = 0
    large: int = 0
    large_shown: int = 0
    cpu: float = 0.0
    failures: list[int] = field(default_factory=list)

    @property
    def share_large_shown(self) -> float:
        """Of the counts of 11 and more that were drafted, tables left out included; 0..1."""
        return self.large_shown / max(1, self.large)


def measure(base: int, drafts: int) -> Measured:
    """Half the drafts sparse, one seed each, counted from `base`; attacked with seeds that the gate does not use."""
    measured, rules = Measured(), load("hmis-agency", DAY)
    begun = time.process_time()
    for at in range(drafts):
        _attacked(random_draft(base + at, sparse=at % 2 == 0), rules, base + at, measured)
    measured.cpu = time.process_time() - begun
    return measured


def _attacked(draft: Draft, rules: Protection, seed: int, measured: Measured) -> None:
    measured.drafts += 1
    try:
        plan = Gate(draft, rules, past_of(draft, ()), seed).run()
    except RefusedError:
        measured.refused += 1
        return
    for exact, narrow, protected in _findings(plan, rules, seed):
        measured.exact += exact
        measured.narrow += narrow
        measured.protected += protected
        if exact or narrow:
            measured.failures.append(seed)
    large = {cell for cell, persons in plan.drafted.items() if persons >= LARGE}
    measured.large += len(large)
    measured.large_shown += len(large & plan.shown().keys())


def _findings(plan: Plan, rules: Protection, seed: int) -> Iterator[tuple[int, int, int]]:
    for side in plan.done.values():
        report = attack(public_of(side), width=rules.width, seed=seed + 7_777_777)
        protected = side.demand.primary[side.hiding.hidden]
        apart = report.high - report.low
        yield int((protected & (apart < 1)).sum()), int((protected & (apart < rules.width)).sum()), int(protected.sum())


def run(options: Options) -> list[Row]:
    """The aims of protecting. UPWELL_BENCH_DRAFTS sets how many drafts (10,000 otherwise)."""
    drafts = int(os.environ.get("UPWELL_BENCH_DRAFTS", DRAFTS))
    measured = measure(options.seed, drafts)
    words = f"{drafts:,} random linked table sets, attacked"
    refused = measured.refused / drafts
    begun = time.process_time()
    county = county_draft(500, options.seed)
    rules = load("hmis-agency", DAY)
    Gate(county, rules, past_of(county, ()), 1).run()
    spent = time.process_time() - begun
    tried = f"{measured.exact} of {measured.protected:,} protected counts"
    failed = f"; seeds {measured.failures[:5]}" if measured.failures else ""
    return [
        Row(f"{words}: recovered exactly", "0", tried + failed, measured.exact == 0),
        Row("narrowed below the width", "0", f"{measured.narrow:,}", measured.narrow == 0),
        Row("refused", "under 5 %", f"{refused:.1%}", refused < 0.05),
        Row("counts of 11 and more still shown", "reported", f"{measured.share_large_shown:.0%}", None),
        Row("gate and attack, CPU a table set", "reported", f"{measured.cpu / drafts:.2f} s", None),
        Row("gate and attack, 13 questions, 500 persons", "under 1.5 CPU s", f"{spent:.2f} s", spent < 1.5),
    ]
