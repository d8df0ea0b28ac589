"""The answers table: one row a stay, what was said about money, health and work at entry, later and at exit.

HUD repeats these records over time (DataCollectionStage 1 entry, 2 update, 3 exit, 5 annual). Of several at one stage
the latest InformationDate counts, then the latest DateUpdated. Later means the latest of the stages 2, 3 and 5.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

NONCASH = ("SNAP", "WIC", "TANFChildCare", "TANFTransportation", "OtherTANF", "OtherBenefitsSource")
PUBLIC_INSURANCE = ("Medicaid", "Medicare", "SCHIP", "VHAServices", "StateHealthIns", "IndianHealthServices")
"""Benefits that a public body grants and ends. Losing insurance bought or given with a job is another trouble."""

NO_INSURANCE_REASONS = (
    "NoMedicaidReason",
    "NoMedicareReason",
    "NoSCHIPReason",
    "NoVHAReason",
    "NoEmployerProvidedReason",
    "NoCOBRAReason",
    "NoPrivatePayReason",
    "NoStateHealthInsReason",
    "NoIndianHealthServicesReason",
)

SHORT, LONG = "TINYINT", "SMALLINT"

# Orders the records of one stage: days of InformationDate, then seconds of DateUpdated (below 2**37), then, for two
# recorded in the same second, a digest of what they say: any order will do, but not that of the rows or the ids.
RECENCY = """((coalesce(InformationDate - DATE '1900-01-01', 0)::HUGEINT * 137438953472
               + coalesce(epoch(DateUpdated)::BIGINT + 2208988800, 0)) * 4294967296 + hash(facts) % 4294967296)"""


def build_answers(engine: DuckDBPyConnection) -> None:
    """Make the temporary tables money, health and work, each with one row an EnrollmentID that has any record there."""
    engine.execute(_money())
    engine.execute(
        _last_by_stage("health", "HealthAndDV", {"violence": "DomesticViolenceSurvivor::TINYINT"}, {"entry": "1"})
    )
    facts = {"employed": "Employed::TINYINT", "not_employed_reason": "NotEmployedReason::TINYINT"}
    engine.execute(_last_by_stage("work", "EmploymentEducation", facts, {"exit": "3"}))


def _money() -> str:
    facts = {
        "income": "IncomeFromAnySource::TINYINT",
        "insurance": "InsuranceFromAnySource::TINYINT",
        "held": _mask("{0} = 1"),
        # HUD leaves the parts blank when the whole is "no": then every part is a no that was said.
        "told": f"{_mask('{0} IN (0, 1) OR BenefitsFromAnySource = 0', NONCASH)} | "
        f"{_mask('{0} IN (0, 1) OR InsuranceFromAnySource = 0', PUBLIC_INSURANCE)}",
        "benefits_missing": _missing_first("BenefitsFromAnySource", "InsuranceFromAnySource"),
        "denied": " OR ".join(f"coalesce({reason} = 2, false)" for reason in NO_INSURANCE_REASONS),
        "denial": _denial(),
        "told_on": "InformationDate",
    }
    return _last_by_stage("money", "IncomeBenefits", facts, {"entry": "1", "later": "2, 3, 5", "exit": "3"})


def _last_by_stage(table: str, file: str, facts: dict[str, str], stages: dict[str, str]) -> str:
    """SQL: for each name in stages a struct column with the facts of the latest record at those stages (NULL: none)."""
    packed = ", ".join(f"{name} := {sql}" for name, sql in facts.items())
    columns = ", ".join(
        f"arg_max(facts, recency) FILTER (DataCollectionStage IN ({codes})) AS {table}_{stage}"
        for stage, codes in stages.items()
    )
    wanted = ", ".join(stages.values())
    return f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT EnrollmentID, {columns}
        FROM (SELECT *, {RECENCY} AS recency
              FROM (SELECT EnrollmentID, DataCollectionStage, InformationDate, DateUpdated,
                           struct_pack({packed}) AS facts
                    FROM {file} WHERE DataCollectionStage IN ({wanted})))
        GROUP BY EnrollmentID"""


def _mask(test: str, names: tuple[str, ...] = NONCASH + PUBLIC_INSURANCE) -> str:
    """SQL: a number whose bit i says that the test holds for benefit i, counted over all benefits."""
    bits = (NONCASH + PUBLIC_INSURANCE).index
    terms = (f"CASE WHEN {test.format(name)} THEN {1 << bits(name)} ELSE 0 END" for name in names)
    return "(" + " | ".join(terms) + ")::INTEGER"


def _missing_first(*columns: str) -> str:
    """SQL: the first column's code that is not a plain yes or no; 0 when all are answered."""
    cases = " ".join(f"WHEN {column} IS NULL OR {column} NOT IN (0, 1) THEN {column}" for column in columns)
    return f"(CASE {cases} ELSE 0 END)::TINYINT"


def _denial() -> str:
    """SQL: 1 when a reason says whether an application was refused (1, 2, 3), else 4 not applicable, 8, 99 or NULL."""
    within = ", ".join(NO_INSURANCE_REASONS)
    return (
        f"(CASE WHEN 1 IN ({within}) OR 2 IN ({within}) OR 3 IN ({within}) THEN 1 "
        f"WHEN 4 IN ({within}) THEN 4 WHEN 8 IN ({within}) OR 9 IN ({within}) THEN 8 "
        f"WHEN 99 IN ({within}) THEN 99 "
        f"WHEN InsuranceFromAnySource = 1 AND coalesce({within}) IS NULL THEN 4 END)::TINYINT"
    )
