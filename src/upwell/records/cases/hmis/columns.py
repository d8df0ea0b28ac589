"""What is known about a person at a stay, as columns of small codes: their words, their order, how each may be used.

A code's place is fixed by this file where the answers are fixed, and by frequency, then words, where the export names
them (programmes, agencies, places). The last value of a column is the unknown one, a row of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from upwell.records.cases.evenness import is_even
from upwell.records.cases.table import Column, Kind, Value

MOST_VALUES = 64
MOST_COLUMNS = 16
LEAST_KNOWN_SHARE = 0.1  # a column known for less of the stays in the period is left out: "mostly missing"
EVEN_WARNING = (
    "The answers are spread evenly, as random codes are; read nothing into this column before its entry is checked."
)


@dataclass(frozen=True)
class Coded:
    """A column whose answers HUD fixes. cases: (key, words, SQL over the episode table), the first that holds counts.

    code: the SQL of HUD's raw code, where evenness over codes would be suspicious; "" elsewhere.
    """

    name: str
    words: str
    cases: tuple[tuple[str, str, str], ...]
    unknown: str
    kind: Kind = "nominal"
    sensitive: bool = False
    service: bool = False
    phrase: str = "{}"
    tabled: bool = True  # False: searched, and named where a finding needs it, but no table of every question by it
    code: str = ""
    not_asked: tuple[str, str, str] | None = None  # an unknown value of its own, e.g. a question not put to children


@dataclass(frozen=True)
class Named:
    """A column whose values the export names itself: `text` is a column of the episode table."""

    name: str
    words: str
    text: str
    unknown: str
    other: str
    kind: Kind = "nominal"
    composition: bool = False
    programme: bool = False
    phrase: str = "at {}"


Rule = Coded | Named

RULES: tuple[Rule, ...] = (
    Named("place", "where help was sought", "place", "place not known", "other places", kind="place", phrase="in {}"),
    Named("project", "programme", "project", "programme not named", "other programmes", programme=True),
    Named("agency", "agency", "agency_name", "agency not named", "other agencies"),
    Coded(
        "project_type",
        "kind of programme",
        (
            ("emergency-shelter", "in emergency shelter", "project_type IN (0, 1)"),
            ("street-outreach", "met by street outreach", "project_type = 4"),
            ("transitional", "in transitional housing", "project_type = 2"),
            ("safe-haven", "in a safe haven", "project_type = 8"),
            ("day-shelter", "in a day shelter", "project_type = 11"),
            ("rapid-rehousing", "in rapid re-housing", "project_type = 13"),
            ("supportive-housing", "in permanent supportive housing", "project_type = 3"),
            ("other-permanent", "in other permanent housing", "project_type IN (9, 10)"),
            ("prevention", "in homelessness prevention", "project_type = 12"),
            ("coordinated-entry", "in coordinated entry", "project_type = 14"),
            ("services", "in other services", "project_type IN (6, 7)"),
        ),
        "kind of programme not known",
        service=True,
    ),
    Coded(
        "age",
        "age at entry",
        (
            ("under-18", "under 18", "age < 18"),
            ("18-24", "aged 18 to 24", "age < 25"),
            ("25-34", "aged 25 to 34", "age < 35"),
            ("35-44", "aged 35 to 44", "age < 45"),
            ("45-54", "aged 45 to 54", "age < 55"),
            ("55-64", "aged 55 to 64", "age < 65"),
            ("65-up", "aged 65 or over", "age >= 65"),
        ),
        "age not known",
        kind="ordinal",
    ),
    Coded(
        "gender",
        "gender",
        (
            ("women", "women and girls", "genders = 1 AND woman"),
            ("men", "men and boys", "genders = 1 AND man"),
            ("another", "people of another gender, or of more than one", "genders >= 1 OR transgender"),
        ),
        "gender not known",
        phrase="who are {}",
    ),
    Coded(
        "sex",
        "sex",
        (("female", "women and girls", "sex = 0"), ("male", "men and boys", "sex = 1")),
        "sex not known",
        phrase="who are {}",
    ),
    Coded(
        "race",
        "race and ethnicity",
        (
            ("more-than-one", "people of more than one race or ethnicity", "races > 1"),
            ("indigenous", "American Indian, Alaska Native or Indigenous people", "race = 1"),
            ("asian", "Asian or Asian American people", "race = 2"),
            ("black", "Black, African American or African people", "race = 3"),
            ("hispanic", "Hispanic, Latina or Latino people", "race = 4"),
            ("middle-eastern", "Middle Eastern or North African people", "race = 5"),
            ("pacific", "Native Hawaiian or Pacific Islander people", "race = 6"),
            ("white", "white people", "race = 7"),
        ),
        "race and ethnicity not known",
        phrase="who are {}",
    ),
    Coded(
        "household_type",
        "household",
        (
            ("without-children", "in households without children", "home_type = 0"),
            ("with-children", "in households with adults and children", "home_type = 1"),
            ("only-children", "in households with only children", "home_type = 2"),
        ),
        "household not known",
    ),
    Coded(
        "veteran",
        "veteran status",
        (
            ("yes", "veterans", "age >= 18 AND veteran = 1"),
            ("no", "people who are not veterans", "age >= 18 AND veteran = 0"),
        ),
        "veteran status not known",
        phrase="who are {}",
        not_asked=("child", "under 18, not asked about service", "age < 18"),
    ),
    Coded(
        "disabling",
        "disabling condition",
        (
            ("yes", "with a disabling condition", "disabling = 1"),
            ("no", "without a disabling condition", "disabling = 0"),
        ),
        "disabling condition not known",
        sensitive=True,
    ),
    Coded(
        "prior_living",
        "where they stayed before",
        (
            ("homeless", "came from the street or a shelter", "living BETWEEN 100 AND 199"),
            ("institution", "came from an institution", "living BETWEEN 200 AND 299"),
            ("temporary", "came from a temporary place", "living BETWEEN 300 AND 399"),
            ("permanent", "came from a home of their own or their family's", "living BETWEEN 400 AND 499"),
            ("other", "came from another place", "living IN (17, 24)"),
        ),
        "place before not known",
        phrase="who {}",
        tabled=False,
        code="living",
    ),
    Coded(
        "stay_before",
        "length of stay before entry",
        (
            ("one-night", "one night", "stay_before = 10"),
            ("nights", "two to six nights", "stay_before = 11"),
            ("weeks", "a week to a month", "stay_before = 2"),
            ("to-90-days", "one to three months", "stay_before = 3"),
            ("to-a-year", "three months to a year", "stay_before = 4"),
            ("years", "a year or longer", "stay_before = 5"),
        ),
        "length of stay before not known",
        phrase="who had been where they were for {}",
        kind="ordinal",
        tabled=False,
        code="stay_before",
    ),
    Coded(
        "times_homeless",
        "times homeless in three years",
        (
            ("1", "homeless once in three years", "times_homeless = 1"),
            ("2", "homeless twice in three years", "times_homeless = 2"),
            ("3", "homeless three times in three years", "times_homeless = 3"),
            ("4", "homeless four times or more in three years", "times_homeless = 4"),
        ),
        "times homeless not known",
        kind="ordinal",
        tabled=False,
        code="times_homeless",
    ),
    Coded(
        "income",
        "income at entry",
        (("yes", "with some income", "money_entry.income = 1"), ("no", "without income", "money_entry.income = 0")),
        "income at entry not known",
        tabled=False,
    ),
    Coded(
        "insurance",
        "health insurance at entry",
        (
            ("yes", "with health insurance", "money_entry.insurance = 1"),
            ("no", "without health insurance", "money_entry.insurance = 0"),
        ),
        "health insurance not known",
        tabled=False,
    ),
)


@dataclass(frozen=True)
class CodedColumn:
    """A column with its code for every stay. codes: uint8, shape (stays,), in the order of the episode table."""

    column: Column
    codes: NDArray[np.uint8]


def code_columns(engine: DuckDBPyConnection, active: NDArray[np.bool_]) -> tuple[CodedColumn, ...]:
    """The columns this export can fill, at most 15 (time is the sixteenth).

    active: bool, shape (stays,), the stays in the period: they decide what is constant, mostly missing, or rare.
    """
    found = [_named(engine, rule, active) if isinstance(rule, Named) else _coded(engine, rule) for rule in RULES]
    kept = {column.column.name: column for column in found if _is_informative(column, active)}
    if "agency" in kept and "project" in kept and _is_renaming(kept["agency"].codes, kept["project"].codes):
        # Two columns with the same cells under other names would let each show what the other hides.
        del kept["agency"]
    return tuple(kept.values())[: MOST_COLUMNS - 1]


def _coded(engine: DuckDBPyConnection, rule: Coded) -> CodedColumn:
    """Codes by the first case that holds: known values, then "not asked" where there is one, then unknown."""
    not_asked = (rule.not_asked,) if rule.not_asked else ()
    known = _run_here(engine, rule) if rule.service else rule.cases
    cases = (*known, *not_asked)
    whens = " ".join(f"WHEN {when} THEN {code}" for code, (_, _, when) in enumerate(cases))
    codes = _fetch(engine, f"(CASE WHEN false THEN 0 {whens} ELSE {len(cases)} END)::UTINYINT")
    values = (
        *(Value(key, words) for key, words, _ in known),
        *(Value(key, words, known=False) for key, words, _ in not_asked),
        Value("unknown", rule.unknown, known=False),
    )
    warning = EVEN_WARNING if rule.code and is_even(_stays_by_code(engine, rule.code)) else ""
    column = Column(
        name=rule.name,
        words=rule.words,
        kind=rule.kind,
        values=values,
        service=rule.service,
        sensitive=rule.sensitive,
        tabled=rule.tabled,
        phrase=rule.phrase,
        warning=warning,
    )
    return CodedColumn(column, codes)


def _run_here(engine: DuckDBPyConnection, rule: Coded) -> tuple[tuple[str, str, str], ...]:
    """The kinds of service that have a stay in this export: everybody knows of the others that they have nobody."""
    there = ", ".join(f"coalesce(bool_or({when}), false)" for _, _, when in rule.cases)
    found = engine.execute(f"SELECT {there} FROM episode").fetchall()[0]
    return tuple(case for case, is_there in zip(rule.cases, found, strict=True) if is_there)


def _named(engine: DuckDBPyConnection, rule: Named, active: NDArray[np.bool_]) -> CodedColumn:
    """Codes by how many stays of the period bear a name, then by the name; what comes after 62 names is "other"."""
    engine.execute(f"""CREATE OR REPLACE TEMP TABLE names AS
        SELECT {rule.text} AS name, (row_number() OVER (ORDER BY {rule.text}) - 1)::INTEGER AS nth
        FROM episode WHERE {rule.text} <> '' GROUP BY {rule.text}""")
    names = [str(row[0]) for row in engine.execute("SELECT name FROM names ORDER BY nth").fetchall()]
    at = engine.execute(
        f"SELECT coalesce(nth, -1)::INTEGER AS nth FROM episode LEFT JOIN names ON name = {rule.text} ORDER BY episode"
    ).fetchnumpy()["nth"]
    engine.execute("DROP TABLE names")
    stays = np.bincount(at[active & (at >= 0)], minlength=len(names))
    order = np.argsort(-stays, kind="stable")
    shown = len(names) if len(names) < MOST_VALUES else MOST_VALUES - 2
    code_of = np.full(len(names) + 1, shown, dtype=np.uint8)
    code_of[order[:shown]] = np.arange(shown)
    folded = len(names) > shown
    code_of[-1] = shown + folded
    values = [
        Value(key, names[name]) for key, name in zip(_keys([names[at] for at in order]), order[:shown], strict=False)
    ]
    values += [Value("other", rule.other)] if folded else []
    values.append(Value("unknown", rule.unknown, known=False))
    column = Column(
        rule.name, rule.words, rule.kind, tuple(values), composition=rule.composition, programme=rule.programme,
        service=True, phrase=rule.phrase,
    )  # fmt: skip
    return CodedColumn(column, code_of[at])


def _keys(names: list[str]) -> list[str]:
    """A short stable key for each name; names that differ in signs only get a number."""
    keys: list[str] = []
    for name in names:
        slug = re.sub(r"[^0-9a-z]+", "-", name.casefold()).strip("-") or "unnamed"
        keys.append(slug if slug not in keys else f"{slug}-{len(keys)}")
    return keys


def _is_renaming(codes: NDArray[np.uint8], others: NDArray[np.uint8]) -> bool:
    """Whether each code of the one always goes with one code of the other, and the reverse."""
    pairs = len(np.unique(codes.astype(np.uint16) * 256 + others))
    return pairs == len(np.unique(codes)) == len(np.unique(others))


def _fetch(engine: DuckDBPyConnection, sql: str) -> NDArray[np.uint8]:
    found = engine.execute(f"SELECT {sql} AS code FROM episode ORDER BY episode").fetchnumpy()
    return np.ma.getdata(found["code"]).astype(np.uint8, copy=False)


def _is_informative(column: CodedColumn, active: NDArray[np.bool_]) -> bool:
    """Neither constant nor mostly missing among the stays of the period."""
    values = column.column.values
    stays = np.bincount(column.codes[active], minlength=len(values))
    known = stays[[value.known for value in values]]
    return bool((known > 0).sum() > 1 and known.sum() > LEAST_KNOWN_SHARE * stays.sum())


def _stays_by_code(engine: DuckDBPyConnection, code: str) -> NDArray[np.int64]:
    """Stays of each known code of HUD's, in no order."""
    known = f"{code} IS NOT NULL AND {code} NOT IN (8, 9, 99)"
    found = engine.execute(f"SELECT count(*) FROM episode WHERE {known} GROUP BY {code}").fetchall()
    return np.array(found, dtype=np.int64).ravel()
