"""The files about the county itself: Export, Organization, User, Project and what hangs on a project."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from upwell.records.cases.synthetic.lines import FIRST_DAY
from upwell.records.cases.synthetic.made import County

Row = Mapping[str, object]


def place_rows(county: County) -> Mapping[str, Sequence[Row]]:
    """File name -> rows, for every file that is about places and not about people."""
    projects = list(enumerate(county.places.projects))
    night_or_entry = (0, 1)
    return {
        "Export": [_export(county)],
        "Organization": [
            {"OrganizationID": f"O{number}", "OrganizationName": name, "OrganizationCommonName": name}
            | {
                "VictimServiceProvider": int(
                    county.places.victim_provider and number == len(county.places.agencies) - 1
                )
            }
            | _audit(county)
            for number, name in enumerate(county.places.agencies)
        ],
        "User": [{"UserID": "U1", "UserFirstName": "Invented", "UserLastName": "Worker"} | _audit(county, user=False)],
        "Project": [
            {
                "ProjectID": f"P{number:06d}",
                "OrganizationID": f"O{project.agency}",
                "ProjectName": project.name,
                "ProjectCommonName": project.name,
                "OperatingStartDate": "2015-01-01",
                "ContinuumProject": 1,
                "ProjectType": project.type,
                "HousingType": project.housing if project.housing > 0 else "",
                "RRHSubType": 2 if project.type == 13 else "",
                "TargetPopulation": 4,
            }
            | _audit(county)
            for number, project in projects
        ],
        "Funder": [
            {"FunderID": f"F{number}", "ProjectID": f"P{number:06d}", "Funder": project.funder, "GrantID": f"G{number}"}
            | {"OtherFunder": "Invented County" if project.funder == 46 else "", "StartDate": "2015-01-01"}
            | _audit(county)
            for number, project in projects
        ],
        "ProjectCoC": [
            {
                "ProjectCoCID": f"C{number}",
                "ProjectID": f"P{number:06d}",
                "CoCCode": county.places.coc,
                "Geocode": f"99{county.places.town_of[number]:04d}",
                "City": project.town,
                "State": "XX",
                "ZIP": county.places.towns[county.places.town_of[number]].zip,
                "GeographyType": 1 + number % 3,
            }
            | _audit(county)
            for number, project in projects
        ],
        "Inventory": [
            {
                "InventoryID": f"B{number}",
                "ProjectID": f"P{number:06d}",
                "CoCCode": county.places.coc,
                "HouseholdType": 1,
            }
            | {
                "Availability": 1 if project.type in night_or_entry else "",
                "ESBedType": 1 if project.type in night_or_entry else "",
            }
            | {"UnitInventory": 40, "BedInventory": 40, "OtherBedInventory": 40, "InventoryStartDate": "2015-01-01"}
            | _audit(county)
            for number, project in projects
            if project.type in (0, 1, 2, 3, 13)
        ],
        "Affiliation": [],
        "HMISParticipation": [
            {"HMISParticipationID": f"M{number}", "ProjectID": f"P{number:06d}", "HMISParticipationType": 1}
            | {"HMISParticipationStatusStartDate": "2015-01-01"}
            | _audit(county)
            for number, _ in projects
        ],
        "CEParticipation": [
            {"CEParticipationID": f"N{number}", "ProjectID": f"P{number:06d}", "AccessPoint": int(project.type == 14)}
            | dict.fromkeys(
                ("PreventionAssessment", "CrisisAssessment", "HousingAssessment", "DirectServices"),
                1 if project.type == 14 else "",
            )
            | {"ReceivesReferrals": int(project.type != 14), "CEParticipationStatusStartDate": "2015-01-01"}
            | _audit(county)
            for number, project in projects
        ],
        "AssessmentQuestions": [],
    }


def _audit(county: County, *, user: bool = True) -> dict[str, object]:
    recorded = "2015-01-01 09:00:00"
    columns: dict[str, object] = {"DateCreated": recorded, "DateUpdated": recorded, "ExportID": "INVENTED"}
    return columns | ({"UserID": "U1"} if user else {})


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
