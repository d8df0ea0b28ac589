"""THE GATE. Only this function makes a Release; it attacks its own output before it lets it go.

A draft goes round until nothing is open: count, give up what is too sparse, protect every crowd, attack it, and where
that fails make the least important table coarser or leave it out. Only when not even a total survives is it refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.assemble import Occasion, entry_of, release_of
from upwell.evidence.disclosure.attacking.attack import AttackReport, Public, attack
from upwell.evidence.disclosure.coarser import MOST_TRIES, TRIES_OVER_TIME, in_a_sentence, what_would_do
from upwell.evidence.disclosure.draft import Cell, Crowd, Draft
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.disclosure.history.past import Past, past_of
from upwell.evidence.disclosure.history.stack import only
from upwell.evidence.disclosure.instead import with_rounded
from upwell.evidence.disclosure.plan import Plan, Side, check
from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.disclosure.release import Release, settled, write
from upwell.evidence.disclosure.rounded import keeps_bands
from upwell.evidence.disclosure.rules import Case, behind_of
from upwell.evidence.disclosure.suppression.prove import prove, proved_apart
from upwell.evidence.disclosure.suppression.suppress import Demand, Hiding, suppress
from upwell.evidence.disclosure.system import System, TooLargeError
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
    plan = _planned(draft, protection, earlier, seed)
    for side in plan.done.values():
        check(side)  # once more, of exactly what is about to be written
    occasion = Occasion(protection, made_on, seed, ledger_head, tuple(earlier), key)
    release = settled(release_of(draft, plan, occasion))
    return Signed(release, write(release, key)), entry_of(release, draft, plan, key)


def _planned(draft: Draft, protection: Protection, earlier: Sequence[LedgerEntry], seed: int) -> Plan:
    """The plan of a draft. Where it is refused, the refusal names coarser tables that the gate would show."""

    def run(asked: Draft) -> Plan:
        return Gate(asked, protection, past_of(asked, earlier), seed).run()

    past = past_of(draft, earlier)
    try:
        return Gate(draft, protection, past, seed).run()
    except RefusedError as refusal:
        titles = what_would_do(draft, run, tries=TRIES_OVER_TIME if past.before else MOST_TRIES)
        words = " ".join(each for each in (past.cause, str(refusal), in_a_sentence(titles)) if each)
        raise RefusedError(words, coarser=titles) from refusal


class Gate:
    """One draft on its way: the plan, and the people counted so far."""

    def __init__(self, draft: Draft, protection: Protection, past: Past, seed: int) -> None:
        self.draft, self.protection, self.past, self.seed = draft, protection, past, seed
        self.plan = Plan(draft.tables, draft.patterns)
        self.memory: dict[bytes, NDArray[np.int64]] = {}
        self.systems: dict[str, tuple[Case, System]] = {}
        self.told: dict[str, tuple[frozenset[Cell], frozenset[Cell]]] = {}

    def run(self) -> Plan:
        """The plan once every crowd is safe. Each round gives up something or ends."""
        while not (self.count() and self.hide()):
            pass
        return self.plan

    def count(self) -> bool:
        """Write every crowd's system; False when a table was given up because it is too sparse or crosses too much.

        A crowd that no table prints is told nothing of, unless amounts beside it would tell of its earlier counts.
        """
        amounts = any(crowd.amounts is not None for crowd in self.draft.crowds)
        for crowd in self.draft.crowds:
            tables = self.plan.tables_of(crowd.name)
            known = self.systems.get(crowd.name)
            if known is not None and known[0].tables == tables:
                continue
            self.plan.done.pop(crowd.name, None)
            self.systems.pop(crowd.name, None)
            limits, unprinted = self.past.limits.get(crowd.name, ()), self.plan.unprinted.get(crowd.name, ())
            case = Case(crowd, tables, self.protection, self.past, self.memory, limits, unprinted=unprinted)
            if (tables or (case.older and amounts)) and not self._write(case):
                return False
        return not self.plan.thin(behind_of(self.systems.values()), self.protection)

    def _write(self, case: Case) -> bool:
        try:
            self.systems[case.crowd.name] = case, case.system()
        except TooLargeError as error:
            self.plan.give_up_crossing(error)
            return False
        return True

    def _without_lost(self, case: Case, system: System) -> System:
        """Without counts of the past that earlier releases gave away already: nothing shown now can save them."""
        then = np.array([cell.crowd != case.crowd.name for cell in system.cells], dtype=bool)
        if not then.any():
            return system
        public = self.past.public
        known = np.array([next((public[n] for n in each if n in public), -1) for each in case.names(system)])
        names = tuple(cell.id for cell in system.cells)
        seen = Public(names, known, system.counts, system.ties, system.sums, system.bands, system.least, system.most)
        report = attack(seen, width=self.protection.width, seed=self.seed + 1)
        lost = np.zeros(len(system.cells), dtype=bool)
        lost[known < 0] = report.high - report.low < self.protection.width
        return only(system, ~then | ~lost)

    def hide(self) -> bool:
        """Protect and attack every crowd, counts before amounts; False when a table was given up.

        Raises RefusedError, before anything is searched for, when no total could be shown whatever is given up.
        """
        pairs = self.systems.values()
        self.plan.refuse_without_total({cell for case, system in pairs for cell in case.never_shown(system)})
        for name in sorted(self.systems, key=lambda each: self.systems[each][0].crowd.amounts is not None):
            case, system = self.systems[name]
            told = self.told_of(case)
            if name not in self.plan.done or self.told[name] != told:
                self.told[name] = told
                case = replace(case, withheld=told[0], nobody=told[1])
                try:
                    over_time = case.over_time(system)
                except TooLargeError as error:
                    self.plan.give_up_crossing(error)
                    return False
                side = self.safe(case, self._without_lost(case, over_time), alone=over_time is system)
                if side is None:
                    return False
                self.plan.done[name] = side
        return not (self.plan.mend_findings() or self.plan.make_room_for_a_total())

    def told_of(self, case: Case) -> tuple[frozenset[Cell], frozenset[Cell]]:
        """Cells of a crowd of amounts whose count of persons is withheld, and those where it is a printed zero.

        An amount of nothing where nobody is says that nobody is: the two are withheld together.
        """
        if case.crowd.amounts is None:
            return frozenset(), frozenset()
        hidden: dict[Place, bool] = {}
        nobody: dict[Place, bool] = {}
        for name, side in self.plan.done.items():
            crowd = self.systems[name][0].crowd
            if crowd.amounts is None:
                for cell, is_hidden, persons in zip(
                    side.system.cells, side.hiding.hidden.tolist(), side.system.values.tolist(), strict=True
                ):
                    place = _place(crowd, cell)
                    hidden[place] = is_hidden
                    nobody[place] = not is_hidden and persons == 0
        places = {cell: _place(case.crowd, cell) for cell in case.printed}
        return (
            frozenset(cell for cell, place in places.items() if hidden.get(place)),
            frozenset(cell for cell, place in places.items() if nobody.get(place)),
        )

    def safe(self, case: Case, system: System, *, alone: bool = False) -> Side | None:
        """One crowd's pattern after a failed attack on it; None when the plan gave up one of its tables instead.

        alone: the system is not stacked on earlier releases.
        """
        promised = case.demand(system, self.protection.width, alone=alone).width
        for wider in range(WIDER + 1):
            demand = case.demand(system, self.protection.width + wider, alone=alone)
            hiding = self._hiding(system, demand)
            if hiding.unproved.any():
                break
            names, amounts = tuple(case.names(system)), case.crowd.amounts is not None
            side = Side(system, demand, hiding, names, promised, amounts=amounts)
            report = attack(side.public(), width=side.widest, seed=self.seed + 1)
            narrowed, side = side.narrowed(report), _without_useless(side, report)
            check(side)
            if not narrowed.any():
                return with_rounded(case, side, seed=self.seed)
        blamed = hiding.unproved if hiding.unproved.any() else narrowed
        self.plan.give_up_touching(case.crowd.name, system, blamed)
        return None

    def _hiding(self, system: System, demand: Demand) -> Hiding:
        hiding = suppress(system, demand, seed=self.seed, thorough=not self.past.before)
        if not self.past.before:  # what is forced by earlier releases stays without a way out
            hiding = proved_apart(system, demand, hiding, seed=self.seed)
        if not system.bands.shape[0] or all(keeps_bands(system, table) for table in hiding.witnesses):
            return hiding
        return prove(system, demand, hiding, seed=self.seed)


Place = tuple[object, ...]


def _place(crowd: Crowd, cell: Cell) -> Place:
    """Who a cell counts, in words that crowds of counts and of amounts share."""
    outcomes = () if len(set(cell.outcomes)) == crowd.outcomes else cell.outcomes
    return cell.where, outcomes, cell.outside


def public_of(side: Side) -> Public:
    """What everybody can see of a crowd: shown counts and how all counts add up."""
    return side.public()


def _without_useless(side: Side, report: AttackReport) -> Side:
    """Show again what was hidden to protect another and follows from what is shown: hiding it protects nothing."""
    follows = np.zeros(len(side.hiding.hidden), dtype=bool)
    follows[np.flatnonzero(side.hiding.hidden)] = report.low >= report.high
    useless = follows & ~side.demand.primary & ~side.demand.silent
    return replace(side, hiding=replace(side.hiding, hidden=side.hiding.hidden & ~useless))
