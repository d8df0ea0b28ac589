from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.casetables import AGE, COLUMNS, KIND, PROJECT, SEX, TOWN, asked, cases, people, question
from upwell.evidence.disclosure.attacking.attack import AttackReport, Public, attack
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.drafting.crowds import NO, NOT_ASKED, YES, group, possible_classes
from upwell.evidence.disclosure.drafting.tables import Numbering, by_column, members
from upwell.evidence.disclosure.system import System, build


def hidden_alone(system: System, cell: Cell) -> AttackReport:
    """What an attacker makes of one withheld cell when all others are shown."""
    shown = np.where([each == cell for each in system.cells], -1, system.values)
    names = tuple(each.id for each in system.cells)
    return attack(Public(names, shown, system.counts, system.ties, system.sums), width=3, seed=1)


def test_exclusive_questions_of_one_population_share_one_crowd():
    table = cases()

    groups = group("entries", [table.asked("jail"), table.asked("foster")], COLUMNS)

    assert len(groups) == 1
    assert groups[0].crowd.outcomes == 3  # neither, jail, foster


def test_the_same_denominator_is_the_same_cell_for_every_question_of_a_population():
    table = cases()
    crowd = group("entries", [table.asked("jail"), table.asked("foster")], COLUMNS)[0]
    jail, foster = crowd.sides

    assert crowd.cell(jail, (("sex", (0,)),)) == crowd.cell(foster, (("sex", (0,)),))
    assert crowd.cell(jail, (("sex", (0,)),)).id == crowd.cell(foster, (("sex", (0,)),)).id
    assert crowd.cell(jail, (), "yes") != crowd.cell(foster, (), "yes")


def test_a_nested_question_may_leave_some_unasked_and_never_says_yes_alone():
    wide, narrow = question("within_12", "returns"), question("within_6", "returns", nested_in="within_12")

    classes = possible_classes([wide, narrow])

    assert (NOT_ASKED, YES) in classes  # too late to know about 12 months, but back within 6
    assert (NO, YES) not in classes  # back within 6 is back within 12
    assert (YES, NOT_ASKED) not in classes
    assert (NOT_ASKED, NOT_ASKED) not in classes


def test_a_question_about_another_episode_is_protected_apart():
    codes = people(300, seed=3)
    later = {**codes, "sex": codes["sex"].copy()}
    later["sex"][0] = 1 - min(int(later["sex"][0]), 1)
    yes = np.zeros(300, np.bool_)

    groups = group("entries", [asked(question("a"), yes, codes), asked(question("b"), yes, later)], COLUMNS)

    assert [made.crowd.name for made in groups] == ["entries", "entries-b"]


def test_a_place_with_one_programme_and_that_programmes_kind_are_told_in_the_same_sites():
    table = cases()
    crowd = group("entries", [table.asked("jail")], COLUMNS)[0]
    side = crowd.sides[0]

    east = crowd.cell(side, (("place", (2,)),), "yes")
    programme = crowd.cell(side, (("project", (4,)),), "yes")

    assert east == programme  # programme 4 is the only one in the East: one variable, not two


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), sex=st.integers(0, 2), town=st.integers(0, 2), kind=st.integers(0, 1))
def test_telling_in_sites_keeps_exactly_the_same_people(seed: int, sex: int, town: int, kind: int):
    table = cases(persons=200, seed=seed)
    crowd = group("entries", [table.asked("jail")], COLUMNS)[0]
    codes = table.asked("jail").codes

    inside = members(crowd, (("place", (town,)), ("project_type", (kind,)), ("sex", (sex,))))

    plain = (codes["place"] == town) & (codes["project_type"] == kind) & (codes["sex"] == sex)
    assert np.array_equal(inside, plain)


def test_every_person_stands_in_the_outcome_class_of_her_answers():
    table = cases(persons=500)
    crowd = group("entries", [table.asked("jail"), table.asked("foster")], COLUMNS)[0]

    for side in crowd.sides:
        yes = np.isin(crowd.crowd.outcome, side.yes)
        assert np.array_equal(yes, table.asked(side.question.name).yes)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), without=st.sampled_from(["place", "project_type"]))
def test_the_rows_of_every_column_are_everybody_in_the_sums_of_the_gate(seed: int, without: str):
    """Else the gate believes that a single withheld row may be anything, and every reader subtracts it."""
    codes = people(150, seed=seed)
    codes = {name: values[codes[without] != codes[without].max()] for name, values in codes.items()}  # one value empty
    yes = np.random.default_rng(seed).random(len(codes["sex"])) < 0.3
    made = group("entries", [asked(question("jail"), yes, codes)], COLUMNS)[0]

    for column in (KIND, TOWN, PROJECT, SEX, AGE):
        rows = [made.cell(made.sides[0], ((column.name, (at,)),)) for at in range(len(column.values))]
        total = made.cell(made.sides[0], ())
        others = [made.cell(None, ((other.name, (0,)),)) for other in (KIND, TOWN, PROJECT) if other is not column]
        system = build(made.crowd, [*rows, *others, total])
        assert hidden_alone(system, rows[0]).exact  # a single withheld row is the total less the others


def test_a_value_that_cannot_occur_gets_no_row_and_no_room_to_hide_a_count():
    codes = people(300, seed=2)
    codes = {name: values[codes["project_type"] == 0] for name, values in codes.items()}
    codes["sex"] = np.minimum(codes["sex"], 1)
    asking = question("jail", only=("project_type=es", "sex=women", "sex=men"))
    made = group("entries", [asked(asking, codes["sex"] == 1, codes)], COLUMNS)[0]
    side = made.sides[0]

    kinds = by_column(made, side, KIND, Numbering())
    sexes = by_column(made, side, SEX, Numbering())

    assert [row.label for row in kinds.rows] == ["shelter"]
    assert [row.label for row in sexes.rows] == ["women", "men"]
    rows = [row.persons for row in sexes.rows]
    assert hidden_alone(build(made.crowd, [*rows, made.cell(side, ())]), rows[0]).exact


def test_a_value_that_nobody_has_but_somebody_might_keeps_its_row():
    codes = people(300, seed=2)
    codes = {name: values[codes["project_type"] == 0] for name, values in codes.items()}
    made = group("entries", [asked(question("jail"), codes["sex"] == 1, codes)], COLUMNS)[0]

    table = by_column(made, made.sides[0], KIND, Numbering())

    assert [row.label for row in table.rows] == ["shelter", "outreach"]
