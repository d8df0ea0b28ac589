"""THE GATE. Only this function makes a Release; it attacks its own output before it lets it go.

A draft goes round until nothing is open: protect every crowd, attack it, and where that fails make the least important
table coarser or leave it out. Only when not even a headline survives is the draft refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from upwell.evidence.disclosure.assemble import entry_of, release_of
from upwell.evidence.disclosure.attack import AttackReport, Public, attack
from upwell.evidence.disclosure.draft import Crowd, Draft, DraftTable
from upwell.evidence.disclosure.ledger import LedgerEntry
from upwell.evidence.disclosure.past import Past, past_of
from upwell.evidence.disclosure.plan import Plan, Side
from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.disclosure.release import Release, settled, write
from upwell.evidence.disclosure.rules import cells_of, demand_of, names_of
from upwell.evidence.disclosure.suppress import suppress, verify
from upwell.evidence.disclosure.system import TooLargeError, build
from upwell.evidence.errors import RefusedError

WIDER = 2
"""Times that a crowd is protected again with a wider interval after an attack, before a table is given up."""


@dataclass(frozen=True)
class Signed:
    """A Release and its signed bytes."""

    release: Release
    data: bytes


def protect(
    draft: Draft,
    protection: Protection,
    *,
    earlier: Sequence[LedgerEntry],
    key: bytes,
    made_on: date,
    seed: int,
    ledger_head: str,
) -> tuple[Signed, LedgerEntry]:
    """A signed Release of what may be shown of a draft, and the ledger entry to append before anybody sees it.

    earlier: the ledger's entries, oldest first. key: the agency's Ed25519 private key, 32 bytes.
    Same arguments, same bytes. Raises RefusedError, saying what coarser request would do, when nothing useful is safe.
    """
    past = past_of(draft, earlier)
    plan = Plan(draft.tables)
    while True:
        sides = _protected(draft, protection, past, plan, seed)
        if sides is not None and not plan.improve(sides, draft, protection):
            break
    if not plan.has_headline(sides):
        raise RefusedError(
            "So few people are counted here that not even the totals can be shown safely. "
            "Ask for a longer period, or for several agencies together."
        )
    release = settled(
        release_of(draft, protection, plan, sides, earlier=earlier, made_on=made_on, seed=seed, ledger_head=ledger_head)
    )
    entry = entry_of(release, draft, plan, sides)
    return Signed(release, write(release, key)), entry


def _protected(draft: Draft, protection: Protection, past: Past, plan: Plan, seed: int) -> dict[str, Side] | None:
    """Every crowd, hidden and attacked; None when the plan had to give something up first."""
    for crowd in draft.crowds:
        tables = plan.tables_of(crowd.name)
        if crowd.name in plan.done or not (tables or past.cells.get(crowd.name)):
            continue
        try:
            side = _safe_side(crowd, tables, protection, past, seed, plan)
        except TooLargeError as error:
            plan.give_up_crossing(crowd.name, error.columns)
            return None
        if side is None:
            return None
        plan.done[crowd.name] = side
    return plan.done


def _safe_side(
    crowd: Crowd, tables: Sequence[DraftTable], protection: Protection, past: Past, seed: int, plan: Plan
) -> Side | None:
    """One crowd's pattern after a failed attack on it; None when the plan gave up one of its tables instead."""
    printed = [cell for table in tables for cell in cells_of(table) if cell.crowd == crowd.name]
    older = past.cells.get(crowd.name, ())
    system = build(crowd, [*printed, *older])
    for wider in range(WIDER + 1):
        demand = demand_of(system, crowd, tables, protection, past, protection.width + wider)
        hiding = suppress(system, demand, seed=seed)
        if not hiding.unproved.any():
            if not verify(system, demand, hiding):
                raise AssertionError("A witness table does not agree with what is shown: this is a fault of Upwell.")
            side = Side(system, demand, hiding, tuple(names_of(system.cells, tables, older)))
            report = attack(public_of(side), width=protection.width, seed=seed + 1)
            if not _succeeded(report, side, protection.width):
                return side
    open_cells = {system.cells[at] for at in np.flatnonzero(hiding.unproved | demand.primary)}
    plan.give_up_touching(crowd.name, open_cells)
    return None


def public_of(side: Side) -> Public:
    """What everybody can see of a crowd: shown counts and how all counts add up."""
    system = side.system
    shown = np.where(side.hiding.hidden, -1, system.values)
    names = tuple(cell.id for cell in system.cells)
    return Public(names, shown, system.counts, system.ties, system.sums)


def _succeeded(report: AttackReport, side: Side, width: int) -> bool:
    """Whether the attack narrowed a protected count to fewer than width + 1 values."""
    protected = side.demand.primary[side.hiding.hidden]
    return bool((protected & (report.high - report.low < width)).any())
