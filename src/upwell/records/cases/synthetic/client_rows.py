"""Client.csv: names that say they are invented, numbers that nobody was ever given."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.synthetic.lines import Cell, Field, Texts, day, key, moment, number, table
from upwell.records.cases.synthetic.people import People

_STARTS = ("Qua", "Zel", "Vry", "Thul", "Ombri", "Jax", "Wexo", "Plim", "Drun", "Yss", "Korv", "Ebba")
_ENDS = ("bixa", "dorn", "quill", "vane", "zimo", "lurk", "tasp", "wynx", "gorr", "phim", "zade", "ilux")
_BRANCHES = (1, 2, 3, 4, 6)
_ANOTHER = ("NonBinary", "Transgender", "Questioning", "CulturallySpecific", "DifferentIdentity")
_ANOTHER_SHARES = (0.55, 0.25, 0.10, 0.05, 0.05)
# Race code of vocabulary.VALUES -> the flags HUD has for it, in the order of _FLAGS.
_FLAGS = (
    "AmIndAKNative",
    "Asian",
    "BlackAfAmerican",
    "HispanicLatinaeo",
    "MidEastNAfrican",
    "NativeHIPacific",
    "White",
)
_TWO = ((2, 6), (2, 3), (0, 6), (3, 6), (1, 6))


def client_cells(people: People, keys: Texts, version: str, rng: np.random.Generator) -> Mapping[str, Cell]:
    """Cells of Client.csv, one row a person."""
    many = len(people)
    firsts = table([start + end for start in _STARTS for end in _ENDS])
    lasts = table([f"Invented-{start}{end}" for start in _STARTS for end in _ENDS])
    pick = rng.integers(0, len(_STARTS) * len(_ENDS), (2, many)).astype(np.int32)
    known_birth = np.isin(people.dob_quality, (1, 2))
    has_number = rng.random(many) < 0.6
    birth = np.where(known_birth, people.birth, -1)
    created = people.first_day
    cells: dict[str, Cell] = {
        "PersonalID": Field(keys, np.arange(many, dtype=np.int32)),
        "FirstName": Field(firsts, pick[0]),
        "LastName": Field(lasts, pick[1]),
        "NameDataQuality": number(np.where(pick[0] % 50 == 0, 2, 1)),
        # 666 and 000 in front were never given out as a Social Security number.
        "SSN": _numbers_nobody_has(many, has_number, rng),
        "SSNDataQuality": number(np.where(has_number, 1, 99)),
        "DOB": day(birth),
        "DOBDataQuality": number(people.dob_quality),
        "VeteranStatus": number(people.veteran),
        "DateCreated": moment(created),
        "DateUpdated": moment(created),
        "UserID": b"U1",
        "ExportID": b"INVENTED",
    }
    cells |= _races(people.race, version, rng)
    cells |= _genders(people.gender, version, rng)
    return cells | _service(people, rng)


def _numbers_nobody_has(many: int, has: NDArray[np.bool_], rng: np.random.Generator) -> Field:
    numbers = key("666", rng.integers(0, 1_000_000, many), digits=6)
    texts = np.append(numbers.texts, np.array([b""], numbers.texts.dtype))
    return Field(texts, np.where(has, numbers.index, -1).astype(np.int32))


def _races(race: NDArray[np.int32], version: str, rng: np.random.Generator) -> dict[str, Cell]:
    many = len(race)
    flags = np.zeros((many, len(_FLAGS)), np.int32)
    single = race < len(_FLAGS)
    flags[np.flatnonzero(single), race[single]] = 1
    several = np.flatnonzero(race == len(_FLAGS))
    pair = np.array(_TWO)[rng.integers(0, len(_TWO), len(several))]
    for side in (0, 1):
        flags[several, pair[:, side]] = 1
    names = [name if version == "FY2024" else name.replace("Latinaeo", "Latinao") for name in _FLAGS]
    cells: dict[str, Cell] = {name: number(flags[:, place]) for place, name in enumerate(names)}
    unknown = race == len(_FLAGS) + 1
    return cells | {"RaceNone": number(np.where(unknown, rng.choice((8, 9, 99), many), -1))}


def _genders(gender: NDArray[np.int32], version: str, rng: np.random.Generator) -> dict[str, Cell]:
    """gender: codes of vocabulary.VALUES. FY2026 asks for sex alone: there "another" was not collected."""
    if version == "FY2026":
        return {"Sex": number(np.array([0, 1, 99, 99])[gender])}
    cells: dict[str, Cell] = {
        "Woman": number(gender == 0),
        "Man": number(gender == 1),
    }
    another = np.where(gender == 2, rng.choice(len(_ANOTHER), len(gender), p=_ANOTHER_SHARES), -1)
    cells |= {name: number(another == place) for place, name in enumerate(_ANOTHER)}
    return cells | {"GenderNone": number(np.where(gender == 3, 99, -1))}


def _service(people: People, rng: np.random.Generator) -> dict[str, Cell]:
    """Military service of veterans: years, branch, discharge; blank for everybody else."""
    many = len(people)
    veteran = people.veteran == 1
    year_of_birth = 1900 + people.birth / 365.2425
    entered = np.minimum((year_of_birth + 18 + rng.integers(0, 5, many)).astype(np.int64), 2022)
    entered = np.where(veteran, np.maximum(entered, 1941), -1)
    answers = {
        "YearEnteredService": entered,
        "YearSeparated": np.where(veteran, np.minimum(entered + rng.integers(1, 9, many), 2022), -1),
        "MilitaryBranch": np.where(veteran, rng.choice(_BRANCHES, many), -1),
        "DischargeStatus": np.where(veteran, rng.choice((1, 2, 4, 6), many, p=(0.7, 0.18, 0.05, 0.07)), -1),
    }
    return {name: number(values) for name, values in answers.items()}
