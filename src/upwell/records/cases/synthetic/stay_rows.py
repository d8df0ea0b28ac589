"""Enrollment.csv, Exit.csv and the records of one moment of a stay that many people have."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from upwell.records.cases.synthetic.chances import Numbers, Table
from upwell.records.cases.synthetic.lines import Cell, Field, day, key, number, table
from upwell.records.cases.synthetic.made import County, audit
from upwell.records.cases.synthetic.people import HEAD


def enrollment_cells(county: County, at: slice) -> Mapping[str, Cell]:
    """Cells of Enrollment.csv for a block of stays."""
    stays = {name: values[at] for name, values in county.stays.items()}
    stay = np.arange(at.start, at.stop, dtype=np.int32)
    cells: dict[str, Cell] = {
        **county.of_stay(stay),
        "ProjectID": key("P", stays["project"]),
        "EntryDate": day(stays["entry"]),
        "HouseholdID": key("H", stays["household"]),
        "RelationshipToHoH": number(stays["relation"]),
        "EnrollmentCoC": county.places.coc.encode(),
        "LivingSituation": number(stays["living"]),
        "RentalSubsidyType": number(stays["subsidy_before"]),
        "LengthOfStay": number(stays["length_before"]),
        "LOSUnderThreshold": number(stays["under_threshold"]),
        "PreviousStreetESSH": number(stays["street_before"]),
        "DateToStreetESSH": day(stays["homeless_since"]),
        "TimesHomelessPastThreeYears": number(stays["times"]),
        "MonthsHomelessPastThreeYears": number(stays["months"]),
        "DisablingCondition": number(county.people.disabling[stays["person"]]),
        "DateOfEngagement": day(np.where((stays["type"] == 4) & (stays["years"] >= 18), stays["entry"], -1)),
        "MoveInDate": day(stays["moved_in"]),
        **_targeting(stays),
        **_youth_history(stays),
    }
    return cells | audit(stays["entry"])


def _targeting(stays: Table) -> dict[str, Cell]:
    """Prevention targeting (HUD V7), asked of heads in prevention; scattered numbers, blind to all answers."""
    asked = (stays["type"] == 12) & (stays["relation"] == HEAD)
    mix = _mix(stays)
    answers = {
        "TargetScreenReqd": (mix // 5184 % 8 > 0).astype(np.int32),
        "TimeToHousingLoss": mix % 4,
        "EvictionHistory": np.array([0, 0, 0, 1, 1, 2])[mix // 4 % 6],
        "CriminalRecord": (mix // 24 % 4 == 0).astype(np.int32),
        "IncarceratedAdult": np.array([0, 0, 0, 0, 1, 2])[mix // 96 % 6],
        "PrisonDischarge": (mix // 576 % 9 == 0).astype(np.int32),
    }
    return {name: number(np.where(asked, values, -1)) for name, values in answers.items()}


def _youth_history(stays: Table) -> dict[str, Cell]:
    """Public care in the past (HUD R11, R12), asked of heads under 25 in transitional housing."""
    asked = (stays["type"] == 2) & (stays["relation"] == HEAD) & (stays["years"] < 25)
    mix = _mix(stays)
    answers = {
        "FormerWardChildWelfare": (mix % 10 < 3).astype(np.int32),
        "FormerWardJuvenileJustice": (mix // 10 % 10 < 2).astype(np.int32),
    }
    return {name: number(np.where(asked, values, -1)) for name, values in answers.items()}


def _mix(stays: Table) -> Numbers:
    """A scattered number for each stay, the same in every block and run."""
    scattered = stays["person"].astype(np.uint64) * np.uint64(2654435761) + stays["entry"].astype(
        np.uint64
    ) * np.uint64(40503)
    return (scattered >> np.uint64(7)).astype(np.int64).astype(np.int32) & np.int32(0x7FFFFFFF)


def exit_cells(county: County, stay: Numbers, at: slice) -> Mapping[str, Cell]:
    """Cells of Exit.csv. stay: row numbers of the stays that ended."""
    rows = stay[at]
    stays = county.stays
    cells: dict[str, Cell] = {
        "ExitID": key("X", rows),
        **county.of_stay(rows),
        "ExitDate": day(stays["exit"][rows]),
        "Destination": number(stays["destination"][rows]),
        "DestinationSubsidyType": number(stays["subsidy_after"][rows]),
    }
    return cells | audit(stays["exit"][rows])


def health_cells(county: County, stay: Numbers, at: slice) -> Mapping[str, Cell]:
    """Cells of HealthAndDV.csv at entry. stay: rows of the stays at which it is asked."""
    rows = stay[at]
    stays = county.stays
    cells: dict[str, Cell] = {
        "HealthAndDVID": key("V", rows),
        **county.of_stay(rows),
        "InformationDate": day(stays["entry"][rows]),
        "DomesticViolenceSurvivor": number(stays["survivor"][rows]),
        "WhenOccurred": number(stays["violence_when"][rows]),
        "CurrentlyFleeing": number(stays["fleeing"][rows]),
        "DataCollectionStage": b"1",
    }
    return cells | audit(stays["entry"][rows])


def work_cells(county: County, records: Table, at: slice) -> Mapping[str, Cell]:
    """Cells of EmploymentEducation.csv. records: stay, day, stage (1 entry, 3 exit)."""
    rows = {name: values[at] for name, values in records.items()}
    stays, stay = county.stays, rows["stay"]
    first = rows["stage"] == 1
    cells: dict[str, Cell] = {
        "EmploymentEducationID": key("W", np.arange(at.start, at.stop)),
        **county.of_stay(stay),
        "InformationDate": day(rows["day"]),
        "LastGradeCompleted": number(stays["last_grade"][stay]),
        "DataCollectionStage": number(rows["stage"]),
    }
    for column, name in (
        ("Employed", "employed"),
        ("EmploymentType", "work_kind"),
        ("NotEmployedReason", "no_work_reason"),
    ):
        cells[column] = number(np.where(first, stays[f"{name}_entry"][stay], stays[f"{name}_later"][stay]))
    return cells | audit(rows["day"])


def disability_cells(county: County, records: Table, at: slice) -> Mapping[str, Cell]:
    """Cells of Disabilities.csv at entry. records: stay, kind (HUD 1.3), response."""
    rows = {name: values[at] for name, values in records.items()}
    entry = county.stays["entry"][rows["stay"]]
    cells: dict[str, Cell] = {
        "DisabilitiesID": key("D", np.arange(at.start, at.stop)),
        **county.of_stay(rows["stay"]),
        "InformationDate": day(entry),
        "DisabilityType": number(rows["kind"]),
        "DisabilityResponse": number(rows["response"]),
        "IndefiniteAndImpairs": number(np.where(rows["stay"] % 13 < 11, 1, 0)),
        "DataCollectionStage": b"1",
    }
    return cells | audit(entry)


def event_cells(county: County, at: slice) -> Mapping[str, Cell]:
    """Cells of Event.csv: referrals from coordinated entry and their results."""
    rows = {name: values[at] for name, values in county.events.items()}
    cells: dict[str, Cell] = {
        "EventID": key("R", np.arange(at.start, at.stop)),
        **county.of_stay(rows["stay"]),
        "EventDate": day(rows["day"]),
        "Event": number(rows["event"]),
        "ReferralResult": number(rows["result"]),
        "ResultDate": day(rows["answer_day"]),
    }
    return cells | audit(rows["day"])


def assessment_cells(county: County, stay: Numbers, at: slice) -> Mapping[str, Cell]:
    """Cells of Assessment.csv: one for each head in coordinated entry, at entry."""
    rows = stay[at]
    entry = county.stays["entry"][rows]
    cells: dict[str, Cell] = {
        "AssessmentID": key("A", rows),
        **county.of_stay(rows),
        "AssessmentDate": day(entry),
        "AssessmentLocation": b"Front Door",
        "AssessmentType": number(np.array([3, 3, 3, 1, 1, 2])[rows % 6]),
        "AssessmentLevel": number(np.where(rows % 7 < 2, 1, 2)),
        "PrioritizationStatus": number(np.where(rows % 5 < 4, 1, 2)),
    }
    return cells | audit(entry)


def result_cells(county: County, stay: Numbers, at: slice) -> Mapping[str, Cell]:
    """Cells of AssessmentResults.csv: one score for each assessment."""
    rows = stay[at]
    scores = Field(table([str(score) for score in range(18)]), (rows * 7 % 18).astype(np.int32))
    cells: dict[str, Cell] = {
        "AssessmentResultID": key("AR", rows),
        "AssessmentID": key("A", rows),
        **county.of_stay(rows),
        "AssessmentResultType": b"Score",
        "AssessmentResult": scores,
    }
    return cells | audit(county.stays["entry"][rows])


def service_cells(county: County, records: Table, at: slice) -> Mapping[str, Cell]:
    """Cells of Services.csv. records: stay, day, kind (RecordType), provided (TypeProvided), dollars."""
    rows = {name: values[at] for name, values in records.items()}
    dollars = Field(table([f"{amount}.00" for amount in range(3000)]), rows["dollars"])
    cells: dict[str, Cell] = {
        "ServicesID": key("S", np.arange(at.start, at.stop)),
        **county.of_stay(rows["stay"]),
        "DateProvided": day(rows["day"]),
        "RecordType": number(rows["kind"]),
        "TypeProvided": number(rows["provided"]),
        "FAAmount": dollars,
    }
    return cells | audit(rows["day"])


def contact_cells(county: County, records: Table, at: slice) -> Mapping[str, Cell]:
    """Cells of CurrentLivingSituation.csv. records: stay, day, living."""
    rows = {name: values[at] for name, values in records.items()}
    cells: dict[str, Cell] = {
        "CurrentLivingSitID": key("L", np.arange(at.start, at.stop)),
        **county.of_stay(rows["stay"]),
        "InformationDate": day(rows["day"]),
        "CurrentLivingSituation": number(rows["living"]),
    }
    return cells | audit(rows["day"])


def school_cells(county: County, stay: Numbers, at: slice) -> Mapping[str, Cell]:
    """Cells of YouthEducationStatus.csv at entry, for heads under 25 in transitional housing."""
    rows = stay[at]
    entry = county.stays["entry"][rows]
    attends = np.array([0, 0, 1, 2, 2, 99])[rows % 6]
    cells: dict[str, Cell] = {
        "YouthEducationStatusID": key("Y", rows),
        **county.of_stay(rows),
        "InformationDate": day(entry),
        "CurrentSchoolAttend": number(attends),
        "MostRecentEdStatus": number(np.where(attends == 0, rows % 3, -1)),
        "CurrentEdStatus": number(np.where(np.isin(attends, (1, 2)), rows % 2, -1)),
        "DataCollectionStage": b"1",
    }
    return cells | audit(entry)
