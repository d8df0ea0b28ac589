"""Random linked systems through the gate and its search, then the auditor with other seeds: is all safe, what is left?

Drafts of linked tables (every other one sparse), now and then the size of a whole brief; full lattices of random shape
and caseload, half of them with districts that cut across counties. Every fourth under full protection.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from tests.factories.drafts import county_draft, random_draft
from tests.factories.lattices import demand_of, random_lattice

from bench.disclosure.asked import ASKED
from bench.disclosure.attacked import LARGE, OTHER_SEED, Tally, audited, tallied
from bench.disclosure.clock import running
from bench.parts import said
from bench.rows import Options, Row
from upwell.evidence.disclosure.attacking.attack import attack
from upwell.evidence.disclosure.draft import Draft
from upwell.evidence.disclosure.history.past import past_of
from upwell.evidence.disclosure.protect import Gate, public_of
from upwell.evidence.disclosure.protection import Protection, load
from upwell.evidence.disclosure.suppression.suppress import suppress, verify
from upwell.evidence.errors import RefusedError

DAY = date(2026, 1, 1)
SIZES = (200, 1_000)
COUNTY_EVERY, FULL_EVERY = 50, 4
REFUSED = 0.05
DRAFT_FLOOR = 0.5
"""Share of counts of 11 and more that drafts must still show; the first gate showed 65 %."""


@dataclass(frozen=True, order=True)
class Kind:
    """What sort of system: "tables" or "lattice"; cells; whether most of its non-zero counts are small; protection."""

    family: str
    size: str
    density: str
    level: str


def run(options: Options) -> list[Row]:
    """The reliability run, and refusals and loss by size and density."""
    told: dict[Kind, Tally] = defaultdict(Tally)
    with running() as clock:
        for at, (kind, tally) in enumerate(systems(options.seed), 1):
            told[kind].add(tally)
            protected = sum(each.protected for each in told.values())
            if at % 50 == 0:
                said(
                    f"{at} systems, {protected:,} protected counts, {sum(each.narrow for each in told.values())} broken"
                )
            if at >= ASKED.size("SYSTEMS") and protected >= ASKED.size("CELLS"):
                break
    return [*_safe(told, clock.seconds), *_refused(told), *(_kept(kind, told[kind]) for kind in sorted(told))]


def measure(base: int, drafts: int) -> Tally:
    """So many drafts alone, half of them sparse, one seed each, counted from `base`."""
    told = Tally()
    for at in range(drafts):
        told.add(of_draft(random_draft(base + at, sparse=at % 2 == 0), load("hmis-agency", DAY), base + at)[1])
    return told


def systems(base: int, *, largest: int = 3_000) -> Iterator[tuple[Kind, Tally]]:
    """Random systems without end, each attacked: a third lattices, the rest drafts. largest: cells of a lattice."""
    usual, full = load("hmis-agency", DAY), load("full", DAY)
    at = 0
    while True:
        rules = full if at % FULL_EVERY == FULL_EVERY - 1 else usual
        if at % 3 == 2:
            yield of_lattice(base + at, full=rules.full, largest=largest)
        elif at % COUNTY_EVERY == COUNTY_EVERY - 1:
            yield of_draft(county_draft(500, base + at), rules, base + at)
        else:
            yield of_draft(random_draft(base + at, sparse=at % 2 == 0), rules, base + at)
        at += 1


def of_draft(draft: Draft, rules: Protection, seed: int) -> tuple[Kind, Tally]:
    """One draft through the gate, attacked with another seed."""
    gate = Gate(draft, rules, past_of(draft, ()), seed)
    told = Tally(systems=1)
    try:
        plan = gate.run()
    except RefusedError:
        plan, told.refused, told.given_up = gate.plan, 1, [f"draft {seed}, {rules.name}"]
    for side in () if told.refused else plan.done.values():
        report = attack(public_of(side), width=rules.width, seed=seed + OTHER_SEED)
        told.add(tallied(report, side.demand.primary[side.hiding.hidden], rules.width))
    if told.narrow:
        told.failures.append(f"draft {seed}, {rules.name}")
    large = {cell for cell, persons in plan.drafted.items() if persons >= LARGE}
    told.large, told.shown = len(large), 0 if told.refused else len(large & plan.shown().keys())
    values = np.array(list(plan.drafted.values()))
    return _kind("tables", values, rules.full), told


def of_lattice(seed: int, *, full: bool, largest: int = 3_000) -> tuple[Kind, Tally]:
    """One lattice through the search, proved again, and attacked with another seed."""
    system = random_lattice(seed, largest)
    width = 10 if full else 3
    demand = demand_of(system, width=width, full=full)
    hiding = suppress(system, demand, seed=seed)
    kind = _kind("lattice", system.values, full)
    if hiding.unproved.any():
        words = [f"lattice {seed}{', full' if full else ''}"]
        return kind, Tally(systems=1, refused=1, large=int((system.values >= LARGE).sum()), given_up=words)
    told = audited(system, hiding.hidden, demand.primary, seed=seed, width=width)
    if told.narrow or not verify(system, demand, hiding):
        told.failures.append(f"lattice {seed}{', full' if full else ''}")
    return kind, told


def _kind(family: str, values: np.ndarray, full: bool) -> Kind:
    some = values[values > 0]
    sparse = bool(len(some)) and float((some < LARGE).mean()) > 0.5
    least, most = SIZES
    size = (
        f"under {least}" if len(values) < least else f"under {most:,}" if len(values) < most else f"{most:,} and more"
    )
    return Kind(family, f"{size} cells", "sparse" if sparse else "dense", "full 0 to 10" if full else "width 3")


def _safe(told: dict[Kind, Tally], seconds: float) -> list[Row]:
    whole = Tally()
    for each in told.values():
        whole.add(each)
    enough = whole.systems >= ASKED.size("SYSTEMS") and whole.protected >= ASKED.size("CELLS")
    words = f"{whole.systems:,} random linked systems, {whole.protected:,} protected counts attacked"
    broken = f"; broken: {'; '.join(whole.failures[:5])}" if whole.failures else ""
    return [
        Row(f"{words}: told exactly", "0", f"{whole.exact}{broken}", enough and whole.exact == 0),
        Row("told more closely than asked", "0", f"{whole.narrow}", whole.narrow == 0 and not whole.failures),
        Row("protecting and attacking, CPU a system", "reported", f"{seconds / whole.systems:.2f} s", None),
    ]


def _refused(told: dict[Kind, Tally]) -> list[Row]:
    rows = []
    for level in ("width 3", "full 0 to 10"):
        mine = [tally for kind, tally in told.items() if kind.level == level]
        share = sum(each.refused for each in mine) / max(1, sum(each.systems for each in mine))
        words = f"{sum(each.refused for each in mine)} of {sum(each.systems for each in mine):,} ({share:.1%})"
        named = [word for each in mine for word in each.given_up][:4]
        words += f": {'; '.join(named)}" if named else ""
        rows.append(Row(f"refused at {level}", "under 5 %", words, share < REFUSED))
    drafts = Tally()
    for kind, tally in told.items():
        if kind.family == "tables" and kind.level == "width 3":
            drafts.add(tally)
    share = drafts.share_large_shown
    rows.append(Row("linked tables: counts of 11 and more shown", "50 % or more", f"{share:.0%}", share >= DRAFT_FLOOR))
    return rows


def _kept(kind: Kind, tally: Tally) -> Row:
    family = {"tables": "linked tables", "lattice": "full lattices"}[kind.family]
    aim = f"{family}, {kind.size}, {kind.density}, {kind.level}: counts of 11 and more shown"
    return Row(aim, "reported", f"{tally.share_large_shown:.0%} in {tally.systems}, {tally.refused} refused", None)
