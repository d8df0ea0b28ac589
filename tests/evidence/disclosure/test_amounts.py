"""Amounts: dollars and nights are protected as the people behind them are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import drafts
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.amounts import contributions, dominated, kept_open
from upwell.evidence.disclosure.attacking.attack import attack
from upwell.evidence.disclosure.draft import Cell, Crowd, DraftRow, DraftTable
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.past import digest, past_of
from upwell.evidence.disclosure.protect import Gate, protect
from upwell.evidence.errors import EvidenceError, RefusedError

KEY = bytes(range(32))
DAY = date(2026, 1, 1)
USUAL = replace(protection.load("hmis-agency", DAY), p_percent=None, dominance=None)
P_PERCENT = replace(USUAL, p_percent=10.0)
EVERY = (0,)


def gate(draft, rules=USUAL, *, earlier=(), seed=1):
    return protect(draft, rules, earlier=earlier, key=KEY, made_on=DAY, seed=seed, ledger_head=ledger.BEGINNING)


def dollars(groups, *, people=None, name="dollars", **more):
    """A crowd of amounts in one column "a": one list of amounts a value. people: whose each is, in the same form."""
    codes = np.array([at for at, each in enumerate(groups) for _ in each], dtype=np.uint8)
    amounts = np.array([amount for each in groups for amount in each], dtype=np.int64)
    owners = None if people is None else np.array([who for each in people for who in each], dtype=np.int64)
    sizes = {"a": max(2, len(groups))}
    return Crowd(
        name, np.zeros(len(amounts), np.uint8), 1, {"a": codes}, sizes, amounts=amounts, people=owners, **more
    )  # fmt: skip


def tables_of(crowd, first=1, *, unit="dollars"):
    """The total and the table by "a"."""
    total = DraftRow("everybody", Cell(crowd.name, (), EVERY), values=("",))
    rows = tuple(
        DraftRow(f"a {at}", Cell(crowd.name, (("a", (at,)),), EVERY), values=(f"{at}",))
        for at in range(crowd.sizes["a"])
    )
    return [
        DraftTable(f"t{first:02d}", "counts", f"{unit} in all", "", "", (total,), split=False, priority=0, unit=unit),
        DraftTable(
            f"t{first + 1:02d}", "counts", f"{unit} by a", "", "a", rows, split=False, columns=("a",), unit=unit
        ),
    ]  # fmt: skip


def rows_of(signed, number):
    return next(table for table in signed.release.tables if table.id == number).rows


def many(amount, persons=40):
    return [amount + at for at in range(persons)]


def test_a_sum_of_few_contributors_is_hidden_and_cannot_be_subtracted():
    crowd = dollars([many(100), many(50, 5), many(80), many(60)])

    signed, entry = gate(drafts.draft_of([crowd], tables_of(crowd)))

    rows = rows_of(signed, "t02")
    assert rows[1].persons is None
    assert [row.persons for row in rows].count(None) >= 2
    assert "dollars|a=1|0" in entry.protected


def test_a_table_of_amounts_says_what_is_added_up():
    crowd = dollars([many(100), many(80)])

    signed, _ = gate(drafts.draft_of([crowd], tables_of(crowd, unit="nights")))

    assert {table.unit for table in signed.release.tables} == {"nights"}
    assert rows_of(signed, "t02")[0].persons == sum(many(100))


def test_people_who_have_several_amounts_contribute_once():
    crowd = dollars([many(100), many(50), many(80)], people=[range(40), [7] * 20 + [8] * 20, range(50, 90)])

    each = contributions(crowd, [Cell("dollars", (("a", (at,)),), EVERY) for at in range(3)], 2, {})

    assert each.persons.tolist() == [40, 2, 40]
    assert each.total.tolist() == [sum(many(100)), sum(many(50)), sum(many(80))]
    assert each.top[1].tolist() == sorted([sum(many(50)[:20]), sum(many(50)[20:])], reverse=True)


def test_those_who_contribute_nothing_are_no_contributors():
    crowd = dollars([[0] * 50 + [5, 6], many(80)])

    each = contributions(crowd, [Cell("dollars", (("a", (0,)),), EVERY)], 2, {})

    assert each.persons.tolist() == [2]


@pytest.mark.parametrize(
    ("largest", "second", "rest", "told"),
    [(1000, 500, 99, True), (1000, 500, 100, False), (1000, 0, 99, True), (10, 10, 0, True)],
)
def test_the_second_largest_may_not_tell_the_largest_to_within_p_percent(largest, second, rest, told):
    crowd = dollars([[largest, second, *([1] * rest)], [1]])

    each = contributions(crowd, [Cell("dollars", (("a", (0,)),), EVERY)], 2, {})

    assert dominated(each, P_PERCENT).tolist() == [told]


@pytest.mark.parametrize(("n", "k", "told"), [(1, 75.0, False), (1, 60.0, True), (2, 75.0, True), (3, 90.0, False)])
def test_the_n_largest_may_not_make_up_more_than_k_percent(n, k, told):
    crowd = dollars([[70, 10, *([1] * 20)], [1]])
    rules = replace(USUAL, dominance=(n, k))

    each = contributions(crowd, [Cell("dollars", (("a", (0,)),), EVERY)], n, {})

    assert dominated(each, rules).tolist() == [told]


def test_a_dominated_sum_is_hidden_although_many_contribute():
    crowd = dollars([[100_000, 300, *many(10)], many(500), many(700), many(900)])
    draft = drafts.draft_of([crowd], tables_of(crowd))

    plain, _ = gate(draft)
    guarded, _ = gate(draft, P_PERCENT)

    assert rows_of(plain, "t02")[0].persons is not None
    assert rows_of(guarded, "t02")[0].persons is None


def test_a_hidden_sum_stays_open_by_p_percent_of_its_largest_contribution():
    crowd = dollars([[100_000, 300, *many(10)], many(500), many(700), many(900)])
    draft = drafts.draft_of([crowd], tables_of(crowd))

    plan = Gate(draft, P_PERCENT, past_of(draft, ()), 1).run()

    (side,) = plan.done.values()
    at = side.system.cells.index(Cell("dollars", (("a", (0,)),), EVERY))
    assert side.promised[at] == 10_000
    report = attack(side.public(), width=10_000, seed=9)
    found = dict(zip(report.names, (report.high - report.low).tolist(), strict=True))
    assert found[side.system.cells[at].id] >= 10_000


def test_the_width_is_never_less_than_that_of_counts():
    crowd = dollars([[2, 1], many(80)])

    each = contributions(crowd, [Cell("dollars", (("a", (0,)),), EVERY)], 2, {})

    assert kept_open(each, P_PERCENT, 3).tolist() == [3]


def test_a_zero_is_shown_unless_the_protection_is_full():
    crowd = dollars([many(100), [], many(80), many(90)])
    draft = drafts.draft_of([crowd], tables_of(crowd))

    usual, _ = gate(draft)
    full, _ = gate(draft, protection.load("full", DAY))

    assert rows_of(usual, "t02")[1].persons == 0
    assert rows_of(full, "t02")[1].persons is None


def both(groups, counted):
    """Dollars and persons of the same groups: how many persons each has, those without dollars included."""
    sums = dollars(groups)
    codes = [at for at, persons in enumerate(counted) for _ in range(persons)]
    persons = replace(drafts.crowd("persons", {"a": codes}, [0] * len(codes), outcomes=1), sizes=dict(sums.sizes))
    return sums, persons, drafts.draft_of([sums, persons], [*tables_of(sums), *tables_of(persons, 3, unit="persons")])


def test_an_amount_of_nothing_is_withheld_where_the_count_is():
    _, _, draft = both([many(100), [], [], many(80), many(70)], [40, 6, 7, 40, 40])

    signed, _ = gate(draft)

    counts, amounts = rows_of(signed, "t04"), rows_of(signed, "t02")
    assert counts[1].persons is None and counts[2].persons is None
    assert amounts[1].persons is None and amounts[2].persons is None


def test_nobody_there_is_nothing_added_up():
    _, _, draft = both([many(100), [], many(80), many(90, 5), many(90, 6)], [40, 0, 40, 40, 40])

    signed, _ = gate(draft)

    assert rows_of(signed, "t04")[1].persons == 0
    assert rows_of(signed, "t02")[1].persons == 0
    assert rows_of(signed, "t02")[3].persons is None


def test_sums_over_people_in_common_are_not_played_against_each_other():
    random = np.random.default_rng(4)
    amounts = random.lognormal(5, 1.2, 260).astype(np.int64)
    codes = {"a": random.integers(0, 5, 260).astype(np.uint8), "b": random.integers(0, 4, 260).astype(np.uint8)}
    crowd = Crowd("dollars", np.zeros(260, np.uint8), 1, codes, {"a": 5, "b": 4}, amounts=amounts)
    wheres = [(("a", (a,)), ("b", (b,))) for a in range(5) for b in range(4)]
    wheres += [(("a", (a,)),) for a in range(5)] + [(("b", (b,)),) for b in range(4)] + [()]
    rows = tuple(DraftRow("x", Cell("dollars", where, EVERY)) for where in wheres)
    table = DraftTable("t01", "counts", "dollars", "", "", rows, split=False, unit="dollars")
    draft = drafts.draft_of([crowd], [table])

    plan = Gate(draft, P_PERCENT, past_of(draft, ()), 1).run()

    (side,) = plan.done.values()
    assert side.demand.primary.any()
    assert not side.narrowed(attack(side.public(), width=side.widest, seed=3)).any()


def test_amounts_below_zero_are_refused():
    crowd = dollars([[5, -1, 7], many(80)])

    with pytest.raises(EvidenceError, match="below zero"):
        gate(drafts.draft_of([crowd], tables_of(crowd)))


def test_who_gave_what_is_part_of_who_is_in_a_crowd():
    crowd = dollars([many(10), many(20)])

    others = [
        replace(crowd, amounts=crowd.amounts + 1),
        replace(crowd, people=np.arange(len(crowd.amounts), dtype=np.int64)),
    ]

    assert len({digest(each) for each in (crowd, *others)}) == 3


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["hmis-agency", "ferpa", "full"]), st.booleans())
def test_any_amounts_under_any_protection_are_safe_or_refused(seed, name, several):
    random = np.random.default_rng(seed)
    rows = int(random.integers(20, 800))
    amounts = random.lognormal(4, 1.5, rows).astype(np.int64)
    people = random.integers(0, max(1, rows // 2), rows) if several else None
    codes = {"a": random.integers(0, 4, rows).astype(np.uint8), "b": random.integers(0, 3, rows).astype(np.uint8)}
    crowd = Crowd("dollars", np.zeros(rows, np.uint8), 1, codes, {"a": 4, "b": 3}, amounts=amounts, people=people)
    wheres = [(("a", (a,)), ("b", (b,))) for a in range(4) for b in range(3)]
    tables = [
        *tables_of(crowd),
        DraftTable("t03", "counts", "both", "", "", tuple(DraftRow("x", Cell("dollars", w, EVERY)) for w in wheres)),
    ]
    draft = drafts.draft_of([crowd], tables)
    rules = replace(protection.load(name, DAY), p_percent=10.0)

    try:
        plan = Gate(draft, rules, past_of(draft, ()), 1).run()
    except RefusedError as refusal:
        assert "Ask for" in str(refusal)
        return

    for side in plan.done.values():
        assert not side.narrowed(attack(side.public(), width=side.widest, seed=seed + 1)).any()
