"""Which rows belong to which: parents, persons, and the reach of a victim service provider."""

from __future__ import annotations

import hashlib
from datetime import date

import numpy as np

from upwell.records.cases.hmis.stage import Bench, Staged, take_out
from upwell.records.cases.store import literal, name

VICTIM = "victim-service-provider"
# How a parent's fate falls on its rows, worst first: a row under a victim service provider is set aside as such even
# when its other parent is merely missing.
_FATES = (VICTIM, "orphan", "parent-quarantined", "parent-deleted")


def number_persons(bench: Bench, key: bytes) -> None:
    """Makes _person(id, person): a keyed HMAC of each PersonalID, then its place in the order of the HMACs.

    The number means nothing outside this database, and nobody without the key can tell whose it is.
    """
    engine = bench.engine
    query = 'SELECT "PersonalID" AS id FROM "Client" UNION SELECT "PersonalID" FROM "Enrollment"'
    ids = [each for (each,) in engine.execute(f"SELECT id FROM ({query}) WHERE id IS NOT NULL ORDER BY id").fetchall()]
    digests = b"".join(hashlib.blake2b(each.encode(), key=key, digest_size=8).digest() for each in ids)
    order = np.argsort(np.frombuffer(digests, dtype=np.uint64), kind="stable")
    person = np.empty(len(ids), dtype=np.int64)
    person[order] = np.arange(len(ids))
    numbered = {"id": np.array(ids, dtype=object), "person": person}
    engine.register("_numbered", numbered) if ids else None
    source = "_numbered" if ids else "(SELECT NULL::VARCHAR AS id, NULL::BIGINT AS person WHERE false)"
    engine.execute(
        f"CREATE TABLE _person AS SELECT CAST(id AS VARCHAR) AS id, CAST(person AS BIGINT) AS person FROM {source}"
    )
    if ids:
        engine.unregister("_numbered")


def look_up(bench: Bench, staged: Staged) -> None:
    """Makes _look_<file>(key, fate): every key of the file, NULL fate when its row stands."""
    key, parent = name(staged.file.key), staged.file.name
    more = ', person, "PersonalID" AS id' if parent == "Enrollment" else ", person" if parent == "Assessment" else ""
    none = {"Enrollment": ", NULL::BIGINT, NULL::VARCHAR", "Assessment": ", NULL::BIGINT"}.get(parent, "")
    fate = (
        f"CASE WHEN bool_or(why = '{VICTIM}') THEN '{VICTIM}' "
        "WHEN bool_or(why NOT IN ('row-deleted', 'parent-deleted')) THEN 'parent-quarantined' ELSE 'parent-deleted' END"
    )
    bench.engine.execute(
        f"CREATE TABLE _look_{parent} AS SELECT {key} AS key, NULL::VARCHAR AS fate{more} FROM {staged.table} UNION ALL "
        f"SELECT key, {fate}{none} FROM _gone WHERE file = {literal(parent)} AND why <> 'row-superseded' "
        f"AND key NOT IN (SELECT {key} FROM {staged.table}) GROUP BY key"
    )


def join_parents(bench: Bench, staged: Staged, columns: str = "t.*", joins: str = "") -> None:
    """Rewrites the table with the columns given (SQL over t and the parents' look-ups), dropping rows without parents.

    A parent whose file the export lacks is not asked for: what is there is analysed.
    """
    asked = [parent for parent in staged.file.parents if parent in bench.keyed]
    fates = [f"CASE WHEN _{parent}.key IS NULL THEN 'orphan' ELSE _{parent}.fate END" for parent in asked]
    on = {"Client": "PersonalID"}
    joined = " ".join(
        f"LEFT JOIN _look_{parent} AS _{parent} ON _{parent}.key = t.{name(on.get(parent, parent + 'ID'))}"
        for parent in asked
    )
    worst = " ".join(f"WHEN list_contains([{', '.join(fates)}], '{fate}') THEN '{fate}'" for fate in _FATES)
    fate = f"CASE {worst} END" if asked else "NULL::VARCHAR"
    bench.engine.execute(
        f"CREATE TABLE _next AS SELECT {columns}, {fate} AS _fate FROM {staged.table} AS t {joined} {joins}"
    )
    bench.engine.execute(f"DROP TABLE {staged.table}")
    bench.engine.execute(f"ALTER TABLE _next RENAME TO {staged.table}")
    for each in _FATES:
        take_out(bench, staged, each, f"_fate = {literal(each)}")
    bench.engine.execute(f"ALTER TABLE {staged.table} DROP COLUMN _fate")


def join_enrollment(bench: Bench, staged: Staged) -> None:
    """Gives each row the person of its enrollment, flags rows that name another person, drops PersonalID."""
    if "Enrollment" not in bench.keyed:
        columns = 't.* EXCLUDE ("PersonalID"), _person.person AS person'
        join_parents(bench, staged, columns, 'LEFT JOIN _person ON _person.id = t."PersonalID"')
        return
    differs = '_Enrollment.id <> t."PersonalID" AS _differs'
    join_parents(bench, staged, f't.* EXCLUDE ("PersonalID"), _Enrollment.person AS person, {differs}')
    bench.log.lines("person-differs", staged.csv, "PersonalID", f"SELECT line FROM {staged.table} WHERE _differs")
    bench.engine.execute(f"ALTER TABLE {staged.table} DROP COLUMN _differs")


def join_assessment(bench: Bench, staged: Staged) -> None:
    """Rows of an assessment belong to its person."""
    if "Assessment" in bench.keyed:
        join_parents(bench, staged, 't.* EXCLUDE ("PersonalID"), _Assessment.person AS person')
    else:
        columns = 't.* EXCLUDE ("PersonalID"), _person.person AS person'
        join_parents(bench, staged, columns, 'LEFT JOIN _person ON _person.id = t."PersonalID"')


def join_enrollment_itself(bench: Bench, staged: Staged, period: tuple[date, date]) -> None:
    """Gives each enrollment its person, household and ages; a blank household is a household of one."""
    entry = 't."EntryDate"'
    later = f"greatest({entry}, DATE '{period[0].isoformat()}')"
    columns = (
        "t.*, _person.person AS person, coalesce(t.\"HouseholdID\", 'alone in row ' || t.line) AS household, "
        f"{_age(entry)} AS age_at_entry, {_age(later)} AS age_in_period, {_birth()} > {entry} AS _unborn"
    )
    joins = (
        'LEFT JOIN _person ON _person.id = t."PersonalID" '
        'LEFT JOIN (SELECT "PersonalID", "DOB", "DOBDataQuality" FROM "Client") AS c ON c."PersonalID" = t."PersonalID"'
    )
    join_parents(bench, staged, columns, joins)


def _birth() -> str:
    """SQL: the birth date where its quality allows one; of a partial date only the year counts, so the middle of it."""
    return 'CASE c."DOBDataQuality" WHEN 1 THEN c."DOB" WHEN 2 THEN make_date(year(c."DOB"), 7, 1) END'


def _age(on: str) -> str:
    """SQL: completed years on a date; NULL when the birth date is unknown or later."""
    return f"CASE WHEN {_birth()} <= {on} THEN CAST(date_sub('year', {_birth()}, {on}) AS INTEGER) END"


def victims_clients_out(bench: Bench, client: Staged) -> None:
    """Clients whose enrollments all lie with victim service providers go the way of their enrollments."""
    if "Client" not in bench.keyed:
        return
    there = f"SELECT person_id FROM _gone WHERE file = 'Enrollment' AND why = '{VICTIM}' AND person_id IS NOT NULL"
    elsewhere = 'SELECT "PersonalID" FROM "Enrollment" WHERE "PersonalID" IS NOT NULL'
    take_out(bench, client, VICTIM, f'"PersonalID" IN ({there}) AND "PersonalID" NOT IN ({elsewhere})')
