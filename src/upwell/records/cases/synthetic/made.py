"""The county in memory: everything that the files of its export are written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.synthetic.chances import Table
from upwell.records.cases.synthetic.county import Places
from upwell.records.cases.synthetic.lines import FIRST_DAY, Cell, Field, Texts, key, moment
from upwell.records.cases.synthetic.people import People
from upwell.records.cases.synthetic.plant import Plant


@dataclass(frozen=True)
class Sprinkled:
    """A defect that was put into an export.

    file: its name with ending. line: of the file, 1 is the header; 0 where the file as a whole is meant.
    """

    kind: str
    file: str
    line: int


@dataclass(frozen=True)
class County:
    """An invented county: its people, their stays, and where its export was written.

    people: see People. keys: PersonalID of each person (S32, shape (people,)). period: first and last day as days since
    lines.FIRST_DAY. out: folder or zip; rows: file name without .csv -> rows written; both empty while in memory alone.
    stays: one row an enrollment, int32 columns: person (index into keys), entry and exit as day numbers (exit -1 open),
    a code for each column of vocabulary.VALUES and for project, agency, place, and "yes.<question>": -1 not asked, 0
    no, 1 yes. events: referrals, with `stay`, the row of stays. defects: what was sprinkled on the files afterwards.
    """

    people: People
    keys: Texts
    stays: Table
    events: Table
    places: Places
    period: tuple[int, int]
    version: str
    seed: int
    plants: tuple[Plant, ...] = ()
    out: Path = Path()
    rows: Mapping[str, int] = field(default_factory=dict)
    defects: tuple[Sprinkled, ...] = ()

    @property
    def dates(self) -> tuple[date, date]:
        """First and last day of the export."""
        first, last = (FIRST_DAY + timedelta(days=day) for day in self.period)
        return first, last

    def of_stay(self, stay: NDArray[np.int32]) -> dict[str, Cell]:
        """EnrollmentID and PersonalID for rows that belong to stays."""
        return {"EnrollmentID": key("E", stay), "PersonalID": Field(self.keys, self.stays["person"][stay])}


def audit(day: NDArray[np.int32]) -> dict[str, Cell]:
    """The columns that end every file: recorded on the day, by an invented worker."""
    when = moment(day)
    return {"DateCreated": when, "DateUpdated": when, "UserID": b"U1", "ExportID": b"INVENTED"}
