"""From a count table to a draft: what is asked for, what adds up, and that the release stands up to the attack."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.factories.served import AGES, COUNTIES, served, summed
from tests.factories.tabled import KEY, TODAY, drafted, made, table

from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.attacking.attack import attack
from upwell.evidence.disclosure.draft import Draft
from upwell.evidence.disclosure.drafting import counts
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.past import past_of
from upwell.evidence.disclosure.protect import Gate, protect
from upwell.evidence.disclosure.rules import cells_of
from upwell.evidence.disclosure.system import build
from upwell.evidence.errors import EvidenceError, RefusedError
from upwell.records.tables import read, sheet
from upwell.records.tables.table import Layout

HERE = ("county>tract,age",)


def titles(draft: Draft) -> list[str]:
    return [each.title for each in draft.tables]


def value_of(draft: Draft) -> dict[str, int]:
    """The true count of every cell, by the ledger's name."""
    system = build(draft.crowds[0], [cell for each in draft.tables for cell in cells_of(each)])
    values = dict(zip(system.cells, system.values.tolist(), strict=True))
    return {cell.id: values[cell] for each in draft.tables for cell in cells_of(each)}


def test_every_combination_at_every_level_is_asked_for_totals_first() -> None:
    draft = drafted(table(summed(served(), "county", "tract", "age"), *HERE))

    assert titles(draft) == [
        "Persons, all together",
        "Persons, by county",
        "Persons, by age",
        "Persons, by tract",
        "Persons, by county and age",
        "Persons, by tract and age",
    ]
    assert [each.priority for each in draft.tables] == sorted(each.priority for each in draft.tables)


def test_a_place_is_told_in_its_finest_column_and_named_by_it() -> None:
    draft = drafted(table(summed(served(), "county", "tract", "age"), *HERE))

    county = draft.tables[1].rows[0]
    assert county.persons.where == (("tract", (0, 1, 2)),)
    assert county.persons.id == "persons|county=ash|all"
    assert draft.tables[0].rows[0].persons.id == "persons||all"
    tract = draft.tables[3]
    assert tract.columns == ("county", "tract") and tract.rows[0].values == ("Ash", "A1")
    assert tract.rows[0].persons.id == "persons|tract=a1|all"


def test_every_cell_counts_what_it_says() -> None:
    rows = served()
    values = value_of(drafted(table(rows, "county>tract,age,race", yes="housed")))

    def truth(measure: str, **where: str) -> int:
        return sum(int(row[measure]) for row in rows if all(row[name] == value for name, value in where.items()))

    assert values["persons||all"] == truth("persons")
    for county in COUNTIES:
        assert values[f"persons|county={county.casefold()}|housed:yes"] == truth("housed", county=county)
        for age in AGES:
            name = f"persons|age={age.casefold().replace('+', '%2B')}&county={county.casefold()}|all"
            assert values[name] == truth("persons", county=county, age=age)


def test_a_combination_that_nobody_has_is_asked_for_like_any_other() -> None:
    found = table([{"a": "x", "b": "1", "persons": "30"}, {"a": "y", "b": "2", "persons": "40"}], "a*b")

    last = drafted(found).tables[-1]

    assert [row.values for row in last.rows] == [("x", "1"), ("x", "2"), ("y", "1"), ("y", "2")]


def test_only_some_tables_come_with_the_totals_they_hold() -> None:
    draft = drafted(table(served(), "county>tract,age,race"), tables=(("county", "age"), ("race",)))

    assert titles(draft) == [
        "Persons, all together",
        "Persons, by county",
        "Persons, by age",
        "Persons, by race",
        "Persons, by county and age",
    ]


def test_two_geographies_over_one_column_are_one_crowd_and_cross_when_asked() -> None:
    rows = [
        {"county": "A" if at < 3 else "B", "district": "N" if at % 2 else "S", "tract": f"t{at}", "persons": "50"}
        for at in range(6)
    ]
    found = table(rows, "county>tract", "district>tract")

    assert titles(drafted(found)) == [
        "Persons, all together",
        "Persons, by county",
        "Persons, by district",
        "Persons, by tract",
    ]
    crossed = drafted(found, tables=(("county", "district"),)).tables[-1]
    assert [row.persons.where for row in crossed.rows] == [
        (("tract", codes),) for codes in ((1,), (0, 2), (3, 5), (4,))
    ]


def test_too_many_cells_are_a_sentence() -> None:
    rows = [
        {"a": f"{a}", "b": f"{b}", "c": f"{c}", "persons": "1"} for a in range(30) for b in range(30) for c in range(30)
    ]

    with pytest.raises(EvidenceError, match=r"are 29,791 numbers, and 20,000 can be protected at once"):
        drafted(table(rows, "a,b,c"))


def test_more_persons_than_can_be_held_are_a_sentence() -> None:
    with pytest.raises(EvidenceError, match="20,000,000 persons"):
        drafted(table([{"a": "x", "persons": "30000000"}], "a"))


def test_names_in_the_ledger_hold_no_sign_that_parts_them() -> None:
    found = table([{"a|b=&": "x&y|z", "persons": "30"}, {"a|b=&": "w=+", "persons": "30"}], "a|b=&")

    names = [cell.id for each in drafted(found).tables for cell in cells_of(each)]
    assert all(name.count("|") == 2 for name in names)
    assert len(set(names)) == 3


def test_the_same_table_sorted_otherwise_makes_the_same_release() -> None:
    rows = summed(served(), "county", "age")

    assert made(rows).data == made(list(reversed(rows))).data


def test_amounts_are_drafted_with_whom_they_belong_to() -> None:
    columns = {"id": ["1", "1", "2"], "county": ["A", "B", "A"], "dollars": ["5", "6", "7"]}
    layout = Layout(("county",), records=True, amount="dollars", person="id")

    draft = drafted(read.count_table(sheet.of_columns(columns), layout))

    crowd = draft.crowds[0]
    assert crowd.name == "dollars" and draft.tables[0].unit == "dollars"
    assert crowd.amounts is not None and crowd.amounts.tolist() == [5, 7, 6]
    assert crowd.people is not None and crowd.people[0] == crowd.people[2] != crowd.people[1]


def test_next_month_counts_under_the_same_names_and_is_held_against_this_one() -> None:
    rows = summed(served(), "county", "age")
    first = protect(
        drafted(table(rows)), protection.load("hmis-agency", TODAY), earlier=(), key=KEY, made_on=TODAY, seed=1,
        ledger_head=ledger.BEGINNING,
    )[1]  # fmt: skip
    rows[0]["persons"] = str(int(rows[0]["persons"]) + 3)  # three more, and one of a new age
    rows.append({"county": "Ash", "age": "Unknown", "persons": "1", "housed": "0"})
    later = drafted(table(rows))

    signed, _ = protect(
        later, protection.load("hmis-agency", TODAY), earlier=(first,), key=KEY, made_on=TODAY, seed=1,
        ledger_head=ledger.BEGINNING,
    )  # fmt: skip

    shown = {cell.id for each in later.tables for cell in cells_of(each)} & first.shown.keys()
    assert len(shown) > 10
    changed = {"persons||all", "persons|county=ash|all"}  # four more people each: showing both would tell so
    rows_now = {row.values: row.persons for each in signed.release.tables for row in each.rows}
    assert changed <= first.shown.keys()
    assert rows_now[()] is None and rows_now[("Ash",)] is None


@settings(max_examples=25, deadline=None)
@given(
    persons=some.lists(some.integers(0, 60), min_size=12, max_size=12),
    rules=some.sampled_from(["hmis-agency", "cms", "ferpa"]),
    seed=some.integers(0, 1000),
)
def test_whatever_is_released_the_attack_narrows_no_protected_count(persons: list[int], rules: str, seed: int) -> None:
    cells = [(place, age, sex) for place in ("A>a", "A>b", "B>c") for age in "xy" for sex in "mf"]
    rows = [
        {"county": place[0], "tract": place[2], "age": age, "sex": sex, "persons": str(many)}
        for (place, age, sex), many in zip(cells, persons, strict=True)
    ]
    draft = drafted(table(rows, "county>tract,age,sex"))
    rule = protection.load(rules, TODAY)

    try:
        plan = Gate(draft, rule, past_of(draft, ()), 1).run()
    except RefusedError as refused:
        assert "Ask for" in str(refused)
        return

    for side in plan.done.values():
        report = attack(side.public(), width=rule.width, seed=seed + 7)
        protected = side.demand.primary[np.flatnonzero(side.hiding.hidden)]
        assert not (protected & (report.high - report.low < rule.width)).any()
        assert not side.hiding.unproved.any()


def test_a_column_that_a_draft_does_not_count_by_is_a_sentence() -> None:
    with pytest.raises(EvidenceError, match="'zip' is not counted by"):
        counts.draft(table(), counts.Asked(sensitive=("zip",)))
