"""Reasons for leaving people out: what one question shows must not give away what another withholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import highspy
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.casetables import COLUMNS, Cases, asked, people, question
from factories.drafts import META
from upwell.evidence.disclosure.drafting.frames import frames
from upwell.evidence.disclosure.drafting.make import draft
from upwell.evidence.disclosure.history.ledger import BEGINNING, LedgerEntry
from upwell.evidence.disclosure.protect import protect
from upwell.evidence.disclosure.protection import load
from upwell.evidence.disclosure.release import Release
from upwell.evidence.question import Search
from upwell.records.cases.table import Asked

TODAY = date(2025, 1, 1)
LATE = "dates impossible"
Reasons = Mapping[str, int]


def asking(name: str, persons: int, left_out: Reasons, **more: object) -> Asked:
    """A question of its own population, asked of so many people; about a third say yes."""
    codes = people(persons, seed=len(name))
    yes = np.random.default_rng(persons).random(persons) < 0.35
    return replace(asked(question(name, name, **more), yes, codes), left_out=left_out)


def released(
    answers: Sequence[Asked], served: int, names: Sequence[str] = (), earlier: Sequence[LedgerEntry] = ()
) -> tuple[Release, LedgerEntry]:
    """What the gate lets out about these questions (names: those asked for), all crossed tables left away."""
    table = Cases({each.question.name: each for each in (asking("served", served, {}), *answers)}, columns=COLUMNS[:1])
    searches = {
        each.question.name: Search(each.question.name, each.persons, "overall", (), 1.0, None, None)
        for each in answers
        if not names or each.question.name in names
    }
    drafted = draft(table, answers, searches, threshold=11, meta=META)
    signed, entry = protect(
        drafted, load("cms", TODAY), earlier=earlier, key=b"k" * 32, made_on=TODAY, seed=1, ledger_head=BEGINNING
    )
    return signed.release, entry


def shown(releases: Sequence[Release]) -> dict[str, dict[str, int]]:
    """Question -> reason -> persons, as printed in any of the releases."""
    found: dict[str, dict[str, int]] = {}
    for table in (table for release in releases for table in release.tables if table.kind == "coverage"):
        rows = found.setdefault(table.question, {})
        rows |= {row.label.lower(): row.persons for row in table.rows[1:] if row.persons is not None}
    return found


def bounds(
    answers: Sequence[Asked], served: int, releases: Sequence[Release], name: str, reason: str
) -> tuple[float, float]:
    """Least and greatest count that a reader can think of, who knows that all look at the same people."""
    known = shown(releases)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    late = solver.addVariable(0, served)
    looked_at = solver.addVariable(0, served)
    aim = None
    for each in (each for each in answers if each.question.name in known):
        rows = {key: late if key == LATE else solver.addVariable(0, served) for key in each.left_out}
        solver.addConstr(sum(rows.values()) + each.persons == looked_at)
        for key, persons in known[each.question.name].items():
            solver.addConstr(rows[key] + 0 == persons)
        aim = rows[reason] if each.question.name == name else aim
    assert aim is not None
    solver.minimize(aim)
    least = solver.getObjectiveValue()
    solver.maximize(aim)
    return least, solver.getObjectiveValue()


EXITS = (
    asking("left_homeless", 341, {"refused or unknown": 15, "not collected": 9, "not asked": 33, LATE: 1}),
    asking("left_without_income", 320, {"refused or unknown": 2, "not asked": 1, "not applicable": 75, LATE: 1}),
    asking("left_without_work", 120, {"refused or unknown": 0, "not asked": 173, "not applicable": 105, LATE: 1}),
)


def test_a_reason_does_not_follow_from_another_question_about_the_same_people():
    release, _ = released(EXITS, served=514)

    assert shown([release])  # tables of reasons were printed at all
    for each in EXITS:
        for reason, persons in each.left_out.items():
            if each.question.name in shown([release]) and 0 < persons < 11:
                least, most = bounds(EXITS, 514, [release], each.question.name, reason)
                assert most - least >= 3


def test_nor_where_impossible_dates_are_said_to_be_nobody_s_elsewhere():
    died = {"refused or unknown": 31, "not collected": 447, "not asked": 112, "not applicable": 9, LATE: 0}
    answers = [
        asking("left_homeless", 1900, died),
        asking("left_without_work", 793, {"not collected": 81, "not asked": 1376, "not applicable": 249, LATE: 0}),
        asking("left_without_income", 1722, {"not collected": 124, "not asked": 0, "not applicable": 653, LATE: 0}),
    ]

    release, _ = released(answers, served=2600)

    assert "left_homeless" in shown([release])
    least, most = bounds(answers, 2600, [release], "left_homeless", "not applicable")
    assert most - least >= 3


def test_nor_from_a_later_release_about_another_question():
    first, entry = released(EXITS, 514, ["left_homeless"])
    second, _ = released(EXITS, 514, ["left_without_work"], [entry])

    assert "left_homeless" in shown([first])
    least, most = bounds(EXITS, 514, [first, second], "left_homeless", "not collected")
    assert most - least >= 3


def test_the_ledger_keeps_no_count_that_was_only_taken_to_be_known():
    answers = [asking("turned_away", 8, {"refused or unknown": 30, LATE: 0}), EXITS[0]]

    release, entry = released(answers, served=514)

    assert shown([release])
    assert not any("||asked" in name or "||served" in name for name in (*entry.shown, *entry.cells))


def test_nor_from_how_many_were_served():
    answers = [asking("lost_benefit", 362, {"refused or unknown": 2, "not asked": 69, "not applicable": 79, LATE: 1})]

    release, _ = released(answers, served=513)

    for reason in ("refused or unknown", LATE) if shown([release]) else ():
        least, most = bounds(answers, 513, [release], "lost_benefit", reason)
        assert most - least >= 3


def test_questions_about_the_same_people_are_told_once():
    reasons = {"not asked": 51, LATE: 1}
    one, other = (replace(asking(name, 275, reasons), question=question(name, "entries")) for name in ("a", "b"))

    (frame,) = frames([one, other], served=400)

    assert frame.cells["a"] == frame.cells["b"]
    assert list(frame.crowd.codes) == ["a"]


def test_a_question_under_full_protection_has_its_reasons_fully_protected():
    (frame,) = frames([asking("violence", 300, {"not asked": 12}, protection="full")], served=400)

    assert frame.crowd.full


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=1, max_size=3),
    st.integers(0, 12),
    st.integers(0, 40),
)
def test_reasons_count_exactly_those_who_were_left_out(reasons: list[list[int]], late: int, outside: int):
    names = ("refused or unknown", "not collected", "not asked")
    answers = [
        asking(f"q{at}", 400 - sum(numbers), dict(zip(names, numbers, strict=True)) | {LATE: late})
        for at, numbers in enumerate(reasons)
    ]

    (frame,) = frames(answers, served=400 + late + outside)

    crowd = frame.crowd
    assert len(crowd.outcome) == 400 + late + outside
    for each in answers:
        for reason, cell in frame.cells[each.question.name].items():
            inside = np.isin(crowd.outcome, cell.outcomes)
            for column, values in cell.where:
                inside &= np.isin(crowd.codes[column], values)
            assert inside.sum() == each.left_out[reason]
