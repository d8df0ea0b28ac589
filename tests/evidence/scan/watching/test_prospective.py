from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from factories.people import column, question
from upwell.evidence.errors import EvidenceError
from upwell.evidence.scan.watching import prospective
from upwell.evidence.scan.watching.memory import Issue, Memory, Part
from upwell.evidence.scan.watching.watch import Alarm, Present, Usual, Watch
from upwell.records.cases.table import Asked

FULL = os.environ.get("UPWELL_SLOW") == "full"
LOOKS = range(12, 36) if FULL else range(24, 36)
COLUMNS = (
    column("age", 4, kind="ordinal"),
    column("need", 3),
    column("place", 6, kind="place", composition=False),
    column("sex", 2),
)
EMPTY = Memory(tuple(each.name for each in COLUMNS))
HERE = (("age", (2, 3)), ("place", (1, 2)))
PART = Part((("age", ("age2", "age3")), ("place", ("place1", "place2"))), 4.0, 0.2)


def _asked(seed: int, months: int, odds, *, per_month: int = 150) -> tuple[Asked, np.ndarray]:
    """People of some months, odds (a function of the month) inside HERE; and what is usual of each."""
    rng = np.random.default_rng([seed, months])
    month = np.repeat(np.arange(months), per_month).astype(np.int16)
    codes = {each.name: rng.integers(0, len(each.values), len(month)).astype(np.uint8) for each in COLUMNS}
    log_odds = -1.5 + rng.normal(0, 0.3, 6)[codes["place"]] + rng.normal(0, 0.2, 4)[codes["age"]]
    here = np.isin(codes["place"], [1, 2]) & (codes["age"] >= 2)
    usual = 1 / (1 + np.exp(-log_odds))
    truth = 1 / (1 + np.exp(-log_odds - np.log(np.vectorize(odds)(month)) * here))
    number = np.arange(len(month))
    asked = Asked(
        question(),
        number,
        rng.random(len(month)) < truth,
        codes,
        month,
        np.zeros(len(month), dtype=np.int32),
        number.astype(np.int32),
        {},
    )
    return asked, usual


def _until(asked: Asked, now: int) -> Asked:
    kept = asked.month <= now
    codes = {name: values[kept] for name, values in asked.codes.items()}
    return replace(
        asked, person=asked.person[kept], yes=asked.yes[kept], codes=codes, month=asked.month[kept],
        agency=asked.agency[kept], household=asked.household[kept],
    )  # fmt: skip


def _watched(asked: Asked, looks: range, watch: Watch, known: Memory = EMPTY) -> tuple[list[tuple[int, Alarm]], Memory]:
    """All alarms of a watch, with the months in which they came."""
    alarms = []
    for now in looks:
        then, present = _until(asked, now), Present(now)
        usual = prospective.usual(then, COLUMNS, known, watch, present)
        came = prospective.look(then, COLUMNS, usual, known, watch, present=present, seed=now)
        known = came.memory
        alarms += [(now, alarm) for alarm in came.alarms]
    return alarms, known


def test_a_trouble_that_began_is_told_once() -> None:
    asked, _ = _asked(1, 24, lambda month: 4.0 if month >= 18 else 1.0)

    alarms, known = _watched(asked, range(18, 22), Watch(alarms=0.5))

    (now, alarm), *more = alarms
    assert 18 <= now <= 20 and not more and alarm.kind == "new"
    assert set(dict(alarm.where)["place"]) <= {1, 2}
    assert alarm.last == now >= alarm.first and alarm.p <= 0.5 / 12
    assert alarm.yes > alarm.expected and alarm.years >= 2
    assert len(known.issues) == 1 and known.looked == 21


def test_what_is_known_already_is_not_told_again() -> None:
    asked, usual = _asked(2, 24, lambda month: 4.0 if month >= 18 else 1.0)
    known = replace(EMPTY, issues=(Issue((PART,), since=18, last_told=19),))

    fresh = prospective.look(asked, COLUMNS, Usual(usual), EMPTY, Watch(), present=Present(23), seed=1)
    again = prospective.look(asked, COLUMNS, Usual(usual), known, Watch(), present=Present(23), seed=1)

    assert [alarm.kind for alarm in fresh.alarms] == ["new"]
    assert again.alarms == () and len(again.memory.issues) == 1


def test_a_known_issue_that_became_clearly_worse_is_told_once_more() -> None:
    asked, usual = _asked(3, 26, lambda month: 2.0 if month < 22 else 14.0)
    part = replace(PART, odds=2.0)
    known = replace(EMPTY, issues=(Issue((part,), since=16, last_told=20),))

    first = prospective.look(asked, COLUMNS, Usual(usual), known, Watch(), present=Present(24), seed=1)
    second = prospective.look(asked, COLUMNS, Usual(usual), first.memory, Watch(), present=Present(25), seed=1)

    assert [(alarm.kind, alarm.issue, alarm.where) for alarm in first.alarms] == [("worse", 0, HERE)]
    assert first.memory.issues[0].last_told == 24 and first.alarms[0].odds > 2
    assert second.alarms == ()


def test_an_issue_that_is_over_is_forgotten_and_would_be_news() -> None:
    asked, usual = _asked(4, 30, lambda month: 1.0)
    known = replace(EMPTY, issues=(Issue((PART,), since=16, last_told=20),))

    came = prospective.look(asked, COLUMNS, Usual(usual), known, Watch(), present=Present(29), seed=1)
    soon = prospective.look(asked, COLUMNS, Usual(usual), known, Watch(), present=Present(24), seed=1)

    assert came.ended == 1 and PART not in [part for issue in came.memory.issues for part in issue.parts]
    assert soon.ended == 0


def test_another_side_of_a_known_issue_is_remembered_and_not_told() -> None:
    asked, usual = _asked(5, 24, lambda month: 6.0 if month >= 18 else 1.0)
    half = Part((("age", ("age2",)), ("place", ("place1", "place2"))), 6.0, 0.3)
    known = replace(EMPTY, issues=(Issue((half,), since=18, last_told=22),))

    came = prospective.look(asked, COLUMNS, Usual(usual), known, Watch(), present=Present(23), seed=1)

    assert came.alarms == () and came.wider == (0,)
    assert not came.memory.issues[0].parts[1].told


def test_people_of_later_months_are_left_aside() -> None:
    asked, usual = _asked(6, 24, lambda month: 8.0 if month >= 21 else 1.0)

    came = prospective.look(asked, COLUMNS, Usual(usual), EMPTY, Watch(alarms=0.1), present=Present(19), seed=1)

    assert came.alarms == ()


def test_months_may_be_numbered_from_anywhere() -> None:
    asked, usual = _asked(7, 24, lambda month: 4.0 if month >= 18 else 1.0)

    near = prospective.look(asked, COLUMNS, Usual(usual), EMPTY, Watch(), present=Present(23), seed=1)
    far = prospective.look(asked, COLUMNS, Usual(usual), EMPTY, Watch(), present=Present(683, 660), seed=1)

    assert near.alarms[0].where == far.alarms[0].where
    assert far.alarms[0].first == near.alarms[0].first + 660 == far.memory.issues[0].since


def test_the_same_seed_gives_the_same_look() -> None:
    asked, usual = _asked(8, 24, lambda month: 1.0)

    once, again = (
        prospective.look(asked, COLUMNS, Usual(usual), EMPTY, Watch(), present=Present(23), seed=4) for _ in range(2)
    )

    assert once == again


def test_a_watch_goes_forward_over_the_same_columns() -> None:
    asked, usual = _asked(9, 12, lambda month: 1.0)
    ahead = replace(EMPTY, looked=12)

    with pytest.raises(EvidenceError, match="a later month already"):
        prospective.look(asked, COLUMNS, Usual(usual), ahead, Watch(), present=Present(11), seed=1)
    with pytest.raises(EvidenceError, match="other columns"):
        prospective.look(asked, COLUMNS[:2], Usual(usual), EMPTY, Watch(), present=Present(11), seed=1)


def test_too_few_people_lately_or_earlier_are_said() -> None:
    asked, usual = _asked(10, 12, lambda month: 1.0, per_month=5)

    came = prospective.look(asked, COLUMNS, Usual(usual), EMPTY, Watch(), present=Present(11), seed=1)

    assert came.alarms == () and "Too few people" in came.note and came.memory.looked == 11
    with pytest.raises(EvidenceError, match="too few people in earlier months"):
        prospective.usual(asked, COLUMNS, EMPTY, Watch(), Present(11))


def test_what_is_usual_is_learned_from_earlier_months_and_not_from_known_issues() -> None:
    asked, truth = _asked(11, 40, lambda month: 8.0 if month >= 20 else 1.0)
    known = replace(EMPTY, issues=(Issue((PART,), since=20, last_told=22),))
    here = np.isin(asked.codes["place"], [1, 2]) & (asked.codes["age"] >= 2)

    blind = prospective.usual(asked, COLUMNS, EMPTY, Watch(), Present(39))
    aware = prospective.usual(asked, COLUMNS, known, Watch(), Present(39))

    assert aware.share[here].mean() == pytest.approx(truth[here].mean(), abs=0.05)
    assert blind.share[here].mean() > truth[here].mean() + 0.08


@pytest.mark.slow
def test_with_nothing_new_alarms_are_as_rare_as_stated() -> None:
    """Two years (in short: one) of a watch that accepts one false alarm a year."""
    watches, alarms = 40 if FULL else 2, 0
    for seed in range(500, 500 + watches):
        asked, _ = _asked(seed, 36, lambda month: 1.0)
        alarms += len(_watched(asked, LOOKS, Watch(alarms=1.0))[0])

    assert alarms <= binom.ppf(0.995, len(LOOKS) * watches, 1 / 12)


@pytest.mark.slow
def test_a_trouble_in_month_18_of_two_years_is_told_once_and_not_every_month() -> None:
    watches = 20 if FULL else 1
    told = []
    for seed in range(700, 700 + watches):
        asked, _ = _asked(seed, 36, lambda month: 4.0 if month >= 12 + 18 else 1.0)
        alarms, _ = _watched(asked, LOOKS, Watch(alarms=0.1))
        told.append([now for now, alarm in alarms if now >= 30])

    assert sum(len(each) == 1 for each in told) >= 0.85 * watches
    assert all(len(each) <= 2 for each in told)
