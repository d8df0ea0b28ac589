"""Many questions of the same people: told side by side, protected together."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pytest

from factories.casetables import COLUMNS, Cases, asked, people, question
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.attacking.attack import Public, attack
from upwell.evidence.disclosure.drafting.crowds import MOST_JOINT, group
from upwell.evidence.disclosure.drafting.make import draft
from upwell.evidence.disclosure.drafting.tables import Numbering, by_column, headline, series
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.protect import protect
from upwell.evidence.disclosure.rules import cells_of
from upwell.evidence.disclosure.system import build
from upwell.evidence.errors import EvidenceError
from upwell.evidence.question import Search

DAY = date(2024, 1, 15)
NAMES = tuple(f"trouble-{at}" for at in range(9))
FULL = os.environ.get("UPWELL_SLOW") == "full"
TWICE = [(260, seed) for seed in (20, 21, 22)] if FULL else [(140, seed) for seed in (22, 23, 24)]
"""People, and seed, of what is released twice; among 260 the search takes up to a minute, and protects as well."""


def many_questions(persons: int, seed: int) -> Cases:
    """Nine questions of the same people, in no relation to one another; nobody is left out."""
    codes = people(persons, seed)
    random = np.random.default_rng(seed + 1)
    shares = random.uniform(0.03, 0.4, len(NAMES))
    yes = {name: random.random(persons) < share for name, share in zip(NAMES, shares, strict=True)}
    return Cases(
        {name: replace(asked(question(name), answers, codes), left_out={}) for name, answers in yes.items()},
    )


def released(cases: Cases, *earlier):
    """A release of every question's tables, without findings, and its ledger entry."""
    answers = [cases.asked(name) for name in NAMES]
    searches = {name: Search(name, answers[0].persons, "composition", (), 0.0, None, None) for name in NAMES}
    meta = {"source": "x", "source_id": "s", "snapshot": cases.snapshot, "period_from": "2022-01-01"}
    drafted = draft(cases, answers, searches, threshold=11, meta=meta | {"period_to": "2023-12-31"})
    rules = protection.load("cms", DAY)
    return protect(drafted, rules, earlier=earlier, key=bytes(32), made_on=DAY, seed=1, ledger_head=ledger.BEGINNING)


def told_of(cases: Cases, names: tuple[str, ...], entry):
    """What an attacker knows of a few of the questions, reckoned with all their joint answers: exact."""
    crowd = group("entries", [cases.asked(name) for name in names], COLUMNS)[0]
    number = Numbering()
    tables = [headline(crowd, side, number) for side in crowd.sides]
    tables += [by_column(crowd, side, crowd.columns[name], number) for side in crowd.sides for name in ("sex", "place")]
    tables += [one for side in crowd.sides if (one := series(crowd, side, date(2022, 1, 1), 11, number))]
    system = build(crowd.crowd, [cell for table in tables for cell in cells_of(table)])
    shown = np.array([entry.shown.get(cell.id, -1) for cell in system.cells])
    names_of = tuple(cell.id for cell in system.cells)
    return attack(Public(names_of, shown, system.counts, system.ties, system.sums), width=3, seed=3)


def test_more_questions_than_can_be_told_jointly_stand_side_by_side():
    cases = many_questions(400, 1)

    groups = group("entries", [cases.asked(name) for name in NAMES], COLUMNS)

    assert len(NAMES) > MOST_JOINT
    assert [each.crowd.asks for each in groups] == [len(NAMES)]
    assert len(groups[0].crowd.outcome) == 400 * len(NAMES)


def test_the_people_asked_are_one_count_whichever_question_they_stand_beside():
    cases = many_questions(400, 1)
    crowd = group("entries", [cases.asked(name) for name in NAMES], COLUMNS)[0]
    first, last = crowd.sides[0], crowd.sides[-1]

    assert crowd.cell(first, (("sex", (0,)),)) == crowd.cell(last, (("sex", (0,)),))
    assert crowd.cell(first, (("sex", (0,)),)).id == "entries|sex=women|all"
    assert crowd.cell(first, (), "yes") != crowd.cell(last, (), "yes")


def test_the_counts_of_the_system_are_those_of_the_people():
    cases = many_questions(400, 2)
    crowd = group("entries", [cases.asked(name) for name in NAMES], COLUMNS)[0]
    cells = [crowd.cell(side, (("sex", (1,)),), part) for side in crowd.sides for part in ("persons", "yes", "no")]

    system = build(crowd.crowd, cells)

    values = dict(zip(system.cells, system.values.tolist(), strict=True))
    men = cases.asked(NAMES[0]).codes["sex"] == 1
    for side, cell in zip(crowd.sides, cells[1::3], strict=True):
        assert values[cell] == int((cases.asked(side.question.name).yes & men).sum())
    assert values[cells[0]] == int(men.sum())
    assert (system.ties @ system.leaves == 0).all()


def test_a_total_withheld_beside_one_question_follows_from_another():
    """The attacker of the gate knows what every reader knows: it is the same total."""
    cases = many_questions(400, 3)
    crowd = group("entries", [cases.asked(name) for name in NAMES], COLUMNS)[0]
    women = (("sex", (0,)),)
    one, other = crowd.sides[0], crowd.sides[5]
    cells = [crowd.cell(one, women), *(crowd.cell(side, women, p) for side in (one, other) for p in ("yes", "no"))]
    system = build(crowd.crowd, cells)
    hidden = {crowd.cell(one, women), crowd.cell(one, women, "yes")}
    shown = np.array([-1 if c in hidden else v for c, v in zip(system.cells, system.values, strict=True)])

    names = tuple(cell.id for cell in system.cells)
    report = attack(Public(names, shown, system.counts, system.ties, system.sums), width=3, seed=1)

    assert set(report.exact) == {cell.id for cell in hidden}


@pytest.mark.parametrize("seed", range(6))
def test_no_protected_count_follows_when_questions_are_held_against_each_other(seed):
    cases = many_questions(260, 10 + seed)
    _, entry = released(cases)

    assert entry.protected
    for names in list(combinations(NAMES, 3))[seed::9]:
        report = told_of(cases, names, entry)
        assert not set(entry.protected) & set(report.narrower_than(3)), names


@pytest.mark.parametrize(("persons", "seed"), TWICE)
def test_a_second_release_of_other_people_gives_nothing_of_the_first_away(persons, seed):
    before = many_questions(persons, seed)
    _, first = released(before)
    left = {
        name: replace(
            each,
            person=each.person[1:],
            yes=each.yes[1:],
            codes={column: codes[1:] for column, codes in each.codes.items()},
            month=each.month[1:],
            agency=each.agency[1:],
            household=each.household[1:],
        )
        for name, each in before.answers.items()
    }
    _, second = released(replace(before, answers=left, snapshot="snapshot-2"), first)

    # a reader who takes whatever was withheld first and is shown now to be what it was
    taken = replace(first, shown={n: v for n, v in second.shown.items() if n in first.hidden} | dict(first.shown))
    assert len(first.protected) > 50 and len(second.shown) > 50
    for names in list(combinations(NAMES, 3))[seed % 3 :: 4]:
        report = told_of(before, names, taken)
        assert not set(first.protected) & set(report.narrower_than(3)), names


def test_questions_side_by_side_must_be_asked_of_everybody():
    cases = many_questions(60, 4)
    answers = [cases.asked(name) for name in NAMES]
    fewer = replace(
        answers[3],
        person=answers[3].person[:-1],
        yes=answers[3].yes[:-1],
        codes={name: codes[:-1] for name, codes in answers[3].codes.items()},
        month=answers[3].month[:-1],
    )

    with pytest.raises(EvidenceError, match="too many"):
        group("entries", [*answers[:3], fewer, *answers[4:]], COLUMNS)
