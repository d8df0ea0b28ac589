"""Every defect that real exports have, sprinkled over a sound one, one or two rows each.

Rows are only changed in place or added at the end of a file, so the line of each defect stays true.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from upwell.records.cases.synthetic.made import Sprinkled
from upwell.records.cases.synthetic.sheet import Sheets

Sprinkle = Callable[[Sheets], list[Sprinkled]]


def sprinkle(folder: Path, seed: int) -> tuple[Sprinkled, ...]:
    """Put every defect into the export in the folder, in place; what was put where. Same seed, same defects.

    Files are held in memory whole: meant for thousands of people, not for a million.
    """
    sheets = Sheets(folder, np.random.default_rng((seed, 6)))
    done = [defect for put in (*_IN_ROWS, *_IN_FILES) for defect in put(sheets)]
    sheets.save()
    (folder / "YouthEducationStatus.csv").unlink()
    (folder / "Event.csv").rename(folder / "EVENT.csv")
    whole = (("missing-file", "YouthEducationStatus.csv"), ("file-letter-case", "EVENT.csv"))
    return (*done, *(Sprinkled(kind, file, 0) for kind, file in whole))


def _set(kind: str, file: str, column: str, text: str) -> Sprinkle:
    """A defect that is one wrong text in one filled cell."""

    def put(sheets: Sheets) -> list[Sprinkled]:
        sheet = sheets[file]
        row = sheet.pick(lambda cells: cells[sheet.at(column)] != b"")
        sheet.rows[row][sheet.at(column)] = text.encode()
        return [sheet.told(kind, row)]

    return put


def _width(sheets: Sheets) -> list[Sprinkled]:
    wide, short = sheets["Enrollment"], sheets["HealthAndDV"]
    wide_row, short_row = wide.pick(), short.pick()
    wide.rows[wide_row].append(b"one too many")
    del short.rows[short_row][-4:]
    return [wide.told("row-too-wide", wide_row), short.told("row-too-short", short_row)]


def _same_key(sheets: Sheets) -> list[Sprinkled]:
    """A key twice, the later row updated later; and one deleted, then restored by a later row."""
    sheet = sheets["HealthAndDV"]
    told = []
    for kind, deleted in (("duplicate-key", b""), ("restored-row", b"2025-09-01 10:00:00")):
        row = sheet.pick()
        again = list(sheet.rows[row])
        again[sheet.at("DateUpdated")] = b"2025-09-30 12:00:00"
        sheet.rows[row][sheet.at("DateDeleted")] = deleted
        told.append(sheet.told(kind, sheet.add(again)))
    return told


def _deleted(sheets: Sheets) -> list[Sprinkled]:
    sheet = sheets["Disabilities"]
    row = sheet.pick()
    sheet.rows[row][sheet.at("DateDeleted")] = b"2025-09-01 10:00:00"
    return [sheet.told("deleted-row", row)]


def _orphan(sheets: Sheets) -> list[Sprinkled]:
    sheet = sheets["CurrentLivingSituation"]
    row = list(sheet.rows[sheet.pick()])
    row[sheet.at("CurrentLivingSitID")] = b"L-ORPHAN"
    row[sheet.at("EnrollmentID")] = b"E-NOBODY"
    return [sheet.told("orphan-row", sheet.add(row))]


def _exit_before_entry(sheets: Sheets) -> list[Sprinkled]:
    sheet = sheets["Exit"]
    row = sheet.pick()
    sheet.rows[row][sheet.at("ExitDate")] = b"2014-05-05"
    return [sheet.told("exit-before-entry", row)]


def _move_in_outside(sheets: Sheets) -> list[Sprinkled]:
    sheet = sheets["Enrollment"]
    head, moved = sheet.at("RelationshipToHoH"), sheet.at("MoveInDate")
    row = sheet.pick(lambda cells: cells[head] == b"1" and cells[moved] != b"")
    sheet.rows[row][moved] = b"2014-05-05"
    return [sheet.told("move-in-outside-the-stay", row)]


def _heads(sheets: Sheets) -> list[Sprinkled]:
    """Two heads in a household, a household without one, and a stay without a household."""
    sheet = sheets["Enrollment"]
    relation, household = sheet.at("RelationshipToHoH"), sheet.at("HouseholdID")
    members: dict[bytes, int] = {}
    for cells in sheet.rows:
        members[cells[household]] = members.get(cells[household], 0) + 1
    second = sheet.pick(lambda cells: cells[relation] == b"3")
    alone = sheet.pick(lambda cells: members[cells[household]] == 1)
    blank = sheet.pick(lambda cells: members[cells[household]] == 1)
    sheet.rows[second][relation] = b"1"
    sheet.rows[alone][relation] = b"5"
    sheet.rows[blank][household] = b""
    kinds = (("two-heads", second), ("no-head", alone), ("blank-household", blank))
    return [sheet.told(kind, row) for kind, row in kinds]


def _overlaps(sheets: Sheets) -> list[Sprinkled]:
    """A person at two shelters at once, and a person entered twice in the same project on the same day."""
    sheet = sheets["Enrollment"]
    shelters = {b"P00000000": b"P00000001", b"P00000001": b"P00000000"}
    told = []
    for kind in ("overlapping-stays", "same-entry-twice"):
        row = sheet.pick(lambda cells: cells[sheet.at("ProjectID")] in shelters)
        again = list(sheet.rows[row])
        again[sheet.at("EnrollmentID")] = f"E-{kind}".encode()
        again[sheet.at("HouseholdID")] = f"H-{kind}".encode()
        again[sheet.at("RelationshipToHoH")] = b"1"
        if kind == "overlapping-stays":
            again[sheet.at("ProjectID")] = shelters[again[sheet.at("ProjectID")]]
        told.append(sheet.told(kind, sheet.add(again)))
    return told


def _income(sheets: Sheets) -> list[Sprinkled]:
    """A total that differs from its parts, and an income that comes from nowhere."""
    sheet = sheets["IncomeBenefits"]
    some, total = sheet.at("IncomeFromAnySource"), sheet.at("TotalMonthlyIncome")
    differs = sheet.pick(lambda cells: cells[some] == b"1")
    nowhere = sheet.pick(lambda cells: cells[some] == b"0")
    sheet.rows[differs][total] = b"9999.00"
    sheet.rows[nowhere][some] = b"1"
    return [sheet.told("total-differs", differs), sheet.told("income-without-source", nowhere)]


def _names(sheets: Sheets) -> list[Sprinkled]:
    """A test client, a name in the letters of another encoding, and a name in too many quotes."""
    sheet = sheets["Client"]
    first, last = sheet.at("FirstName"), sheet.at("LastName")
    test, foreign, quoted = sheet.pick(), sheet.pick(), sheet.pick()
    sheet.rows[test][first] = sheet.rows[test][last] = b"Test"
    sheet.rows[foreign][first] = "Zoé-Invented".encode("cp1252")
    sheet.rows[quoted][last] = b'""""Invented""""'
    return [sheet.told("test-client", test), sheet.told("not-utf-8", foreign), sheet.told("wrong-quotes", quoted)]


def _columns(sheets: Sheets) -> list[Sprinkled]:
    """A header in other letters, a column that HUD does not know, a no-break space behind a name."""
    cased, more, spaced = sheets["ProjectCoC"], sheets["Funder"], sheets["Inventory"]
    cased.header[cased.at("ZIP")] = b"Zip"
    more.header.append(b"ExtraColumn")
    for cells in more.rows:
        cells.append(b"")
    spaced.header[spaced.at("ProjectID")] = "ProjectID\u00a0".encode()
    return [cased.told("column-letter-case"), more.told("unknown-column"), spaced.told("column-no-break-space")]


def _file_ends(sheets: Sheets) -> list[Sprinkled]:
    """A byte order mark, mixed line ends, and no line end after the last row."""
    marked, mixed, open_ended = sheets["Organization"], sheets["EmploymentEducation"], sheets["Services"]
    marked.header[0] = b"\xef\xbb\xbf" + marked.header[0]
    for cells in mixed.rows[:: max(1, len(mixed.rows) // 5)]:
        cells[-1] += b"\r"
    open_ended.final_line_end = False
    return [
        marked.told("byte-order-mark"),
        mixed.told("mixed-line-ends"),
        open_ended.told("no-final-line-end"),
    ]


_IN_ROWS: tuple[Sprinkle, ...] = (
    _heads,  # first: they need rows that nothing else has touched
    _overlaps,
    _move_in_outside,
    _income,
    _names,
    _same_key,
    _exit_before_entry,
    _set("code-off-list", "Enrollment", "LivingSituation", "555"),
    _set("no-break-space-in-code", "Enrollment", "LengthOfStay", "2\u00a0"),
    _set("datetime-for-date", "Enrollment", "EntryDate", "2024-01-05 00:00:00"),
    _set("coc-not-of-the-project", "Enrollment", "EnrollmentCoC", "XX-999"),
    _set("birth-after-entry", "Client", "DOB", "2025-09-29"),
    _set("over-100", "Client", "DOB", "1905-01-01"),
    _set("ambiguous-date", "IncomeBenefits", "InformationDate", "03/04/2024"),
    _set("impossible-date", "EmploymentEducation", "InformationDate", "2024-02-30"),
    _set("two-digit-year", "HealthAndDV", "InformationDate", "7/14/24"),
    _set("future-date", "Services", "DateProvided", "2035-01-01"),
    _set("not-a-number", "Disabilities", "DisabilityResponse", "yes"),
    _deleted,
    _orphan,
    _width,
)
_IN_FILES: tuple[Sprinkle, ...] = (_columns, _file_ends)
