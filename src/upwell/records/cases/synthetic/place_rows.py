"""The files about the county itself: Export, Organization, User, Project and what hangs on a project."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from upwell.records.cases.synthetic.county import Project
from upwell.records.cases.synthetic.lines import FIRST_DAY, KEY_DIGITS
from upwell.records.cases.synthetic.made import County

Row = Mapping[str, object]
_WITH_BEDS = (0, 1, 2, 3, 13)  # project types (HUD 2.02.6)
_BEGAN = "2015-01-01"  # of every project: long before any period


def place_rows(county: County) -> Mapping[str, Sequence[Row]]:
    """File name -> rows, for every file that is about places and not about people."""
    projects = [(number, f"P{number:0{KEY_DIGITS}d}", project) for number, project in enumerate(county.places.projects)]
    audit = _audit()
    per_project = {
        "Project": _project,
        "Funder": _funder,
        "HMISParticipation": _participation,
        "CEParticipation": _coordinated_entry,
    }
    files: dict[str, Sequence[Row]] = {
        name: [made(number, key, project) | audit for number, key, project in projects]
        for name, made in per_project.items()
    }
    files["Inventory"] = [
        _inventory(county, number, key, project) | audit
        for number, key, project in projects
        if project.type in _WITH_BEDS
    ]
    files["ProjectCoC"] = [_coc(county, number, key, project) | audit for number, key, project in projects]
    invented = {"UserID": "U1", "UserFirstName": "Invented", "UserLastName": "Worker"}
    return files | {
        "Export": [_export(county)],
        "Organization": [
            _organization(county, number, name) | audit for number, name in enumerate(county.places.agencies)
        ],
        "User": [invented | {column: value for column, value in audit.items() if column != "UserID"}],
        "Affiliation": [],
        "AssessmentQuestions": [],
    }


def _organization(county: County, number: int, name: str) -> dict[str, object]:
    victims = county.places.victim_provider and number == len(county.places.agencies) - 1
    return {
        "OrganizationID": f"O{number}",
        "OrganizationName": name,
        "VictimServiceProvider": int(victims),
        "OrganizationCommonName": name,
    }


def _project(number: int, key: str, project: Project) -> dict[str, object]:
    return {
        "ProjectID": key,
        "OrganizationID": f"O{project.agency}",
        "ProjectName": project.name,
        "ProjectCommonName": project.name,
        "OperatingStartDate": _BEGAN,
        "ContinuumProject": 1,
        "ProjectType": project.type,
        "HousingType": project.housing if project.housing > 0 else "",
        "RRHSubType": 2 if project.type == 13 else "",
        "TargetPopulation": 4,
    }


def _funder(number: int, key: str, project: Project) -> dict[str, object]:
    return {
        "FunderID": f"F{number}",
        "ProjectID": key,
        "Funder": project.funder,
        "OtherFunder": "Invented County" if project.funder == 46 else "",
        "GrantID": f"G{number}",
        "StartDate": _BEGAN,
    }


def _coc(county: County, number: int, key: str, project: Project) -> dict[str, object]:
    town = int(county.places.town_of[number])
    return {
        "ProjectCoCID": f"C{number}",
        "ProjectID": key,
        "CoCCode": county.places.coc,
        "Geocode": f"99{town:04d}",
        "City": project.town,
        "State": "XX",
        "ZIP": county.places.towns[town].zip,
        "GeographyType": 1 + town % 3,
    }


def _inventory(county: County, number: int, key: str, project: Project) -> dict[str, object]:
    shelter = project.type in (0, 1)
    return {
        "InventoryID": f"B{number}",
        "ProjectID": key,
        "CoCCode": county.places.coc,
        "HouseholdType": 1,
        "Availability": 1 if shelter else "",
        "UnitInventory": 40,
        "BedInventory": 40,
        "OtherBedInventory": 40,
        "ESBedType": 1 if shelter else "",
        "InventoryStartDate": _BEGAN,
    }


def _participation(number: int, key: str, project: Project) -> dict[str, object]:
    return {
        "HMISParticipationID": f"M{number}",
        "ProjectID": key,
        "HMISParticipationType": 1,
        "HMISParticipationStatusStartDate": _BEGAN,
    }


def _coordinated_entry(number: int, key: str, project: Project) -> dict[str, object]:
    access = project.type == 14
    offers = ("PreventionAssessment", "CrisisAssessment", "HousingAssessment", "DirectServices")
    return {
        "CEParticipationID": f"N{number}",
        "ProjectID": key,
        "AccessPoint": int(access),
        **dict.fromkeys(offers, 1 if access else ""),
        "ReceivesReferrals": int(not access),
        "CEParticipationStatusStartDate": _BEGAN,
    }


def _audit() -> dict[str, object]:
    recorded = f"{_BEGAN} 09:00:00"
    return {"DateCreated": recorded, "DateUpdated": recorded, "UserID": "U1", "ExportID": "INVENTED"}


def _export(county: County) -> Row:
    first, last = ((FIRST_DAY + timedelta(days=day)).isoformat() for day in county.period)
    return {
        "ExportID": "INVENTED",
        "SourceType": 1,
        "SourceID": county.places.coc,
        "SourceName": "Invented County",
        "ExportDate": f"{last} 23:00:00",
        "ExportStartDate": first,
        "ExportEndDate": last,
        "SoftwareName": "Upwell, invented county",
        "SoftwareVersion": "1",
        "CSVVersion": f"{county.version[2:]} v1",
        "ExportPeriodType": 3,
        "ExportDirective": 2,
        "HashStatus": 1,
        "ImplementationID": f"invented-county-{county.seed}",
    }


def as_csv(header: Sequence[str], rows: Sequence[Row]) -> bytes:
    """A small file whole, quoted where needed, LF line ends."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_in_order(rows))
    return text.getvalue().encode()


def _in_order(rows: Sequence[Row]) -> Iterator[dict[str, object]]:
    yield from (dict(row) for row in rows)
