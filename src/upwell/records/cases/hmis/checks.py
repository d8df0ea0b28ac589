"""Rules over whole tables: stays, households, places, income, identity, and columns that carry no information."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from upwell.records.cases.hmis.rows import RowPass
from upwell.records.cases.hmis.spec_load import Spec
from upwell.records.cases.hmis.stage import Bench, Staged, scan_csv
from upwell.records.cases.store import name

_TEST_NAMES = ("test", "testclient", "test client", "testing", "fake", "demo", "dummy", "training")
_LODGING = "0, 1, 2, 8"  # shelter, transitional, safe haven: nobody sleeps in two of them in one night


def identities(bench: Bench, client: Staged, found: RowPass) -> None:
    """Looks at identity columns where they lie, keeps none of them: hashes that do not hash, and test clients."""
    cells = {
        column: f"c{client.places[column]}" for column in ("FirstName", "LastName", "SSN") if column in client.places
    }
    if cells:
        parts = ", ".join(
            f"count({cell}), approx_count_distinct({cell}), min(length({cell})), max(length({cell}))"
            for cell in cells.values()
        )
        row = bench.engine.execute(f"SELECT {parts} FROM ({scan_csv(found)})").fetchone() or ()
        status = bench.engine.execute('SELECT max("HashStatus") FROM "Export"').fetchone()
        for place, column in enumerate(cells):
            filled, distinct, shortest, longest = row[4 * place : 4 * place + 4]
            if filled and _strange(status[0] if status else None, column, (filled, distinct, shortest, longest)):
                bench.log.add("identity-hash", client.csv, column)
    if "FirstName" in cells and "LastName" in cells:
        tests = ", ".join(f"'{each}'" for each in _TEST_NAMES)
        both = " AND ".join(f"lower(trim({cells[column]})) IN ({tests})" for column in ("FirstName", "LastName"))
        bench.engine.execute(f"INSERT INTO _test SELECT line FROM ({scan_csv(found)}) WHERE {both}")


def _strange(status: int | None, column: str, shape: tuple[int, int, int, int]) -> bool:
    """Whether lengths and distinct values contradict the declared hash: 2 SHA-1 (40 digits), 4 SHA-256 (64)."""
    filled, distinct, shortest, longest = shape
    length = {2: 40, 4: 64}.get(status or 1)
    if length and (shortest, longest) != (length, length):
        return True
    few = distinct < filled / 20 if column == "SSN" else distinct == 1
    return filled >= 50 and few


def drop_identities(bench: Bench) -> None:
    """Client keeps a number in place of PersonalID, and no birth date; Enrollment likewise."""
    engine = bench.engine
    engine.execute(
        'CREATE TABLE _next AS SELECT t.* EXCLUDE ("PersonalID", "DOB"), _person.person, '
        't.line IN (SELECT line FROM _test) AS test_client FROM "Client" t LEFT JOIN _person ON _person.id = t."PersonalID"'
    )
    engine.execute('DROP TABLE "Client"')
    engine.execute('ALTER TABLE _next RENAME TO "Client"')
    engine.execute('ALTER TABLE "Enrollment" DROP COLUMN "PersonalID"')
    bench.log.lines("test-client", "Client.csv", "", 'SELECT line FROM "Client" WHERE test_client')


def across(bench: Bench, staged: Mapping[str, Staged], spec: Spec, period: tuple[date, date]) -> None:
    """All rules that look at more than one cell, after every file is in its table."""
    if spec.year == 2022:
        _shelters_split(bench)
        _coc_filled(bench, staged)
    _stays(bench, period)
    for rule, file, column, query in _RULES:
        bench.log.lines(rule, f"{file}.csv", column, query)


def _shelters_split(bench: Bench) -> None:
    """FY2022 has one code for every emergency shelter and TrackingMethod to tell them apart; later years have two."""
    es = 'WHERE "ProjectType" = 1 AND "TrackingMethod"'
    bench.log.lines(
        "tracking-method-unknown", "Project.csv", "TrackingMethod", f'SELECT line FROM "Project" {es} IS NULL'
    )
    bench.engine.execute(f'UPDATE "Project" SET "ProjectType" = 0 {es} = 0')


def _coc_filled(bench: Bench, staged: Mapping[str, Staged]) -> None:
    """FY2022 keeps the Continuum of Care in a file of its own; its first record of a stay is the entry's."""
    if "CoCCode" in staged["EnrollmentCoC"].places:
        bench.engine.execute(
            'UPDATE "Enrollment" SET "EnrollmentCoC" = c.coc FROM (SELECT "EnrollmentID" AS id, '
            'arg_min("CoCCode", ("InformationDate", line)) AS coc FROM "EnrollmentCoC" WHERE "CoCCode" IS NOT NULL GROUP BY 1) c '
            'WHERE c.id = "EnrollmentID" AND "EnrollmentCoC" IS NULL'
        )


def _stays(bench: Bench, period: tuple[date, date]) -> None:
    """Impossible dates of stays: each named by its rule, together dates_ok."""
    engine = bench.engine
    horizon = _horizon(bench, period)
    engine.execute(
        'CREATE TEMP TABLE _stay AS SELECT e.line, e."EnrollmentID" AS id, e."EntryDate" AS entry, e."MoveInDate" AS moved, '
        'x.gone, x.line AS exit_line FROM "Enrollment" e LEFT JOIN (SELECT "EnrollmentID" AS id, max("ExitDate") AS gone, '
        'arg_max(line, "ExitDate") AS line FROM "Exit" GROUP BY 1) x ON x.id = e."EnrollmentID"'
    )
    rules = (
        ("exit-before-entry", "Exit", "ExitDate", "exit_line", "gone < entry"),
        ("move-in-outside-stay", "Enrollment", "MoveInDate", "line", "moved < entry OR moved > gone"),
        ("date-in-future", "Enrollment", "EntryDate", "line", f"entry > {horizon}"),
        ("date-in-future", "Exit", "ExitDate", "exit_line", f"gone > {horizon}"),
        ("date-before-1900", "Enrollment", "EntryDate", "line", "entry < DATE '1900-01-01'"),
    )
    for rule, file, column, line, where in rules:
        bench.log.lines(rule, f"{file}.csv", column, f"SELECT {line} AS line FROM _stay WHERE {where}")
    bad = " OR ".join(f"coalesce({where}, false)" for *_, where in rules)
    engine.execute('ALTER TABLE "Enrollment" ADD COLUMN dates_ok BOOLEAN DEFAULT true')
    engine.execute(f'UPDATE "Enrollment" SET dates_ok = false WHERE line IN (SELECT line FROM _stay WHERE {bad})')
    bench.log.lines("birth-after-entry", "Client.csv", "DOB", 'SELECT line FROM "Enrollment" WHERE _unborn')
    engine.execute('ALTER TABLE "Enrollment" DROP COLUMN _unborn')
    engine.execute("DROP TABLE _stay")


def _horizon(bench: Bench, period: tuple[date, date]) -> str:
    """SQL: the last day these records can know of: the export's, or the latest update of an enrollment."""
    query = (
        "SELECT greatest(DATE '" + period[1].isoformat() + '\', max(CAST("ExportDate" AS DATE)), '
        '(SELECT max(CAST("DateUpdated" AS DATE)) FROM "Enrollment")) FROM "Export"'
    )
    row = bench.engine.execute(query).fetchone()
    return f"DATE '{(row[0] if row and row[0] else period[1]).isoformat()}'"


_ALONE = "household LIKE 'alone in row %'"
_HEADS = 'SELECT household, count(*) FILTER (WHERE "RelationshipToHoH" = 1) AS heads FROM "Enrollment" GROUP BY 1'
_PARTS = (
    "Earned Unemployment SSI SSDI VADisabilityService VADisabilityNonService PrivateDisability WorkersComp TANF GA "
    "SocSecRetirement Pension ChildSupport Alimony OtherIncome"
).split()
_SUM = " + ".join(f'coalesce("{part}Amount", 0)' for part in _PARTS)
_SOURCES = ", ".join(f'"{part}"' for part in [*_PARTS[:-1], "OtherIncomeSource"])
_BENEFITS = '"SNAP", "WIC", "TANFChildCare", "TANFTransportation", "OtherTANF", "OtherBenefitsSource"'
_INSURANCE = (
    '"Medicaid", "Medicare", "SCHIP", "VHAServices", "EmployerProvided", "COBRA", "PrivatePay", "StateHealthIns", '
    '"IndianHealthServices", "OtherInsurance"'
)
_AMOUNTS = tuple(f"{part}Amount" for part in _PARTS) + ("TotalMonthlyIncome",)


def _unsourced(answer: str, sources: str) -> str:
    return f'SELECT line FROM "IncomeBenefits" WHERE "{answer}" = 1 AND coalesce(greatest({_yes(sources)}), 0) = 0'


def _yes(sources: str) -> str:
    return ", ".join(f"CASE WHEN {each} = 1 THEN 1 ELSE 0 END" for each in sources.split(", "))


_OVERLAP = (
    "SELECT line FROM (SELECT e.line, e.\"EntryDate\" AS entry, lag(coalesce(x.gone, DATE '9999-12-31')) OVER w AS before "
    'FROM "Enrollment" e JOIN "Project" p USING ("ProjectID") LEFT JOIN (SELECT "EnrollmentID", max("ExitDate") AS gone '
    f'FROM "Exit" GROUP BY 1) x ON x."EnrollmentID" = e."EnrollmentID" WHERE p."ProjectType" IN ({_LODGING}) AND dates_ok '
    'WINDOW w AS (PARTITION BY e.person ORDER BY e."EntryDate", x.gone, e."EnrollmentID")) WHERE before > entry'
)

# (rule, file, column, query of lines): one look over finished tables each.
_RULES: tuple[tuple[str, str, str, str], ...] = (
    ("age-over-100", "Enrollment", "EntryDate", 'SELECT line FROM "Enrollment" WHERE age_at_entry > 100'),
    (
        "exit-twice",
        "Exit",
        "EnrollmentID",
        'SELECT line FROM "Exit" WHERE "EnrollmentID" IN (SELECT "EnrollmentID" FROM "Exit" GROUP BY 1 HAVING count(*) > 1)',
    ),
    ("stays-overlap", "Enrollment", "EntryDate", _OVERLAP),
    (
        "stay-twice",
        "Enrollment",
        "EntryDate",
        'SELECT line FROM (SELECT line, row_number() OVER (PARTITION BY person, "ProjectID", "EntryDate" ORDER BY '
        '"EnrollmentID") AS place FROM "Enrollment" WHERE person IS NOT NULL) WHERE place > 1',
    ),
    ("household-blank", "Enrollment", "HouseholdID", f'SELECT line FROM "Enrollment" WHERE {_ALONE}'),
    (
        "household-no-head",
        "Enrollment",
        "RelationshipToHoH",
        f'SELECT min(line) AS line FROM "Enrollment" JOIN ({_HEADS}) USING (household) WHERE heads = 0 AND NOT {_ALONE} GROUP BY household',
    ),
    (
        "household-two-heads",
        "Enrollment",
        "RelationshipToHoH",
        f'SELECT min(line) AS line FROM "Enrollment" JOIN ({_HEADS}) USING (household) WHERE heads > 1 GROUP BY household',
    ),
    ("coc-blank", "Enrollment", "EnrollmentCoC", 'SELECT line FROM "Enrollment" WHERE "EnrollmentCoC" IS NULL'),
    (
        "coc-not-project",
        "Enrollment",
        "EnrollmentCoC",
        'SELECT line FROM "Enrollment" e WHERE "EnrollmentCoC" IS NOT NULL AND "ProjectID" IN (SELECT "ProjectID" FROM '
        '"ProjectCoC") AND NOT EXISTS (FROM "ProjectCoC" p WHERE p."ProjectID" = e."ProjectID" AND p."CoCCode" = e."EnrollmentCoC")',
    ),
    (
        "income-total-differs",
        "IncomeBenefits",
        "TotalMonthlyIncome",
        f'SELECT line FROM "IncomeBenefits" WHERE abs("TotalMonthlyIncome" - ({_SUM})) > 1',
    ),
    ("income-without-source", "IncomeBenefits", "IncomeFromAnySource", _unsourced("IncomeFromAnySource", _SOURCES)),
    (
        "benefits-without-source",
        "IncomeBenefits",
        "BenefitsFromAnySource",
        _unsourced("BenefitsFromAnySource", _BENEFITS),
    ),
    (
        "insurance-without-source",
        "IncomeBenefits",
        "InsuranceFromAnySource",
        _unsourced("InsuranceFromAnySource", _INSURANCE),
    ),
    *(
        ("money-negative", "IncomeBenefits", column, f'SELECT line FROM "IncomeBenefits" WHERE {name(column)} < 0')
        for column in _AMOUNTS
    ),
)


def tidy(bench: Bench) -> None:
    """Drops everything that still names persons or keys by their source's ids outside the tables that are handed over."""
    tables = (
        "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE '\\_%' ESCAPE '\\' AND table_name <> '_problem'"
    )
    for (table,) in bench.engine.execute(tables).fetchall():
        bench.engine.execute(f"DROP TABLE {name(table)}")
    bench.engine.execute('DROP TABLE IF EXISTS "User"')
