"""How stays end, and whether people come back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.synthetic.ages import months_later
from upwell.records.cases.synthetic.chances import Chances, Table
from upwell.records.cases.synthetic.people import CHILD, HEAD

Numbers = NDArray[np.int32]

_HOMELESS = ((116, 0.55), (101, 0.42), (118, 0.03))
_PERMANENT = ((410, 0.30), (435, 0.42), (422, 0.14), (423, 0.10), (421, 0.01), (411, 0.03))
_OTHER = (
    (312, 0.27),
    (313, 0.22),
    (302, 0.16),
    (314, 0.10),
    (329, 0.06),
    (207, 0.05),
    (206, 0.04),
    (205, 0.05),
    (204, 0.03),
    (332, 0.02),
)
_MISSING = ((30, 0.60), (99, 0.24), (8, 0.08), (9, 0.08))
_SUBSIDIES = (419, 420, 431, 433, 434, 436, 439, 440)
_CHILD_NOT_RECORDED = 0.75  # keeps children, who go where the head goes, from counting one answer many times
RETURN_DAYS = ((14, 170), (195, 350), (380, 715), (745, 1100))
"""Days until somebody comes back, by return class; well inside 6, 12 and 24 months however months are counted."""
_COMES_BACK_LATE = 0.05
_AGAIN = {True: (0.35, 0.55, 0.75), False: (0.15, 0.30, 0.50)}  # by pattern; True: left to homelessness


def destinations(stays: Table, *, chances: Chances, rng: np.random.Generator, last_day: int) -> Table:
    """Destination (HUD 3.12.1, -1 open), its subsidy, and the return class.

    return_class: 0, 1, 2 back within 6, 12, 24 months, 3 not; -1 not asked, because they did not leave to a home.
    """
    many = len(stays["person"])
    left = stays["exit"] >= 0
    homeless = chances.yes("exit_homeless", stays)
    permanent = chances.yes("exit_permanent", stays)
    code = np.select(
        [homeless, permanent],
        [_one_of(_HOMELESS, many, rng), _one_of(_PERMANENT, many, rng)],
        _one_of(_OTHER, many, rng),
    )
    fate = rng.random(many)
    code = np.select([fate < 0.10, fate < 0.11, fate < 0.115], [_one_of(_MISSING, many, rng), 17, 24], code)
    code = _as_head(stays, code)
    return_class = _as_head(stays, _returns(stays, chances))
    code = np.where((stays["relation"] == CHILD) & (rng.random(many) < _CHILD_NOT_RECORDED), 99, code)
    code = np.where(left, code, -1)
    answers = {
        "destination": code,
        "subsidy_after": np.where(code == 435, rng.choice(_SUBSIDIES, many), -1),
        "return_class": np.where(code // 100 == 4, return_class, -1),
    }
    return {name: values.astype(np.int32) for name, values in answers.items()}


def ends(stays: Table, *, chances: Chances, rng: np.random.Generator, last_day: int) -> Table:
    """Answers about leaving, where they are asked: to homelessness, and back within each window that is over."""
    del chances, rng  # nothing is drawn here: where people went, and who came back, was drawn step by step
    code = stays["destination"]
    known = (code > 0) & ~np.isin(code, (8, 9, 24, 30, 37, 99))
    answers = {"yes.exit_homeless": np.where(known, code // 100 == 1, -1)}
    for cut, months in enumerate((6, 12, 24)):
        over = (code // 100 == 4) & (months_later(stays["exit"], months) <= months_later(np.int32(last_day), 0))
        answers[f"yes.return_{months}"] = np.where(over, stays["return_class"] <= cut, -1)
    return {name: values.astype(np.int32) for name, values in answers.items()}


def _one_of(shares: tuple[tuple[int, float], ...], many: int, rng: np.random.Generator) -> Numbers:
    return rng.choice([code for code, _ in shares], many, p=[share for _, share in shares]).astype(np.int32)


def _as_head(stays: Table, answer: Numbers) -> Numbers:
    """Children's answers are those of the head of their household."""
    heads = stays["relation"] == HEAD
    of_household = np.zeros(int(stays["household"].max(initial=-1)) + 1, answer.dtype)
    of_household[stays["household"][heads]] = answer[heads]
    return np.where(stays["relation"] == CHILD, of_household[stays["household"]], answer)


def _returns(stays: Table, chances: Chances) -> Numbers:
    """One number, three nested cuts, so that a return within 6 months is one within 12 and 24."""
    number = chances.numbers("return", stays["person"])
    cuts = [chances.share(question, stays) for question in ("return_6", "return_12", "return_24")]
    cuts = list(np.maximum.accumulate(cuts, axis=0))
    return np.select([number < cut for cut in cuts], [0, 1, 2], 3).astype(np.int32)


def next_entry(stays: Table, *, last_day: int, rng: np.random.Generator) -> tuple[Numbers, NDArray[np.bool_]]:
    """Day of the next entry (-1 none before the export ends), and whether it must be into a setting of homelessness."""
    many = len(stays["person"])
    housed = stays["return_class"] >= 0
    late = (stays["return_class"] == 3) & (rng.random(many) < _COMES_BACK_LATE)
    ranges = np.array(RETURN_DAYS)[np.maximum(stays["return_class"], 0)]
    homeless = stays["destination"] // 100 == 1
    again = np.where(homeless, np.array(_AGAIN[True])[stays["pattern"]], np.array(_AGAIN[False])[stays["pattern"]])
    comes = np.where(housed, (stays["return_class"] < 3) | late, rng.random(many) < again)
    first = np.where(housed, ranges[:, 0], np.where(homeless, 2, 10))
    last = np.where(housed, ranges[:, 1], np.where(homeless, 120, 400))
    entry = stays["exit"] + first + (rng.random(many) * (last - first + 1)).astype(np.int64)
    comes &= (stays["exit"] >= 0) & (stays["destination"] != 24) & (entry <= last_day)
    back = housed | (rng.random(many) < 0.6)
    return np.where(comes, entry, -1).astype(np.int32), back
