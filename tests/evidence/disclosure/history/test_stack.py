"""Year-to-date releases: whoever holds them all still cannot tell a small count, or a small change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from factories import drafts, sequences
from upwell.evidence.disclosure.attacking.attack import Public, attack
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.history import stack
from upwell.evidence.disclosure.history.past import Before
from upwell.evidence.disclosure.history.stack import stacked
from upwell.evidence.disclosure.rules import cells_of
from upwell.evidence.disclosure.system import TooLargeError, build
from upwell.evidence.errors import RefusedError

from .test_past import gate

EVERY = (0, 1)


def everybody(seed, persons=900):
    random = np.random.default_rng(seed)
    crowd = drafts.random_crowd(random, "c", persons, {"a": 4, "b": 3}, 2)
    return crowd, random.integers(0, 4, persons)


def until(crowd, quarter, now):
    """Those who came by the end of a quarter."""
    kept = quarter <= now
    return replace(crowd, outcome=crowd.outcome[kept], codes={name: each[kept] for name, each in crowd.codes.items()})


def tables_of(crowd):
    return [
        drafts.headline(crowd, (1,), "t01", "q"),
        drafts.by_table(crowd, "a", (1,), "t02", "q"),
        drafts.by_table(crowd, "b", (1,), "t03", "q"),
    ]


def year_to_date(seed):
    """(cell -> persons shown) of each release, and the true systems."""
    crowd, quarter = everybody(seed)
    entries, shown, systems = [], [], []
    for now in range(4):
        here = until(crowd, quarter, now)
        meta = {"snapshot": f"snapshot-{now}", "period_to": f"2023-{3 * now + 3:02d}-28"}
        tables = tables_of(here)
        systems.append(build(here, [cell for table in tables for cell in cells_of(table)]))
        try:
            _, entry = gate(drafts.draft_of([here], tables, meta=meta), *entries)
        except RefusedError:
            shown.append({})
            continue
        entries.append(entry)
        shown.append(entry.shown)
    return shown, systems


def all_releases(shown, systems):
    """One system of everything: people of the first release, newcomers of each later one; counts and their growth."""
    times, cells = len(shown), len(systems[0].cells)
    counts, blank = systems[0].counts, sparse.csr_matrix(systems[0].counts.shape)
    ties = sparse.block_diag([systems[0].ties] * times).tocsr()
    so_far = [sparse.hstack([counts if part <= at else blank for part in range(times)]) for at in range(times)]
    growth = [sparse.hstack([counts if part == at else blank for part in range(times)]) for at in range(1, times)]
    known = [[shown[at].get(cell.id, -1) for cell in systems[0].cells] for at in range(times)]
    names = tuple(f"{at}:{cell.id}" for at in range(times) for cell in systems[0].cells)
    names += tuple(f"{at}+:{cell.id}" for at in range(1, times) for cell in systems[0].cells)
    values = np.concatenate([each.values for each in systems])
    steps = np.concatenate([systems[at].values - systems[at - 1].values for at in range(1, times)])
    public = Public(
        names,
        np.concatenate([np.array(known).ravel(), np.full((times - 1) * cells, -1)]),
        sparse.vstack([*so_far, *growth]).tocsr(),
        ties,
        np.zeros(ties.shape[0], dtype=np.int64),
    )
    return public, dict(zip(names, np.concatenate([values, steps]).tolist(), strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_four_quarters_together_give_no_small_count_and_no_small_growth_away(seed):
    shown, systems = year_to_date(seed)
    public, true = all_releases(shown, systems)

    report = attack(public, width=3, seed=seed)

    small = {name for name in report.names if 0 < true[name] < 11}
    assert small
    assert not small & set(report.exact)


def test_protecting_each_release_alone_would_give_growth_away():
    crowd, quarter = everybody(3)
    shown, systems = [], []
    for now in range(4):
        here = until(crowd, quarter, now)
        tables = tables_of(here)
        systems.append(build(here, [cell for table in tables for cell in cells_of(table)]))
        shown.append(gate(drafts.draft_of([here], tables))[1].shown)
    public, true = all_releases(shown, systems)

    report = attack(public, width=3, seed=1)

    assert {name for name in report.exact if 0 < true[name] < 11}


def test_a_stacked_system_holds_todays_counts_and_the_earlier_ones():
    crowd, quarter = everybody(1)
    now, then = until(crowd, quarter, 3), until(crowd, quarter, 1)
    cells = [cell for table in tables_of(crowd) for cell in cells_of(table)]
    system, earlier = build(now, cells), build(then, cells)
    names = [(cell.id,) for cell in system.cells]
    old = {cell.id: int(value) for cell, value in zip(earlier.cells, earlier.values, strict=True)}

    found = stacked(system, names, [Before(old, frozenset())], few=11)

    assert found is not None
    assert (found.counts @ found.leaves == system.values).all()
    assert (found.ties @ found.leaves == found.sums).all()
    assert (found.leaves >= 0).all()


def test_where_people_left_the_fewest_leavers_are_reckoned_with():
    crowd, quarter = everybody(1)
    system = build(until(crowd, quarter, 1), [Cell("c", (), EVERY)])
    name, here = system.cells[0].id, int(system.values[0])

    found = stacked(system, [(name,)], [Before({name: here + 7}, frozenset())], few=11)

    assert found is not None
    assert found.leavers == 7
    assert (found.ties @ found.leaves == found.sums).all()
    assert (found.leaves >= 0).all()


def test_where_nothing_was_shown_before_there_is_nothing_to_stack():
    crowd, quarter = everybody(1)
    system = build(until(crowd, quarter, 1), [Cell("c", (), EVERY)])

    assert stacked(system, [(system.cells[0].id,)], [], few=11) is None


def test_releases_that_contradict_each_other_are_not_stacked():
    crowd, _ = everybody(1)
    system = build(crowd, [Cell("c", (), (1,)), Cell("c", (), EVERY)])
    few_in_all = {cell.id: persons for cell, persons in zip(system.cells, (30, 400), strict=True)}

    assert stacked(system, [(cell.id,) for cell in system.cells], [Before(few_in_all, frozenset())], few=11) is None


def test_too_many_releases_to_protect_at_once_are_refused_by_name(monkeypatch):
    crowd, _ = everybody(1)
    system = build(crowd, [Cell("c", (("a", (0,)),), (1,)), Cell("c", (("b", (0,)),), (1,))])
    monkeypatch.setattr(stack, "MOST_UNKNOWNS", 5)

    with pytest.raises(TooLargeError) as refusal:
        stacked(system, [(cell.id,) for cell in system.cells], [Before({system.cells[0].id: 3}, frozenset())], few=11)

    assert refusal.value.columns == ("a", "b")


@pytest.mark.parametrize("leaving", [0.0, 0.01, 0.1])
def test_a_year_of_months_gives_no_small_count_and_no_small_change_away(leaving):
    months = sequences.sequence(3, releases=6, leaving=leaving)

    shown = sequences.with_ledger(months)

    for leavers in (0, 30, None):
        if leavers == 0 and leaving:
            continue
        report = sequences.attack_sequence(months, shown, leavers=leavers)
        assert report.protected
        assert not report.exact
        assert not report.near


def test_the_same_year_without_memory_is_broken():
    months = sequences.sequence(3, releases=6)

    report = sequences.attack_sequence(months, sequences.without_memory(months))

    assert len(report.exact) > 10


def test_every_protected_count_of_the_past_and_every_change_that_may_be_small_is_a_cell():
    months = sequences.sequence(5, releases=3)
    first, second = (sequences.truth(month) for month in months[:2])
    old = {cell.id: int(n) for cell, n in zip(first.cells, first.values, strict=True) if n >= 60}
    hidden = frozenset(cell.id for cell in first.cells) - old.keys()
    small = frozenset(cell.id for cell, n in zip(first.cells, first.values, strict=True) if 0 < n < 11)

    found = stacked(second, [(cell.id,) for cell in second.cells], [Before(old, small, hidden)], few=11)

    assert found is not None
    crowds = [cell.crowd for cell in found.cells]
    assert crowds.count("0:c") == len(small)
    assert 0 < crowds.count("1+:c") <= len(hidden)
    assert (found.values >= 0).all()
