from __future__ import annotations

import json

import numpy as np
import pytest

from upwell.evidence.errors import EvidenceError
from upwell.evidence.scan.watching.memory import Memory
from upwell.library.watching import find_new


def _source(seed: int = 1, *, months: int = 24, begun: int = 20, odds: float = 6.0, per_month: int = 120):
    """People of two years from January 2024; from September 2025 on, yes is more frequent in the north."""
    rng = np.random.default_rng([seed, months])
    month = np.repeat(np.arange(months), per_month)
    place, age = rng.choice(["east", "north", "south", "west"], len(month)), rng.choice(["old", "young"], len(month))
    log_odds = -1.5 + 0.4 * (age == "old") + np.log(odds) * ((place == "north") & (month >= begun))
    return {
        "month": [f"{2024 + at // 12}-{at % 12 + 1:02d}" for at in month],
        "place": place,
        "age": age,
        "left": rng.random(len(month)) < 1 / (1 + np.exp(-log_odds)),
        "usual": np.where(age == "old", 0.25, 0.182),
    }


def _until(source, month: str):
    kept = np.array(source["month"]) <= month
    return {name: np.array(values)[kept] for name, values in source.items()}


def test_a_trouble_is_told_when_it_is_new_and_not_again() -> None:
    source = _source()

    first = find_new(_until(source, "2025-10"), "left", month="month", attributes=("age", "place"))
    second = find_new(source, "left", month="month", attributes=("age", "place"), known=first.memory, now="2025-11")

    (alarm,) = first.alarms
    assert alarm.kind == "new" and alarm.where["place"] == ("north",)
    assert alarm.first in ("2025-09", "2025-08", "2025-10") and alarm.last == first.month == "2025-10"
    assert alarm.yes > alarm.expected and alarm.odds_ratio > 2 and alarm.p <= first.alpha
    assert second.alarms == () and second.month == "2025-11"
    assert second.sentence() == "Nothing new up to 2025-11 that chance does not explain."


def test_the_memory_may_be_kept_as_json() -> None:
    source = _source()
    first = find_new(_until(source, "2025-10"), "left", month="month", attributes=("age", "place"))

    kept = json.loads(json.dumps(first.memory.to_dict()))
    second = find_new(source, "left", month="month", attributes=("age", "place"), known=kept)

    assert Memory.from_dict(kept) == first.memory
    assert second.alarms == () and len(second.memory.issues) == 1


def test_what_was_expected_may_be_known_beforehand() -> None:
    found = find_new(_source(), "left", month="month", attributes=("age", "place"), expected="usual")
    quiet = find_new(
        _source(odds=1.0), "left", month="month", attributes=("age", "place"), expected="usual", alarms_a_year=0.1
    )

    assert found.alarms[0].where["place"] == ("north",)
    assert quiet.alarms == ()


def test_plain_numbers_of_months_do_as_well() -> None:
    source = _source()
    source["month"] = np.repeat(np.arange(100, 124), 120)

    found = find_new(source, "left", month="month", attributes=("age", "place"), now=122)

    assert found.month == 122 and found.alarms[0].last == 122


def test_groups_of_places_may_be_told_of() -> None:
    source = _source(seed=3)
    groups = {"place": {"in the upper county": ["east", "north"], "in the lower county": ["south", "west"]}}

    found = find_new(source, "left", month="month", attributes=("age", "place"), groups=groups)

    assert found.alarms[0].where["place"] == ("north",)


def test_the_result_shows_no_count_by_itself_and_is_plain_values_when_asked() -> None:
    found = find_new(_source(), "left", month="month", attributes=("age", "place"))

    (alarm,) = found.alarms
    assert repr(found) == "News(NOT PROTECTED: exact counts, for the case team alone; 1 alarms up to 2025-12)"
    assert repr(alarm).startswith("New(NOT PROTECTED") and f"{alarm.persons}" not in repr(alarm)
    assert f"of {alarm.persons:,} people" in found.sentence() and "place: north" in found.sentence()
    told = json.loads(json.dumps(found.to_dict()))
    assert told["alarms"][0]["where"]["place"] == ["north"] and told["memory"]["version"] == 1


@pytest.mark.parametrize(
    "change, words",
    [
        ({"now": "2031-01"}, "`now` is none of the months"),
        ({"now": "soon"}, "A month is a date"),
        ({"alarms_a_year": 0}, "`alarms_a_year`"),
        ({"alarms_a_year": 12}, "`alarms_a_year`"),
        ({"looks_a_year": 0}, "`looks_a_year`"),
        ({"windows": ()}, "`windows`"),
        ({"windows": (0, 3)}, "`windows`"),
        ({"windows": (30,)}, "too few people in earlier months"),
        ({"known": {"version": 2}}, "version 2"),
        ({"known": {"memory": 1}}, "cannot be read"),
        ({"known": Memory(("age", "sex"))}, "other columns"),
        ({"known": Memory(("age", "place"), looked=12 * 57)}, "a watch goes forward"),
        ({"month": "mnth"}, "no column 'mnth'"),
        ({"month": [None] * 2880}, "whose month is known"),
    ],
)
def test_what_cannot_be_watched_is_refused_in_a_sentence(change, words: str) -> None:
    asked = {"month": "month", "attributes": ("age", "place")} | change

    with pytest.raises(EvidenceError, match=words):
        find_new(_source(), "left", **asked)


def test_people_who_return_are_counted_once() -> None:
    source = _source()
    twice = {name: np.concatenate([values, values]) for name, values in source.items()}
    twice["who"] = np.tile(np.arange(len(source["left"])), 2)

    once = find_new(source, "left", month="month", attributes=("age", "place"))
    again = find_new(twice, "left", month="month", attributes=("age", "place"), person="who")

    assert again.alarms == once.alarms
    assert any("several rows" in said for said in again.said)


def test_a_watch_that_begins_with_few_people_says_so() -> None:
    found = find_new(
        _source(per_month=5), "left", month="month", attributes=("age", "place"), expected="usual", windows=(1,)
    )

    assert found.alarms == () and "Too few people" in found.sentence()
