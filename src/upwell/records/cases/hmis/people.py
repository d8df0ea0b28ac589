"""Who has an open stay in an HMIS export, by name: for bringing a caseload into the case side, and for nothing else.

The reader that counts (read.py) keeps no identity. Here its judgement of the rows is taken - which stand, which were
set aside and why - and the names of the rows that stand are read once more from Client.csv, by their lines.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any  # DuckDB's rows carry no types; they end in this module

from upwell.records.cases.hmis.read import Loaded, Progress, load
from upwell.records.cases.hmis.rows import INVISIBLE, column_key, rewritten, row_pass
from upwell.records.cases.hmis.source import find
from upwell.records.cases.hmis.spec_load import YEARS, aliases, spec
from upwell.records.cases.hmis.typed import DateOrder
from upwell.records.cases.problems import Quality
from upwell.records.cases.rules import RULES
from upwell.records.errors import UnreadableError

PLACES_NAMED = 10
"""Lines named for each rule and file; the rest is a number."""
_LOST = frozenset({"quarantine", "delete", "supersede"})
_FILES = frozenset({"Export.csv", "Organization.csv", "Project.csv", "Client.csv", "Enrollment.csv", "Exit.csv"})
_NOT_HASHED = 1
_BLANKS = " \t\r\n" + INVISIBLE
_RELATIONS = {1: "head", 2: "child", 3: "partner", 4: "relative", 5: "other"}
_WANTED = ("PersonalID", "FirstName", "LastName", "DOB", "DOBDataQuality")


@dataclass(frozen=True)
class Stay:
    """One open stay. source, household: keyed digests, household "" alone. city, state: of the project, "" unknown.

    relation: to the head of the household: "head", "child", "partner", "relative", "other" or "".
    """

    source: str
    programme: str
    city: str
    state: str
    entered_on: date
    household: str
    relation: str


@dataclass(frozen=True)
class Someone:
    """A person with at least one open stay. source: keyed digest of their id. birth_date: ISO, "" when not whole.

    language: ISO 639-1, "" where the export says none that the application speaks.
    """

    source: str
    first_name: str
    last_name: str
    birth_date: str
    language: str
    stays: tuple[Stay, ...]


@dataclass(frozen=True)
class SetAside:
    """Rows that were set aside by one rule in one file. lines: the first few; 0 means the file as a whole."""

    rule: str
    file: str
    rows: int
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Arrivals:
    """A caseload that could come in. ended: persons all of whose stays have ended. twice: stays that stand twice.

    tests: records of test clients. other_languages: persons whose language the application does not speak.
    """

    people: tuple[Someone, ...]
    exported_by: str
    format: str
    until: date
    snapshot: str
    ended: int
    twice: int
    tests: int
    other_languages: int
    victim_provider_rows: int
    set_aside: tuple[SetAside, ...]


STAYS = """
WITH place AS (
    SELECT ProjectID, first(trim(City) ORDER BY DateUpdated DESC, City) AS city,
           first(trim(State) ORDER BY DateUpdated DESC, City) AS state
    FROM ProjectCoC GROUP BY ProjectID HAVING count(DISTINCT lower(trim(City))) = 1)
SELECT c.line, e.EnrollmentID, e.EntryDate, trim(p.ProjectName), place.city, place.state, e.HouseholdID,
       e.RelationshipToHoH, e.PreferredLanguage,
       row_number() OVER (PARTITION BY e.person, e.ProjectID, e.EntryDate
                          ORDER BY e.DateUpdated DESC NULLS LAST, e.EnrollmentID) AS copy
FROM Enrollment e JOIN Client c ON c.person = e.person
LEFT JOIN Project p ON p.ProjectID = e.ProjectID LEFT JOIN place ON place.ProjectID = e.ProjectID
WHERE NOT c.test_client AND NOT EXISTS (SELECT 1 FROM Exit x WHERE x.EnrollmentID = e.EnrollmentID)
ORDER BY c.line, e.EntryDate, e.EnrollmentID
"""
"""One row an open stay of a real client: the line of its Client row, its own id, and what a case needs of it."""

COUNTS = """
SELECT count(DISTINCT person) FILTER (NOT test_client AND stays > 0 AND open = 0), count(*) FILTER (test_client)
FROM (SELECT c.person, c.test_client, count(e.EnrollmentID) AS stays,
             count(e.EnrollmentID) FILTER (x.EnrollmentID IS NULL) AS open
      FROM Client c LEFT JOIN Enrollment e ON e.person = c.person
      LEFT JOIN (SELECT DISTINCT EnrollmentID FROM Exit) x ON x.EnrollmentID = e.EnrollmentID
      GROUP BY c.person, c.test_client)
"""
"""One row: persons all of whose stays have ended, and test clients."""


def read(path: Path, *, key: bytes, work: Path, dates: DateOrder = "iso", progress: Progress | None = None) -> Arrivals:
    """Everybody with an open stay, by name. path: zip or folder. work: private folder; files put there are removed.

    key: the agency's secret, 16 to 64 bytes: the same key gives the same digests to the same persons and stays.
    Rows of victim service providers never come in. Raises UnreadableError, a sentence, when nothing can be read, and
    when the names are hashed.
    """
    loaded = load(path, key=key, dates=dates, work=work, progress=progress)
    try:
        _check_names(loaded)
        found = loaded.engine.execute(STAYS).fetchall()
        ended, tests = loaded.engine.execute(COUNTS).fetchall()[0]
        set_aside = tuple(_set_aside(loaded.quality))
    finally:
        loaded.engine.close()
    named = _Named(path, work, {row[0] for row in found}, dates)
    digest = _Digest(key, loaded.source_id)
    people, others = _people(found, named.rows(), digest)
    return Arrivals(
        people=people,
        exported_by=loaded.source,
        format=loaded.format,
        until=loaded.period[1],
        snapshot=loaded.snapshot,
        ended=ended,
        twice=sum(row[-1] > 1 for row in found),
        tests=tests,
        other_languages=others,
        victim_provider_rows=loaded.victim_provider_rows,
        set_aside=set_aside,
    )


@dataclass(frozen=True)
class _Digest:
    key: bytes
    source_id: str

    def of(self, kind: str, text: str) -> str:
        """Keyed digest of one id; says nothing about it to anybody without the key."""
        message = "\x1f".join((kind, self.source_id, text)).encode()
        return hmac.new(self.key, message, hashlib.sha256).hexdigest()


def _check_names(loaded: Loaded) -> None:
    (status,) = loaded.engine.execute('SELECT max("HashStatus") FROM "Export"').fetchall()[0]
    if status not in (None, _NOT_HASHED):
        raise UnreadableError(
            "The names in this export are hashed, so nobody could find their clients again. Export it once more "
            "without hashing."
        )


def _people(
    found: list[tuple[Any, ...]], named: dict[int, tuple[str, ...]], digest: _Digest
) -> tuple[tuple[Someone, ...], int]:
    """Persons with their stays, and how many speak a language that the application does not."""
    stays: dict[int, list[Stay]] = {}
    spoken: dict[int, set[int]] = {}
    for line, enrollment, entered, programme, city, state, household, relation, language, copy in found:
        if copy != 1 or line not in named:
            continue
        stay = Stay(
            source=digest.of("stay", str(enrollment)),
            programme=str(programme or ""),
            city=str(city or ""),
            state=str(state or ""),
            entered_on=entered,
            household=digest.of("household", str(household)) if household else "",
            relation=_RELATIONS.get(relation, ""),
        )
        stays.setdefault(line, []).append(stay)
        if language:
            spoken.setdefault(line, set()).add(language)
    people, others = [], 0
    for line, theirs in stays.items():
        personal, first, last, born = named[line]
        known = sorted({languages()[code] for code in spoken.get(line, ()) if code in languages()})
        others += bool(spoken.get(line)) and not known
        language = known[0] if len(known) == 1 else ""
        people.append(Someone(digest.of("person", personal), first, last, born, language, tuple(theirs)))
    return tuple(people), others


@cache
def languages() -> dict[int, str]:
    """HMIS code -> language that the application speaks."""
    table = tomllib.loads(resources.files(__package__).joinpath("languages.toml").read_text("utf-8"))
    return {int(code): language for code, language in table["codes"].items()}


@dataclass(frozen=True)
class _Named:
    """Client.csv once more, for the lines that stand."""

    path: Path
    work: Path
    lines: set[int]
    dates: DateOrder

    def rows(self) -> dict[int, tuple[str, ...]]:
        """Line -> (personal id, first name, last name, birth date)."""
        if not self.lines:
            return {}
        copy, spare = self.work / "names.csv", self.work / "names.clean.csv"
        source = find(self.path, {name for year in YEARS for name in spec(year).files})
        folder = self.path.is_dir()
        try:
            with source.opened("Client") as stream:
                own = self.path / source.members["Client"] if folder else copy
                found = row_pass(stream, own, copy=not folder, spare=spare)
            found = found if found.proof == "cleaned" else rewritten(found, spare)
            return dict(self._read(found.path, found.header))
        finally:
            copy.unlink(missing_ok=True)
            spare.unlink(missing_ok=True)

    def _read(self, path: Path, header: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
        places: dict[str, int] = {}
        for place, text in enumerate(header, start=1):  # the first cell is the line
            places.setdefault(aliases().get(("Client", column_key(text)), text), place)
        with path.open(encoding="utf-8", newline="") as rows:
            for cells in csv.reader(rows):
                if (line := int(cells[0])) in self.lines:
                    values = [cells[places[name]].strip(_BLANKS) if name in places else "" for name in _WANTED]
                    personal, first, last, born, quality = values
                    yield line, (personal, first, last, _birth_date(born, quality, self.dates))


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_DECLARED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: .*)?")


def _birth_date(text: str, quality: str, dates: DateOrder) -> str:
    """The whole birth date as ISO; "" where it is partial, unknown, refused, impossible or in an undeclared order."""
    if quality.removesuffix(".0") not in {"", "1", "99"}:
        return ""
    if iso := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in iso.groups())
    elif dates != "iso" and (other := _DECLARED.fullmatch(text)):
        first, second, year = (int(part) for part in other.groups())
        month, day = (first, second) if dates == "mdy" else (second, first)
    else:
        return ""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _set_aside(quality: Quality) -> Iterator[SetAside]:
    """What cost rows or answers, rule by rule and file by file, the most frequent first."""
    lines: dict[tuple[str, str], list[int]] = {}
    for place in quality.located.sample(PLACES_NAMED):
        lines.setdefault((place.rule, place.file), []).append(place.line)
    times: dict[tuple[str, str], int] = {}
    for (rule, file, _), count in quality.times.items():
        if file in _FILES and (RULES[rule].effect in _LOST or RULES[rule].severity == "error"):
            times[rule, file] = times.get((rule, file), 0) + count
    for (rule, file), count in sorted(times.items(), key=lambda each: (-each[1], each[0])):
        yield SetAside(rule, file, count, tuple(sorted(lines.get((rule, file), ()))[:PLACES_NAMED]))
