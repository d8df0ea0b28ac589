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


ASKED = {"month": "month", "attributes": ("age", "place")}


def _rests_on_both(seed: int = 1):
    """A trouble of old people in the north."""
    source = _source(seed, odds=1.0)
    source["sex"] = np.random.default_rng(seed).choice(["f", "m"], len(source["left"]))
    month = np.array(source["month"]) >= "2025-09"
    raised = month & (source["place"] == "north") & (source["age"] == "old")
    source["left"] = np.where(raised, np.random.default_rng(9).random(len(raised)) < 0.85, source["left"])
    return source


def _hidden(kind: str, age: np.ndarray, left: np.ndarray) -> np.ndarray:
    """A column of ages that cannot be searched, of some kind."""
    if kind == "one value":
        return np.full(len(age), "old")
    if kind == "another value":
        return np.full(len(age), "ageless")
    if kind == "mostly unknown":
        return np.where(np.arange(len(age)) % 3 == 0, age, "").astype(object)
    if kind == "empty":
        return np.full(len(age), None)
    if kind == "a key":
        return np.array([f"age {at}" for at in range(len(age))])
    return np.where(left, "old", "young")  # says the answer


@pytest.fixture(scope="module")
def both_known() -> Memory:
    first = find_new(_until(_rests_on_both(), "2025-10"), "left", **ASKED)
    assert first.alarms[0].where == {"age": ("old",), "place": ("north",)}
    return first.memory


@pytest.mark.parametrize("kind", ["one value", "another value", "mostly unknown", "empty", "a key", "says the answer"])
def test_a_known_column_that_cannot_be_searched_for_once_is_kept_in_the_memory(kind: str, both_known: Memory) -> None:
    source = _rests_on_both()
    source["age"] = _hidden(kind, source["age"], source["left"])

    news = find_new(source, "left", known=both_known, **ASKED)

    assert news.memory.columns == both_known.columns
    assert news.memory.issues[0].parts[0] == both_known.issues[0].parts[0]
    assert any("rests on 'age', which is not searched this time" in said for said in news.said)
    assert any("left out" in said and "age" in said for said in news.said)


@pytest.mark.parametrize("kind", ["a key", "one value"])
def test_a_known_issue_is_no_news_while_a_column_that_it_rests_on_is_away(kind: str, both_known: Memory) -> None:
    source = _rests_on_both()
    away = source | {"age": _hidden(kind, source["age"], source["left"])}

    without = find_new(away, "left", known=both_known, now="2025-11", **ASKED)
    back = find_new(source, "left", known=without.memory, **ASKED)

    assert without.alarms == () and back.alarms == ()
    assert len(back.memory.issues) == 1


def test_a_column_left_out_at_the_first_look_may_be_searched_later() -> None:
    source = _source()
    empty = _until(source, "2025-10") | {"age": np.full(22 * 120, "old")}

    first = find_new(empty, "left", **ASKED)
    second = find_new(source, "left", known=first.memory.to_dict(), **ASKED)

    assert set(first.memory.columns) == {"age", "place"}
    assert second.alarms == ()


@pytest.mark.parametrize(
    ("attributes", "words"),
    [(("age",), "knows 'place', which is not here"), (("age", "place", "usual"), "does not know 'usual'")],
)
def test_columns_that_were_not_given_or_are_new_are_refused(attributes, words: str, both_known: Memory) -> None:
    with pytest.raises(EvidenceError, match=words):
        find_new(_rests_on_both(), "left", month="month", attributes=attributes, known=both_known)


def test_a_column_that_says_the_answer_is_left_out_of_a_watch_and_it_is_said() -> None:
    source = _source()
    source["state"] = np.where(source["left"], "gone", "here")

    news = find_new(source, "left", month="month", attributes=("age", "place", "state"))

    assert news.alarms[0].where["place"] == ("north",) and "state" not in news.alarms[0].where
    assert any("“state” says nearly the same as the answer" in said for said in news.said)


def test_records_that_are_still_coming_in_are_said_of_a_watch() -> None:
    source = _source()
    kept = (np.array(source["month"]) < "2025-12") | (np.arange(len(source["left"])) % 10 == 0)

    news = find_new({name: np.array(values)[kept] for name, values in source.items()}, "left", **ASKED)

    assert any(said.startswith("From 2025-12 on far fewer people are recorded") for said in news.said)
