"""A loaded export in small: the tables that `read.load` promises, with rows that a test names and defaults elsewhere.

    export(
        stays=[{"person": 1, "LivingSituation": 207}],
        Exit=[{"EnrollmentID": "e0", "ExitDate": date(2024, 5, 1), "Destination": 116}],
    )

Stays get EnrollmentID e0, e1, ...; their project and person get rows of their own unless the test gives them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import duckdb

INT, TEXT, DATE, STAMP, BOOL = "INTEGER", "VARCHAR", "DATE", "TIMESTAMP", "BOOLEAN"

BENEFITS = "BenefitsFromAnySource SNAP WIC TANFChildCare TANFTransportation OtherTANF OtherBenefitsSource"
INSURANCE = (
    "InsuranceFromAnySource Medicaid NoMedicaidReason Medicare NoMedicareReason SCHIP NoSCHIPReason VHAServices "
    "NoVHAReason EmployerProvided NoEmployerProvidedReason COBRA NoCOBRAReason PrivatePay NoPrivatePayReason "
    "StateHealthIns NoStateHealthInsReason IndianHealthServices NoIndianHealthServicesReason"
)
RECORDED = {"DateUpdated": STAMP}


def _ints(names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), INT)


def _repeated(key: str, ints: dict[str, str]) -> dict[str, str]:
    return {key: TEXT, "EnrollmentID": TEXT, "InformationDate": DATE, "DataCollectionStage": INT, **ints, **RECORDED}


TABLES: dict[str, dict[str, str]] = {
    "Client": {
        "person": "BIGINT",
        "test_client": BOOL,
        **_ints(
            "AmIndAKNative Asian BlackAfAmerican HispanicLatinao MidEastNAfrican NativeHIPacific White RaceNone "
            "Woman Man NonBinary CulturallySpecific Transgender Questioning DifferentIdentity GenderNone Sex "
            "VeteranStatus"
        ),
    },
    "Enrollment": {
        "EnrollmentID": TEXT,
        "person": "BIGINT",
        "ProjectID": TEXT,
        "EntryDate": DATE,
        "household": TEXT,
        "EnrollmentCoC": TEXT,
        "DateToStreetESSH": DATE,
        "MoveInDate": DATE,
        "dates_ok": BOOL,
        **_ints(
            "RelationshipToHoH LivingSituation LengthOfStay LOSUnderThreshold PreviousStreetESSH DisablingCondition "
            "TimesHomelessPastThreeYears MonthsHomelessPastThreeYears age_at_entry age_in_period"
        ),
        **RECORDED,
    },
    "Exit": {"EnrollmentID": TEXT, "ExitDate": DATE, "Destination": INT, **RECORDED},
    "Project": {"ProjectID": TEXT, "OrganizationID": TEXT, "ProjectName": TEXT, "ProjectType": INT},
    "Organization": {"OrganizationID": TEXT, "OrganizationName": TEXT},
    "ProjectCoC": {"ProjectID": TEXT, "CoCCode": TEXT, "City": TEXT, "ZIP": TEXT, "DateUpdated": STAMP},
    "IncomeBenefits": _repeated("IncomeBenefitsID", _ints(f"IncomeFromAnySource {BENEFITS} {INSURANCE}")),
    "HealthAndDV": _repeated("HealthAndDVID", {"DomesticViolenceSurvivor": INT}),
    "EmploymentEducation": _repeated("EmploymentEducationID", _ints("Employed NotEmployedReason")),
    "Event": {
        "EventID": TEXT,
        "EnrollmentID": TEXT,
        "EventDate": DATE,
        "Event": INT,
        "ReferralResult": INT,
        "ResultDate": DATE,
        **RECORDED,
    },
}

PERIOD = (date(2023, 10, 1), date(2025, 9, 30))
EVERYTHING = frozenset((table, column) for table, columns in TABLES.items() for column in columns)


@dataclass(frozen=True)
class Loaded:
    """What case_table asks of read.Loaded."""

    engine: duckdb.DuckDBPyConnection
    period: tuple[date, date] = PERIOD
    source: str = "an invented county"
    source_id: str = "source"
    snapshot: str = "snapshot"
    collected: frozenset[tuple[str, str]] = field(default=EVERYTHING)


def stay(number: int, values: dict[str, Any]) -> dict[str, Any]:
    """One Enrollment row: an adult alone who enters shelter on the second of November 2023, unless said otherwise."""
    defaults = {
        "EnrollmentID": f"e{number}",
        "person": number,
        "ProjectID": "shelter",
        "EntryDate": date(2023, 11, 2),
        "household": f"h{values.get('EnrollmentID', f'e{number}')}",
        "RelationshipToHoH": 1,
        "LivingSituation": 116,
        "age_at_entry": 40,
        "dates_ok": True,
        "DateUpdated": datetime(2023, 11, 2, 9, 0),
    }
    return {"age_in_period": values.get("age_at_entry", 40), **defaults, **values}


def projects() -> list[dict[str, Any]]:
    """One project of each kind that the questions tell apart, run by two agencies."""
    kinds = {
        "shelter": 0,
        "outreach": 4,
        "transitional": 2,
        "supportive": 3,
        "rapid": 13,
        "prevention": 12,
        "entry": 14,
    }
    return [
        {"ProjectID": name, "OrganizationID": f"o{kind % 2}", "ProjectName": f"The {name} house", "ProjectType": kind}
        for name, kind in kinds.items()
    ]


def export(
    stays: list[dict[str, Any]], *, period: tuple[date, date] = PERIOD, without: tuple[str, ...] = (), **tables: Any
) -> Loaded:
    """A loaded export. tables: rows of other files by name. without: "File.column" names that were not collected."""
    enrollments = [stay(number, values) for number, values in enumerate(stays)]
    rows: dict[str, list[dict[str, Any]]] = {
        "Client": [{"person": person} for person in sorted({row["person"] for row in enrollments})],
        "Project": projects(),
        "Organization": [{"OrganizationID": f"o{n}", "OrganizationName": f"Agency {n}"} for n in (0, 1)],
        **tables,
        "Enrollment": enrollments,
    }
    engine = duckdb.connect()
    engine.execute("SET threads = 1")
    for name, columns in TABLES.items():
        _fill(engine, name, columns, rows.get(name, []))
    absent = frozenset(tuple(name.split(".")) for name in without)
    return Loaded(engine, period=period, collected=EVERYTHING - absent)


def _fill(engine: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], rows: list[dict[str, Any]]) -> None:
    engine.execute(f"CREATE TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})")
    if rows:
        unknown = {key for row in rows for key in row} - set(columns)
        assert not unknown, f"{name} has no {unknown}"
        # Whole columns at once: DuckDB takes row after row slowly.
        told = ", ".join(f"unnest(?::{kind}[])" for kind in columns.values())
        engine.execute(f"INSERT INTO {name} SELECT {told}", [[row.get(column) for row in rows] for column in columns])
