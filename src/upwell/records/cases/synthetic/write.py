"""All files of an export, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from upwell.records.cases.synthetic import money_rows, stay_rows
from upwell.records.cases.synthetic.chances import Flags, Numbers, Table
from upwell.records.cases.synthetic.client_rows import client_cells
from upwell.records.cases.synthetic.headers import headers
from upwell.records.cases.synthetic.lines import Cell, Field, write_file
from upwell.records.cases.synthetic.made import County
from upwell.records.cases.synthetic.people import HEAD
from upwell.records.cases.synthetic.place_rows import as_csv, place_rows
from upwell.records.cases.synthetic.records import (
    contact_records,
    disability_records,
    money_records,
    rows_where,
    service_records,
    work_records,
)
from upwell.records.cases.synthetic.sink import Sink

Progress = Callable[[str, int, int], None]
Cells = Callable[[slice], Mapping[str, Cell]]


def write_export(county: County, sink: Sink, rng: np.random.Generator, tell: Progress) -> Mapping[str, int]:
    """Write all 24 files; file name without .csv -> rows, header not counted."""
    columns = headers(county.version)
    small = place_rows(county)
    large = _large_files(county, rng)
    written: dict[str, int] = {}
    for done, (name, header) in enumerate(columns.items()):
        tell(f"writing {name}.csv", done, len(columns))
        with sink.open(f"{name}.csv") as file:
            if name in small:
                file.write(as_csv(header, small[name]))
                written[name] = len(small[name])
            else:
                written[name], cells = large[name]()
                write_file(file, header, written[name], cells)
    return written


def _large_files(county: County, rng: np.random.Generator) -> Mapping[str, Callable[[], tuple[int, Cells]]]:
    """File -> (rows, cells by block), made only when the file's turn comes: one file's rows are in memory at a time."""
    stays, last = county.stays, county.period[1]
    funder = np.array([project.funder for project in county.places.projects], np.int32)
    heads = stays["relation"] == HEAD
    assessed = heads & (stays["type"] == 14)
    youth = heads & (stays["type"] == 2) & (stays["years"] < 25)

    def whole(cells: Callable[[], Mapping[str, Cell]]) -> tuple[int, Cells]:
        made = cells()
        return len(county.people), lambda at: _cut(made, at)

    def of_stays(flags: Flags, cells: Callable[[County, Numbers, slice], Mapping[str, Cell]]) -> tuple[int, Cells]:
        rows = rows_where(flags)
        return len(rows), lambda at: cells(county, rows, at)

    def of_records(records: Table, cells: Callable[[County, Table, slice], Mapping[str, Cell]]) -> tuple[int, Cells]:
        return len(records["stay"]), lambda at: cells(county, records, at)

    return {
        "Client": lambda: whole(lambda: client_cells(county.people, county.keys, county.version, rng)),
        "Enrollment": lambda: (len(stays["person"]), lambda at: stay_rows.enrollment_cells(county, at)),
        "Exit": lambda: of_stays(stays["exit"] >= 0, stay_rows.exit_cells),
        "IncomeBenefits": lambda: of_records(money_records(stays, last), money_rows.money_cells),
        "HealthAndDV": lambda: of_stays(stays["survivor"] >= 0, stay_rows.health_cells),
        "EmploymentEducation": lambda: of_records(work_records(stays), stay_rows.work_cells),
        "Disabilities": lambda: of_records(disability_records(stays, rng), stay_rows.disability_cells),
        "Services": lambda: of_records(service_records(stays, funder, last, rng), stay_rows.service_cells),
        "CurrentLivingSituation": lambda: of_records(contact_records(stays, last, rng), stay_rows.contact_cells),
        "Assessment": lambda: of_stays(assessed, stay_rows.assessment_cells),
        "AssessmentResults": lambda: of_stays(assessed, stay_rows.result_cells),
        "Event": lambda: of_records(county.events, lambda county, _, at: stay_rows.event_cells(county, at)),
        "YouthEducationStatus": lambda: of_stays(youth, stay_rows.school_cells),
    }


def _cut(cells: Mapping[str, Cell], at: slice) -> Mapping[str, Cell]:
    return {
        name: cell if isinstance(cell, bytes) else Field(cell.texts, cell.index[at]) for name, cell in cells.items()
    }
