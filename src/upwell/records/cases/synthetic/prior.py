"""What people say when a stay begins: where they lived, how long homeless, whether they have income and insurance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.synthetic.chances import Chances, Table
from upwell.records.cases.synthetic.people import HEAD
from upwell.records.cases.synthetic.vocabulary import HOMELESS_TYPES

Numbers = NDArray[np.int32]
Flags = NDArray[np.bool_]

JAIL, FOSTER = 207, 215
HOSPITALS = (206, 204, 205, 225)
_HOSPITAL_SHARES = (0.40, 0.20, 0.32, 0.08)
_PLACES = (116, 101, 118, 302, 314, 329, 332, 335, 336, 410, 411, 421, 435)  # HUD 3.12.1, fit for an entry
_TO_HOMELESS = (0.32, 0.18, 0.01, 0.03, 0.07, 0.02, 0.01, 0.12, 0.11, 0.08, 0.01, 0.01, 0.03)
_TO_HOUSING = (0.34, 0.44, 0.03, 0.08, 0.03, 0.01, 0.01, 0.02, 0.02, 0.01, 0.0, 0.0, 0.01)
_TO_PREVENTION = (0.01, 0.01, 0.0, 0.01, 0.04, 0.01, 0.01, 0.16, 0.12, 0.42, 0.03, 0.03, 0.15)
_SUBSIDIES = (419, 420, 431, 433, 434, 439)
_UNKNOWN = (8, 9, 99)
_LENGTHS = (10, 11, 2, 3, 4, 5, 8, 99)
_LENGTH_SHARES = (0.10, 0.16, 0.21, 0.20, 0.15, 0.14, 0.01, 0.03)
_TIMES = ((0.55, 0.22, 0.11, 0.12), (0.30, 0.27, 0.18, 0.25), (0.15, 0.18, 0.17, 0.50))  # by pattern


def prior_living(stays: Table, *, chances: Chances, rng: np.random.Generator) -> Table:
    """HUD 3.917 with its skip rules, and the entry answers about income and insurance; -1 is blank."""
    many = len(stays["person"])
    asked = (stays["relation"] == HEAD) | (stays["years"] >= 18)  # HUD: heads of household and adults
    means = _means(stays, asked, chances, rng)
    length = rng.choice(_LENGTHS, many, p=_LENGTH_SHARES)
    stays = stays | means | {"stay_before": _length_code(length, asked)}
    living = _living(stays, chances, rng)
    known_length = length < 12
    institution, homeless = living // 100 == 2, living // 100 == 1
    housed = ~np.isin(stays["type"], (0, 1, 4, 8))
    short = np.where(institution, np.isin(length, (10, 11, 2, 3)), np.isin(length, (10, 11)))
    threshold = np.where(asked & housed & known_length & ~homeless & (living > 100), short, -1)
    street = np.where(threshold == 1, rng.random(many) < 0.45, -1)
    history = asked & (~housed | homeless | (street == 1))
    answers = {
        "living": np.where(asked, living, -1),
        "subsidy_before": np.where(asked & (living == 435), rng.choice(_SUBSIDIES, many), -1),
        "length_before": np.where(asked, length, -1),
        "under_threshold": threshold,
        "street_before": street,
    }
    answers = {name: values.astype(np.int32) for name, values in answers.items()}
    stays = stays | {"prior_living": _came_from(stays, answers["living"])["prior_living"]}
    answers |= _history(stays, history, chances, rng)
    answers |= _came_from(stays, answers["living"])
    return answers | means | {"stay_before": stays["stay_before"]}


def _length_code(length: Numbers, asked: Flags) -> Numbers:
    codes = np.select([length == code for code in _LENGTHS[:6]], range(6), 6)
    return np.where(asked, codes, 6).astype(np.int32)


def _came_from(stays: Table, living: Numbers) -> Table:
    """Composition code of the place before, and the answers of the came-from questions where they are asked."""
    classes = {1: 0, 2: 1, 3: 2, 4: 3}
    prior = np.select(
        [living // 100 == number for number in classes], list(classes.values()), np.where(living == 17, 4, 5)
    )
    asked = np.isin(stays["type"], HOMELESS_TYPES) & (living > 100)
    answers = {
        "prior_living": prior,
        "yes.jail": np.where(asked, living == JAIL, -1),
        "yes.foster": np.where(asked, living == FOSTER, -1),
        "yes.hospital": np.where(asked, np.isin(living, HOSPITALS), -1),
    }
    return {name: values.astype(np.int32) for name, values in answers.items()}


def _living(stays: Table, chances: Chances, rng: np.random.Generator) -> Numbers:
    """Jail, foster care and hospital by their own chances, never two at once; else by kind of project; 4 % unknown."""
    many = len(stays["person"])
    number = chances.numbers("living", stays["person"])
    edges = np.cumsum([chances.share(question, stays) for question in ("jail", "foster", "hospital")], axis=0)
    prevention, homeless = stays["type"] == 12, np.isin(stays["type"], (0, 1, 2, 4, 8))
    other = np.where(
        prevention,
        rng.choice(_PLACES, many, p=_TO_PREVENTION),
        np.where(homeless, rng.choice(_PLACES, many, p=_TO_HOMELESS), rng.choice(_PLACES, many, p=_TO_HOUSING)),
    )
    hospital = rng.choice(HOSPITALS, many, p=_HOSPITAL_SHARES)
    living = np.select([number < edges[0], number < edges[1], number < edges[2]], [JAIL, FOSTER, hospital], other)
    return np.where(rng.random(many) < 0.04, rng.choice(_UNKNOWN, many), living).astype(np.int32)


def _history(stays: Table, asked: Flags, chances: Chances, rng: np.random.Generator) -> Table:
    """Times and months homeless in three years and the day it began; one unknown answer makes all three unknown."""
    many = len(asked)
    edges = np.cumsum(_TIMES, axis=1)[stays["pattern"]]
    times = np.minimum(1 + (rng.random(many)[:, None] >= edges).sum(axis=1), 4)
    known = asked & (rng.random(many) >= 0.05)
    stays = stays | {"times_homeless": np.where(known, times - 1, 4).astype(np.int32)}
    long = chances.yes("homeless_12_months", stays)
    months = np.where(long, np.where(rng.random(many) < 0.3, 112, 113), 100 + np.minimum(rng.geometric(0.28, many), 11))
    recent = 1 + (rng.random(many) * 29 * np.minimum(months - 100, 11)).astype(np.int64)
    since = stays["entry"] - np.where(long & (times == 1), rng.integers(375, 1900, many), recent)
    refused = rng.choice(_UNKNOWN, many)
    answers = {
        "times": np.where(known, times, refused),
        "months": np.where(known, months, refused),
        "homeless_since": np.where(known, since, -1),
    }
    answers = {name: np.where(asked, values, -1).astype(np.int32) for name, values in answers.items()}
    return answers | {
        "times_homeless": stays["times_homeless"],
        "yes.homeless_12_months": np.where(known & np.isin(stays["type"], HOMELESS_TYPES), long, -1).astype(np.int32),
    }


def _means(stays: Table, asked: Flags, chances: Chances, rng: np.random.Generator) -> Table:
    """Income and insurance at entry: HUD code (-1 not asked) and the composition code (none, some, unknown)."""
    many = len(asked)
    unknown = rng.random(many) < 0.05
    refused = rng.choice(_UNKNOWN, many)
    answers: Table = {}
    for column, name in (("income", "income_entry"), ("insurance", "insured_entry")):
        said = np.where(unknown, refused, chances.yes(name, stays))
        answers[column] = np.where(asked & ~unknown, said, 2).astype(np.int32)
        answers[f"{column}_said"] = np.where(asked, said, -1).astype(np.int32)
    return answers
