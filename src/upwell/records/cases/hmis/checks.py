"""Rules over whole tables: stays and their dates, and those of cross_checks.toml (households, places, income)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from importlib import resources

from upwell.records.cases.hmis.spec_load import Spec
from upwell.records.cases.hmis.stage import Bench, Staged


def across(bench: Bench, staged: Mapping[str, Staged], spec: Spec, period: tuple[date, date]) -> None:
    """All rules that look at more than one cell, after every file is in its table."""
    if spec.year == 2022:
        _shelters_split(bench)
        _coc_filled(bench, staged)
    _stays(bench, period)
    for rule, file, column, query in _cross_checks():
        bench.log.lines(rule, f"{file}.csv", column, query)


def _shelters_split(bench: Bench) -> None:
    """FY2022 has one code for every emergency shelter and TrackingMethod to tell them apart; later years have two."""
    shelter = 'WHERE "ProjectType" = 1 AND "TrackingMethod"'
    silent = f'SELECT line FROM "Project" {shelter} IS NULL'
    bench.log.lines("tracking-method-unknown", "Project.csv", "TrackingMethod", silent)
    bench.engine.execute(f'UPDATE "Project" SET "ProjectType" = 0 {shelter} = 0')


def _coc_filled(bench: Bench, staged: Mapping[str, Staged]) -> None:
    """FY2022 keeps the Continuum of Care in a file of its own; its first record of a stay is the entry's."""
    if "CoCCode" in staged["EnrollmentCoC"].places:
        bench.engine.execute("""
            UPDATE "Enrollment" SET "EnrollmentCoC" = c.coc FROM (
              SELECT "EnrollmentID" AS id, arg_min("CoCCode", ("InformationDate", line)) AS coc
              FROM "EnrollmentCoC" WHERE "CoCCode" IS NOT NULL GROUP BY 1
            ) AS c WHERE c.id = "EnrollmentID" AND "EnrollmentCoC" IS NULL
        """)


_STAYS = """
CREATE TEMP TABLE _stay AS
SELECT e.line, e."EntryDate" AS entry, e."MoveInDate" AS moved, x.gone, x.line AS exit_line
FROM "Enrollment" e LEFT JOIN (
  SELECT "EnrollmentID" AS id, max("ExitDate") AS gone, arg_max(line, "ExitDate") AS line FROM "Exit" GROUP BY 1
) AS x ON x.id = e."EnrollmentID"
"""


def _stays(bench: Bench, period: tuple[date, date]) -> None:
    """Impossible dates of stays: each named by its rule, together dates_ok."""
    engine = bench.engine
    last = _last_day(bench, period)
    engine.execute(_STAYS)
    rules = (
        ("exit-before-entry", "Exit", "ExitDate", "exit_line", "gone < entry"),
        ("move-in-outside-stay", "Enrollment", "MoveInDate", "line", "moved < entry OR moved > gone"),
        ("date-in-future", "Enrollment", "EntryDate", "line", f"entry > {last}"),
        ("date-in-future", "Exit", "ExitDate", "exit_line", f"gone > {last}"),
        ("date-before-1900", "Enrollment", "EntryDate", "line", "entry < DATE '1900-01-01'"),
    )
    for rule, file, column, line, where in rules:
        bench.log.lines(rule, f"{file}.csv", column, f"SELECT {line} AS line FROM _stay WHERE {where}")
    bad = " OR ".join(f"coalesce({where}, false)" for *_, where in rules)
    engine.execute('ALTER TABLE "Enrollment" ADD COLUMN dates_ok BOOLEAN DEFAULT true')
    engine.execute(f'UPDATE "Enrollment" SET dates_ok = false WHERE line IN (SELECT line FROM _stay WHERE {bad})')
    bench.log.lines("birth-after-entry", "Enrollment.csv", "EntryDate", 'SELECT line FROM "Enrollment" WHERE _unborn')
    engine.execute('ALTER TABLE "Enrollment" DROP COLUMN _unborn')


def _last_day(bench: Bench, period: tuple[date, date]) -> str:
    """SQL: the last day these records can know of: the export's, or the latest update of an enrollment."""
    query = (
        "SELECT greatest(DATE '" + period[1].isoformat() + '\', max(CAST("ExportDate" AS DATE)), '
        '(SELECT max(CAST("DateUpdated" AS DATE)) FROM "Enrollment")) FROM "Export"'
    )
    row = bench.engine.execute(query).fetchone()
    return f"DATE '{(row[0] if row and row[0] else period[1]).isoformat()}'"


def _cross_checks() -> Iterator[tuple[str, str, str, str]]:
    """(rule, file, column, query of lines) of cross_checks.toml."""
    table = tomllib.loads(resources.files(__package__).joinpath("cross_checks.toml").read_text("utf-8"))
    for check in table["check"]:
        yield check["rule"], check["file"], check["column"], check["lines"]
