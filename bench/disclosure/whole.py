"""Attacks in whole numbers: the true least and greatest of single protected counts over all tables of persons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
from tests.factories.drafts import random_draft
from tests.factories.lattices import demand_of, random_lattice

from bench.disclosure.asked import ASKED
from bench.disclosure.attacked import Mask, public_of
from bench.disclosure.clock import running
from bench.parts import said
from bench.rows import Options, Row
from upwell.evidence.disclosure.attacking.attack import Public, Whole, attack_whole
from upwell.evidence.disclosure.history.past import past_of
from upwell.evidence.disclosure.protect import Gate
from upwell.evidence.disclosure.protect import public_of as gate_public
from upwell.evidence.disclosure.protection import load
from upwell.evidence.disclosure.suppression.suppress import suppress
from upwell.evidence.errors import RefusedError

WIDTH, EACH = 3, 25
"""Persons asked; counts attacked of one system."""


def run(options: Options) -> list[Row]:
    """Drafts and lattices in turn, until so many counts were attacked."""
    with running() as clock:
        told, broken = attacked(options.seed, ASKED.size("WHOLE"))
    exact = sum(each.proved and each.least == each.greatest for each in told)
    narrow = sum(_is_broken(each) for each in told)
    unended = sum(not each.proved and each.greatest - each.least < WIDTH for each in told)
    figure = f"{exact} exactly, {narrow} to fewer than {WIDTH + 1} values"
    figure += f"; {unended} searches did not end" if unended else ""
    figure += f"; seeds {broken[:5]}" if broken else ""
    seconds = f"{clock.seconds / len(told):.2f} s"
    met = len(told) >= int(ASKED.aims["WHOLE"]) and not narrow
    return [
        Row(f"{len(told):,} protected counts attacked in whole numbers: told", "0", figure, met),
        Row("one attack in whole numbers, CPU, protecting included", "reported", seconds, None),
    ]


def attacked(base: int, counts: int, *, largest: int = 3_000) -> tuple[list[Whole], list[int]]:
    """At least so many attacks, and the seeds of systems with a broken count. largest: cells of a lattice."""
    told: list[Whole] = []
    broken: list[int] = []
    random = np.random.default_rng(base)
    for seed, public, protected in _released(base, largest):
        cells = random.permutation(np.flatnonzero(protected))[:EACH].tolist()
        found = attack_whole(public, cells)
        told += found
        broken += [seed] if any(_is_broken(each) for each in found) else []
        said(f"{len(told):,} attacked in whole numbers, {len(broken)} systems broken")
        if len(told) >= counts:
            return told, broken
    return told, broken


def _is_broken(whole: Whole) -> bool:
    return whole.proved and whole.greatest - whole.least < WIDTH


def _released(base: int, largest: int) -> Iterator[tuple[int, Public, Mask]]:
    """What is shown of random systems, and which hidden cells are protected."""
    rules, seed = load("hmis-agency", date(2026, 1, 1)), base
    while True:
        seed += 1
        if seed % 3 == 0:
            system = random_lattice(seed, largest)
            demand = demand_of(system)
            hiding = suppress(system, demand, seed=seed, thorough=False)
            if not hiding.unproved.any():
                yield seed, public_of(system, hiding.hidden), demand.primary
            continue
        draft = random_draft(seed, sparse=seed % 2 == 0)
        try:
            plan = Gate(draft, rules, past_of(draft, ()), seed).run()
        except RefusedError:
            continue
        for side in plan.done.values():
            yield seed, gate_public(side), side.demand.primary & side.hiding.hidden
