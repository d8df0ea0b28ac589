"""Releases held against each other: two in a row, and one after a withdrawal. Nothing exact comes out.

The attacker here reckons with all joint answers of three questions at a time, which the gate itself does not.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from django.utils import timezone

from factories import crossing
from upwell.evidence.disclosure.attacking.attack import AttackReport, Public, attack
from upwell.evidence.disclosure.drafting.crowds import Group, group
from upwell.evidence.disclosure.drafting.make import tabled
from upwell.evidence.disclosure.drafting.tables import Numbering, by_column, headline, series
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.disclosure.history.past import Before
from upwell.evidence.disclosure.history.stack import stacked
from upwell.evidence.disclosure.rules import cells_of
from upwell.evidence.disclosure.system import System, build
from upwell.practice.micro.crossing import gather, vault
from upwell.practice.micro.crossing.actions import candidate_approve
from upwell.practice.micro.crossing.questions import POPULATION
from upwell.practice.micro.crossing.table import CountedCases, case_table
from upwell.practice.micro.models import Candidate, Concern
from upwell.practice.person.actions import consent_revoke
from upwell.practice.person.models import Consent

WIDTH = 3


def table_now(crowd) -> CountedCases:
    return case_table(crowd.five.agency, today=crossing.TODAY)


def release_now(crowd) -> tuple[CountedCases, LedgerEntry | None]:
    """The caseload as it is, and what the ledger holds of it once it has crossed; None where it was refused."""
    table = table_now(crowd)
    candidate = gather.gather(outbox=crossing.outbox(crowd.five.agency, target=f"{Candidate.objects.count()}"))
    if candidate is None:
        return table, None
    candidate_approve(candidate=candidate, by=crowd.five.ben, statements=())
    return table, vault.entries_now(crowd.five.agency)[-1]


def crowd_of(table: CountedCases, names: tuple[str, ...]) -> Group:
    return group(POPULATION, [table.asked(name) for name in names], table.columns)[0]


def system_of(table: CountedCases, names: tuple[str, ...]) -> System:
    """Every count that a brief could print of a few questions, reckoned exactly."""
    crowd, number = crowd_of(table, names), Numbering()
    tables = [headline(crowd, side, number) for side in crowd.sides]
    columns = tabled(tuple(crowd.columns.values()))
    tables += [by_column(crowd, side, column, number) for side in crowd.sides for column in columns]
    tables += [one for side in crowd.sides if (one := series(crowd, side, table.period[0], 11, number))]
    return build(crowd.crowd, [cell for each in tables for cell in cells_of(each)])


def attacked(system: System, shown: dict[str, int]) -> AttackReport:
    names = tuple(cell.id for cell in system.cells)
    known = np.array([shown.get(name, -1) for name in names])
    return attack(Public(names, known, system.counts, system.ties, system.sums), width=WIDTH, seed=5)


def threes(table: CountedCases, step: int) -> list[tuple[str, ...]]:
    return list(combinations([question.name for question in table.questions], 3))[step::17]


@pytest.fixture
def crowd():
    return crossing.crowded(180, concerns=180)


def test_one_release_gives_nothing_small_away(crowd):
    table, entry = release_now(crowd)

    assert entry is not None and entry.protected
    for names in threes(table, 0):
        report = attacked(system_of(table, names), dict(entry.shown))
        assert not set(entry.protected) & set(report.narrower_than(WIDTH)), names


def test_two_releases_in_a_row_give_nothing_exact_away_and_differ_by_no_small_count(crowd):
    """The attacker reckons that nobody left: each count is what it was, plus newcomers."""
    _, first = release_now(crowd)
    crossing.many(crowd.five.agency, 60, 70, 5, towns=crowd.towns)
    table, second = release_now(crowd)
    assert first is not None and second is not None

    assert not small_differences(first, second)
    for names in threes(table, 3):
        system = system_of(table, names)
        each = [(cell.id,) for cell in system.cells]
        before = [Before(first.shown, frozenset(first.protected), frozenset(first.hidden))]
        pair = stacked(system, each, before, few=11)
        report = attacked(pair or system, dict(second.shown))
        assert not set(second.protected) & set(report.exact), names
        assert not [name for name in report.exact if name.startswith("0:")], names


def small_differences(first: LedgerEntry, second: LedgerEntry) -> list[str]:
    """Cells that both releases show, with counts that differ by few."""
    both = first.shown.keys() & second.shown.keys()
    assert both
    return [name for name in both if 0 < abs(second.shown[name] - first.shown[name]) < 11]


def withdraw(crowd, at: int) -> None:
    person = Concern.objects.order_by("pk")[at].case.person
    consent_revoke(consent=Consent.objects.get(person=person), at=timezone.now())


def test_after_one_withdrawal_alone_nothing_new_goes_out_that_tells_of_it(crowd):
    before, first = release_now(crowd)
    withdraw(crowd, 0)

    table, second = release_now(crowd)

    assert table.persons == before.persons - 1
    if second is not None:
        both = first.shown.keys() & second.shown.keys()
        assert not [name for name in both if second.shown[name] != first.shown[name]]


@pytest.mark.parametrize("who", [0, 40])
def test_a_release_after_a_withdrawal_gives_nobody_away(crowd, who):
    """The attacker takes whatever was withheld before and is shown now to be what it was then.

    Whoever withdrew is in no count.
    """
    before, first = release_now(crowd)
    withdraw(crowd, who)
    crossing.many(crowd.five.agency, 50, 60, 6, towns=crowd.towns)
    table, second = release_now(crowd)
    assert first is not None and second is not None

    agreed = Consent.objects.filter(purpose=Consent.Purpose.COUNT, state=Consent.State.GIVEN).count()
    assert table.persons == agreed
    assert second.shown.get(f"{POPULATION}||all", agreed) == agreed
    assert not small_differences(first, second)
    for names in threes(table, 5):
        report = attacked(system_of(table, names), dict(second.shown))
        assert not set(second.protected) & set(report.narrower_than(WIDTH)), names
    taken = {name: persons for name, persons in second.shown.items() if name in first.hidden} | dict(first.shown)
    for names in threes(before, 7):
        then = system_of(before, names)
        try:
            report = attacked(then, taken)
        except ValueError:
            continue  # newcomers are too many: what is shown now cannot be what was
        small = {cell.id for cell, value in zip(then.cells, then.values, strict=True) if 0 < value < 11}
        assert not small & set(first.protected) & set(report.sums), names
