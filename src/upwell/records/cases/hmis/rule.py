"""Questions as data: one file a question in questions/, frames that several questions share in populations/.

A question file holds the words (see records.cases.table.Question) and how to ask:

    population = "entries"         a file of populations/, or any name when the file brings its own [frame]
    yes = "living = 207"           SQL over the episode (or referral) table: true, false, never NULL where asked
    needs = ["Enrollment.LivingSituation"]   columns without which this export cannot answer
    unfit = ["prior_living"]       columns of the case table that would give the answer away
    [settings]                     numbers that the SQL names as $name

    [frame]
    rows = "episode"               or "referral"
    at = "entry"                   the date that places a row in time and orders a person's rows
    among = "..."                  which rows are in the frame; at must also lie in the export's period
    answers = ["living"]           HUD codes that must be known (8, 9, 37 refused or unknown; 99 not collected;
                                   blank or 30 not asked)
    window = {months = 6}          (or days) must be over, counted from `at`, when the export ends
    left_out = [{when = "...", reason = "..."}]     further rows that cannot be asked, first match counts
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from operator import itemgetter
from typing import Any  # the parsed items of a file, checked by the dataclasses they become

from upwell.records.cases.table import Question

REASONS = (
    "refused or unknown",
    "not collected",
    "not asked",
    "not applicable",
    "window not over",
    "dates impossible",
)
"""Why a person is not asked, in the contract's words; a reason's number is its place here, from 1."""

QUESTION_KEYS = tuple(entry.name for entry in fields(Question) if entry.name != "name")


@dataclass(frozen=True)
class LeftOut:
    """Rows where `when` holds are left out for `reason`; with `missing`, for the kind of missing of that code."""

    when: str
    reason: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Frame:
    """Which rows a question looks at, and which of them can be asked. window: a SQL interval, "" for none."""

    rows: str
    at: str
    among: str
    left_out: tuple[LeftOut, ...]
    window: str = ""
    window_words: str = ""


@dataclass(frozen=True)
class Rule:
    """A question with the way to ask it of an HMIS export. needs: (file, column) pairs."""

    question: Question
    frame: Frame
    yes: str
    needs: tuple[tuple[str, str], ...]
    unfit: frozenset[str]
    settings: Mapping[str, object] = field(default_factory=dict)


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Every question that has a file, by name."""
    here = files(__package__)
    frames = {_stem(file): _read(file) for file in _tomls(here / "populations")}
    return tuple(read_rule(_stem(file), _read(file), frames) for file in _tomls(here / "questions"))


@lru_cache(maxsize=1)
def settings() -> Mapping[str, object]:
    """The latest value of every number in settings.toml, which all questions may name."""
    text = _read(files(__package__) / "settings.toml")
    return {name: max(_tables(_table(text, name), "values"), key=itemgetter("from"))["value"] for name in text}


def read_rule(name: str, text: Mapping[str, object], frames: Mapping[str, Mapping[str, object]]) -> Rule:
    """The question `name` from the parsed text of its file; a frame of its own goes before the population's."""
    shared = frames.get(str(text["population"]), {})
    frame = {**_table(shared, "frame"), **_table(text, "frame")}
    words = {key: _frozen(text.get(key, shared.get(key))) for key in QUESTION_KEYS if key in text or key in shared}
    needs = [*_list(shared, "needs"), *_list(text, "needs")]
    return Rule(
        question=Question(name=name, **words),  # type: ignore[arg-type]  # keys and types come from a file, tested
        frame=_frame(frame),
        yes=str(text["yes"]),
        needs=tuple((file, column) for file, _, column in (need.partition(".") for need in needs)),
        unfit=frozenset([*_list(shared, "unfit"), *_list(text, "unfit")]),
        settings={**settings(), **_table(shared, "settings"), **_table(text, "settings")},
    )


def _frame(text: Mapping[str, object]) -> Frame:
    answers = tuple(LeftOut(when="true", missing=code) for code in _list(text, "answers"))
    window = [f"to_{unit}({length})" for unit, length in _table(text, "window").items()]
    words = [f"{length} {unit}" for unit, length in _table(text, "window").items()]
    others = tuple(LeftOut(**item) for item in _tables(text, "left_out"))
    return Frame(
        rows=str(text["rows"]),
        at=str(text["at"]),
        among=str(text["among"]),
        left_out=(LeftOut(when="NOT dates_ok", reason="dates impossible"), *answers, *others),
        window="".join(window),
        window_words="".join(words),
    )


def _tomls(folder: Traversable) -> list[Traversable]:
    return sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)


def _read(file: Traversable) -> dict[str, object]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _stem(file: Traversable) -> str:
    return file.name.removesuffix(".toml")


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _list(text: Mapping[str, object], key: str) -> list[str]:
    value = text.get(key, [])
    return [str(item) for item in value] if isinstance(value, list) else []


def _table(text: Mapping[str, object], key: str) -> dict[str, object]:
    value = text.get(key, {})
    return dict(value) if isinstance(value, dict) else {}


def _tables(text: Mapping[str, object], key: str) -> list[dict[str, Any]]:
    value = text.get(key, [])
    return [dict(item) for item in value] if isinstance(value, list) else []
