"""Money and work over a stay: income, benefits and insurance at entry and later, employment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.synthetic.chances import Chances, Table

Numbers = NDArray[np.int32]
Flags = NDArray[np.bool_]

SOURCES = (
    "Earned",
    "Unemployment",
    "SSI",
    "SSDI",
    "VADisabilityService",
    "TANF",
    "GA",
    "SocSecRetirement",
    "ChildSupport",
    "OtherIncomeSource",
    "VADisabilityNonService",
    "PrivateDisability",
    "WorkersComp",
    "Pension",
    "Alimony",
)
_RARE = (0.004, 0.004, 0.004, 0.006, 0.002)  # the last five, taken from the first
_SOURCE_SHARES = {  # of those with income, by what they are, for SOURCES
    "old": (0.10, 0.01, 0.12, 0.08, 0.03, 0.00, 0.02, 0.60, 0.00, 0.04),
    "disabled": (0.22, 0.03, 0.32, 0.26, 0.05, 0.03, 0.05, 0.00, 0.01, 0.03),
    "family": (0.42, 0.04, 0.07, 0.03, 0.01, 0.24, 0.02, 0.00, 0.13, 0.04),
    "other": (0.62, 0.08, 0.05, 0.04, 0.03, 0.00, 0.12, 0.00, 0.01, 0.05),
}
_DOLLARS = (950, 780, 880, 1050, 900, 420, 280, 1150, 300, 250, 700, 800, 600, 650, 350)  # usual month, for SOURCES
BENEFITS = ("SNAP", "WIC", "TANFChildCare", "TANFTransportation", "OtherTANF", "OtherBenefitsSource")
INSURANCES = (
    "Medicaid",
    "Medicare",
    "VHAServices",
    "StateHealthIns",
    "SCHIP",
    "IndianHealthServices",
    "EmployerProvided",
    "COBRA",
    "PrivatePay",
    "OtherInsurance",
)
HELD = BENEFITS + INSURANCES
_ADULT_BANDS = (1, 2, 3, 4, 5, 6)  # codes of age that are known to be 18 or more
YEAR, MOST_ANNIVERSARIES = 365, 3  # days; annual records written of one stay
_PUBLIC = len(BENEFITS) + 6  # what an employer provides or a person buys is no benefit that a rule takes away


def means(stays: Table, *, chances: Chances, rng: np.random.Generator, last_day: int) -> Table:
    """Columns of entry and later records; later is one state, reached before the first later record.

    source_*: index into SOURCES, -1 none. dollars_*: a month. held_*: bit i set for HELD[i]. *_said: HUD 1.8.
    benefits_said is unknown exactly when insurance_said is. reason: HUD 4.04.A about Medicaid, -1 not asked.
    """
    stays = stays | {"later_day": _later_day(stays, last_day)}
    asked = (stays["income_said"] >= 0) & (stays["type"] != 14)
    later_known = rng.random(len(asked)) >= 0.05
    answers = _income(stays, asked, later_known, chances, rng)
    answers |= _benefits(stays, asked, later_known, chances, rng)
    answers |= _work(stays | answers, asked, chances, rng)
    answers["later_day"] = stays["later_day"]
    return {name: values.astype(np.int32) for name, values in answers.items()}


def _later_day(stays: Table, last_day: int) -> Numbers:
    """Day of the last record after entry: the exit, or the last anniversary inside the export; -1 none yet."""
    years = np.minimum((last_day - 1 - stays["entry"]) // YEAR, MOST_ANNIVERSARIES)
    anniversary = np.where(years > 0, stays["entry"] + years * YEAR, -1)
    return np.where(stays["exit"] >= 0, stays["exit"], anniversary).astype(np.int32)


def _income(stays: Table, asked: Flags, later_known: Flags, chances: Chances, rng: np.random.Generator) -> Table:
    many = len(asked)
    none = chances.yes("no_income_exit", stays)
    source = _sources(stays, rng)
    kept = rng.random(many) < 0.75
    source_later = np.where(kept, source, _sources(stays, rng))
    usual = np.array(_DOLLARS)
    dollars = (usual[source] * rng.uniform(0.6, 1.5, many)).astype(np.int32)
    changed = (usual[source_later] * rng.uniform(0.6, 1.5, many)).astype(np.int32)
    dollars_later = np.where(kept & (rng.random(many) < 0.6), dollars, changed)
    had = asked & (stays["income_said"] == 1)
    has = asked & later_known & ~none
    said_later = np.where(later_known, ~none, rng.choice((8, 9, 99), many))
    asked_exit = asked & later_known & (stays["exit"] >= 0) & np.isin(stays["age"], _ADULT_BANDS)
    return {
        "source_entry": np.where(had, source, -1),
        "dollars_entry": np.where(had, dollars, -1),
        "income_later_said": np.where(asked, said_later, -1),
        "source_later": np.where(has, source_later, -1),
        "dollars_later": np.where(has, dollars_later, -1),
        "yes.no_income_exit": np.where(asked_exit, none, -1),
    }


def _sources(stays: Table, rng: np.random.Generator) -> Numbers:
    many = len(stays["person"])
    group = np.select([stays["years"] >= 65, stays["disabling"] == 1, stays["household_type"] == 1], [0, 1, 2], 3)
    shares = np.array([(*_SOURCE_SHARES[name], *_RARE) for name in ("old", "disabled", "family", "other")])
    shares[:, 0] -= sum(_RARE)
    edges = np.cumsum(shares, axis=1)
    number = rng.random(many, dtype=np.float32)
    source = np.zeros(many, np.int32)
    for index in range(len(SOURCES) - 1):
        source += number >= edges[group, index]
    return source


def _benefits(stays: Table, asked: Flags, later_known: Flags, chances: Chances, rng: np.random.Generator) -> Table:
    many = len(asked)
    known = asked & (stays["insurance_said"] < 2)
    refused = rng.choice((8, 9, 99), many)
    held = np.where(known, _held(stays, rng), 0)
    public = held & ((1 << _PUBLIC) - 1)
    loses = chances.yes("benefit_lost", stays) & (public > 0)
    later = np.where(loses, held & ~_one_bit(public, rng), held)
    non_cash = (1 << len(BENEFITS)) - 1
    denied = chances.yes("insurance_denied", stays)
    reason = np.where(denied, 2, np.where(rng.random(many) < 0.25, 1, 3))
    reason = np.where(rng.random(many) < 0.08, 99, reason)
    without = known & (held >> len(BENEFITS) == 0)
    followed = known & (public > 0) & later_known & (stays["later_day"] >= 0)
    return {
        "held_entry": held,
        "benefits_said": np.where(known, (held & non_cash) > 0, np.where(asked, refused, -1)),
        "held_later": np.where(known & later_known, later, 0),
        "later_known": known & later_known,
        "reason": np.where(without, reason, -1),
        "yes.benefit_lost": np.where(followed, loses, -1),
        "yes.insurance_denied": np.where(without & (reason < 4), denied, -1),
    }


def _held(stays: Table, rng: np.random.Generator) -> Numbers:
    """Benefits and insurances at entry as bits; an insurance exactly when insurance_said is 1."""
    many = len(stays["person"])
    family, old, veteran = stays["household_type"] == 1, stays["years"] >= 65, stays["veteran"] == 1
    young_mother = family & (stays["gender"] == 0) & (stays["years"] < 40)
    chance = {
        "SNAP": np.where(family, 0.60, 0.42),
        "WIC": np.where(young_mother, 0.40, 0.0),
        "TANFChildCare": np.where(family, 0.12, 0.0),
        "TANFTransportation": np.where(family, 0.05, 0.0),
        "OtherTANF": np.where(family, 0.06, 0.0),
        "OtherBenefitsSource": np.full(many, 0.02),
    }
    held = np.zeros(many, np.int32)
    for bit, name in enumerate(BENEFITS):
        held |= (rng.random(many) < chance[name]).astype(np.int32) << bit
    number = rng.random(many)
    usual = np.searchsorted((0.80, 0.88, 0.89, 0.91, 0.96, 0.97, 0.99), number, side="right")
    kind = np.select(
        [old & (number < 0.75), veteran & (number < 0.55)], [1, 2], np.array((0, 3, 4, 5, 6, 7, 8, 9))[usual]
    )
    both = np.where(old & (number < 0.3), 1 << len(BENEFITS), 0)
    insured = (1 << (len(BENEFITS) + kind)) | both
    return np.where(stays["insurance_said"] == 1, held | insured, held).astype(np.int32)


def _one_bit(bits: Numbers, rng: np.random.Generator) -> Numbers:
    """One of the set bits, each as likely as the others."""
    best = np.full(len(bits), -1, np.float32)
    chosen = np.zeros(len(bits), np.int32)
    for bit in range(len(HELD)):
        number = np.where(bits >> bit & 1, rng.random(len(bits), dtype=np.float32), np.float32(-1))
        chosen = np.where(number > best, 1 << bit, chosen)
        best = np.maximum(best, number)
    return chosen.astype(np.int32)


def _work(stays: Table, asked: Flags, chances: Chances, rng: np.random.Generator) -> Table:
    """Employment where it is asked (not at night shelters, outreach, prevention), for adults."""
    many = len(asked)
    where = asked & np.isin(stays["type"], (0, 2, 3, 13)) & (stays["years"] >= 18)
    looking = chances.yes("looking_for_work_exit", stays)
    reason = np.where(looking, 1, np.where(rng.random(many) < 0.6, 2, 3))
    unsaid = rng.random(many) < 0.06
    reason = np.where(unsaid, 99, reason)
    kind = rng.choice((1, 2, 3), many, p=(0.40, 0.45, 0.15))
    answers: Table = {
        "last_grade": np.where(
            where, rng.choice((4, 5, 7, 10, 11, 12, 8), many, p=(0.25, 0.36, 0.12, 0.15, 0.05, 0.05, 0.02)), -1
        )
    }
    for stage in ("entry", "later"):
        said = stays["income_said" if stage == "entry" else "income_later_said"]
        employed = np.where(said <= 1, stays[f"source_{stage}"] == 0, 99)
        answers[f"employed_{stage}"] = np.where(where, employed, -1)
        answers[f"work_kind_{stage}"] = np.where(where & (employed == 1), kind, -1)
        answers[f"no_work_reason_{stage}"] = np.where(where & (employed == 0), reason, -1)
    exit_asked = where & (answers["employed_later"] == 0) & ~unsaid & (stays["exit"] >= 0)
    answers["yes.looking_for_work_exit"] = np.where(exit_asked, looking, -1)
    return answers
