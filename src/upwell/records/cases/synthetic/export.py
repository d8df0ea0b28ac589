"""Everything that the files of one invented export are written from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.synthetic.chances import Table
from upwell.records.cases.synthetic.county import Places
from upwell.records.cases.synthetic.lines import Cell, Field, Texts, key, moment
from upwell.records.cases.synthetic.people import People


@dataclass(frozen=True)
class Export:
    """people, their keys (S32, shape (people,)), stays and events as tables; period as day numbers, both included."""

    people: People
    keys: Texts
    stays: Table
    events: Table
    places: Places
    period: tuple[int, int]
    version: str
    seed: int

    def of_stay(self, stay: NDArray[np.int32]) -> dict[str, Cell]:
        """EnrollmentID and PersonalID for rows that belong to stays."""
        return {"EnrollmentID": key("E", stay), "PersonalID": Field(self.keys, self.stays["person"][stay])}


def audit(day: NDArray[np.int32]) -> dict[str, Cell]:
    """The columns that end every file: recorded on the day, by an invented worker."""
    when = moment(day)
    return {"DateCreated": when, "DateUpdated": when, "UserID": b"U1", "ExportID": b"INVENTED"}
