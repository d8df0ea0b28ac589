"""Small HMIS CSV exports with one defect each: `Files` holds rows, or bytes, by file; it is written to a folder or zip.

files = Files.of_two_people()
files.add("Enrollment", EnrollmentID="E3", PersonalID="P1", ProjectID="J1", EntryDate="2024-03-01")
loaded = files.load(tmp_path)
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from upwell.records.cases.hmis.read import Loaded, load
from upwell.records.cases.hmis.spec_load import spec

KEY = b"a key for tests, thirty-two byte"
STAMP = "2024-07-01 08:00:00"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"  # beside the repository; absent on other machines

DEFAULTS: dict[str, dict[str, str]] = {
    "Export": {
        "ExportID": "X1", "SourceType": "1", "SourceID": "XX-500", "SourceName": "Test County", "SoftwareName": "Test",
        "ExportDate": STAMP, "ExportStartDate": "2023-10-01", "ExportEndDate": "2024-09-30", "CSVVersion": "2024 v1.3",
        "ExportPeriodType": "3", "ExportDirective": "2", "HashStatus": "1", "ImplementationID": "I1",
    },
    "Organization": {"OrganizationID": "O1", "OrganizationName": "Harbor", "VictimServiceProvider": "0"},
    "Project": {
        "ProjectID": "J1", "OrganizationID": "O1", "ProjectName": "Shelter", "OperatingStartDate": "2015-01-01",
        "ContinuumProject": "1", "ProjectType": "0", "TargetPopulation": "4",
    },
    "ProjectCoC": {"ProjectCoCID": "C1", "ProjectID": "J1", "CoCCode": "XX-500", "Geocode": "123456"},
    "Client": {
        "PersonalID": "P1", "FirstName": "Wilhelmina", "LastName": "Quackenbush", "NameDataQuality": "1",
        "SSN": "911223344", "SSNDataQuality": "1", "DOB": "1980-05-06", "DOBDataQuality": "1", "AmIndAKNative": "0",
        "Asian": "0", "BlackAfAmerican": "1", "HispanicLatinaeo": "0", "MidEastNAfrican": "0", "NativeHIPacific": "0",
        "White": "0", "VeteranStatus": "0",
    },
    "Enrollment": {
        "EnrollmentID": "E1", "PersonalID": "P1", "ProjectID": "J1", "EntryDate": "2024-01-15", "HouseholdID": "H1",
        "RelationshipToHoH": "1", "EnrollmentCoC": "XX-500", "LivingSituation": "116", "DisablingCondition": "0",
    },
    "Exit": {
        "ExitID": "T1", "EnrollmentID": "E1", "PersonalID": "P1", "ExitDate": "2024-02-20", "Destination": "410",
    },
    "IncomeBenefits": {
        "IncomeBenefitsID": "B1", "EnrollmentID": "E1", "PersonalID": "P1", "InformationDate": "2024-01-15",
        "DataCollectionStage": "1", "IncomeFromAnySource": "0",
    },
    "Disabilities": {
        "DisabilitiesID": "D1", "EnrollmentID": "E1", "PersonalID": "P1", "InformationDate": "2024-01-15",
        "DisabilityType": "5", "DisabilityResponse": "0", "DataCollectionStage": "1",
    },
    "HealthAndDV": {
        "HealthAndDVID": "V1", "EnrollmentID": "E1", "PersonalID": "P1", "InformationDate": "2024-01-15",
        "DataCollectionStage": "1",
    },
    "EnrollmentCoC": {
        "EnrollmentCoCID": "EC1", "EnrollmentID": "E1", "PersonalID": "P1", "ProjectID": "J1", "HouseholdID": "H1",
        "InformationDate": "2024-01-15", "CoCCode": "XX-500", "DataCollectionStage": "1",
    },
    "Services": {
        "ServicesID": "S1", "EnrollmentID": "E1", "PersonalID": "P1", "DateProvided": "2024-01-16", "RecordType": "200",
        "TypeProvided": "200",
    },
}  # fmt: skip


def header(file: str, year: int = 2024) -> list[str]:
    """The columns of a file as that year writes them."""
    return [column.written for column in spec(year).files[file].columns if column.written]


@dataclass
class Files:
    """An export that is being put together. rows: cells by column; raw: bytes that stand for a whole file."""

    year: int = 2024
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of_one_stay(cls) -> Files:
        """One organization, project, client, enrollment and exit, without fault."""
        files = cls()
        for file in ("Export", "Organization", "Project", "ProjectCoC", "Client", "Enrollment", "Exit"):
            files.add(file)
        return files

    def add(self, file: str, **cells: str) -> Files:
        """One row more, with defaults for what is not said."""
        stamps = {} if file == "Export" else {"DateCreated": STAMP, "DateUpdated": STAMP, "ExportID": "X1"}
        self.rows.setdefault(file, []).append({**DEFAULTS.get(file, {}), **stamps, **cells})
        return self

    def text(self, file: str, end: str = "\n") -> str:
        """The file as CSV."""
        out = io.StringIO()
        writer = csv.DictWriter(out, header(file, self.year), restval="", lineterminator=end, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(self.rows.get(file, []))
        return out.getvalue()

    def bytes(self) -> dict[str, bytes]:
        """File name -> content; every file of the year that was not given has its header alone."""
        names = [name for name, file in spec(self.year).files.items() if file.present]
        given = {f"{name}.csv": self.text(name).encode() for name in names}
        return {**given, **self.raw}

    def write(self, folder: Path) -> Path:
        """Writes all files into the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.bytes().items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return folder

    def zip(self, path: Path, inside: str = "") -> Path:
        """Writes all files into a zip, below the folder inside."""
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in self.bytes().items():
                archive.writestr(inside + name, content)
        return path

    def load(self, tmp: Path, *, dates: Literal["iso", "mdy", "dmy"] = "iso") -> Loaded:
        """Written to a folder below tmp and loaded."""
        number = len(list(tmp.iterdir())) if tmp.exists() else 0
        folder = self.write(tmp / f"export{number}")
        return load(folder, key=KEY, dates=dates, work=tmp / f"work{number}")


def values(loaded: Loaded, file: str, column: str) -> list[object]:
    """One column of a loaded table, in the order of the source."""
    return [cell for (cell,) in loaded.engine.execute(f'SELECT "{column}" FROM "{file}" ORDER BY line').fetchall()]
