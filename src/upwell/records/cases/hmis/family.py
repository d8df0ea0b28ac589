"""Which rows belong to which: parents, persons, and the reach of a victim service provider."""

from __future__ import annotations

from datetime import date

from upwell.records.cases.hmis.stage import Bench, Staged, take_out
from upwell.records.cases.store import literal, name

VICTIM = "victim-service-provider"
# How a parent's fate falls on its rows, worst first: a row under a victim service provider is set aside as such even
# when its other parent is merely missing.
_FATES = (VICTIM, "orphan", "parent-quarantined", "parent-deleted")


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
        f"CREATE TABLE _look_{parent} AS SELECT {key} AS key, NULL::VARCHAR AS fate{more} FROM {staged.table} "
        "UNION ALL "
        f"SELECT key, {fate}{none} FROM _gone WHERE file = {literal(parent)} AND why <> 'row-superseded' "
        f"AND key NOT IN (SELECT {key} FROM {staged.table}) GROUP BY key"
    )


def is_victim_services_own(bench: Bench) -> bool:
    """Whether every organization of the export says that it is a victim service provider, and there is one.

    A blank or unreadable answer is no such word: then the export counts as a shared one.
    """
    query = """SELECT count(*), count(*) FILTER ("VictimServiceProvider" = 1) FROM "Organization" """
    every, of_victims = bench.engine.execute(query).fetchone() or (0, 0)
    return bool(0 < every == of_victims)


def belong(bench: Bench, staged: Staged) -> None:
    """Gives rows their person, and sets aside those that fall with their parents.

    Below an enrollment the person is the enrollment's; a row that names another is flagged. A parent whose file the
    export lacks is not asked for: what is there is analysed.
    """
    engine, table = bench.engine, staged.table
    _fall(bench, staged)
    if not any(column.name == "PersonalID" for column in staged.file.columns):
        return
    parent = next((each for each in staged.file.parents if each in bench.keyed), None)
    look, own = (
        (f"_look_{parent}", f"{parent}ID") if parent in ("Enrollment", "Assessment") else ("_person", "PersonalID")
    )
    engine.execute(f"ALTER TABLE {table} ADD COLUMN person BIGINT")
    if staged.rows:
        engine.execute(f"UPDATE {table} SET person = k.person FROM {look} AS k WHERE k.key = {table}.{name(own)}")
    if parent == "Enrollment" and staged.rows:
        other = f'SELECT t.line FROM {table} t JOIN {look} k ON k.key = t.{name(own)} WHERE k.id <> t."PersonalID"'
        bench.log.lines("person-differs", staged.csv, "PersonalID", other)
    if staged.file.name != "Enrollment":
        engine.execute(f'ALTER TABLE {table} DROP COLUMN "PersonalID"')


def _fall(bench: Bench, staged: Staged) -> None:
    """Sets rows aside by the fate of their parents, the worst where they have two."""
    engine = bench.engine
    asked = [parent for parent in staged.file.parents if parent in bench.keyed]
    if not asked or not staged.rows:
        return
    keys = {each: name("PersonalID" if each == "Client" else f"{each}ID") for each in asked}
    joins = " ".join(f"LEFT JOIN _look_{each} AS _{each} ON _{each}.key = t.{keys[each]}" for each in asked)
    fates = ", ".join(f"CASE WHEN _{each}.key IS NULL THEN 'orphan' ELSE _{each}.fate END" for each in asked)
    fallen = " OR ".join(f"_{each}.key IS NULL OR _{each}.fate IS NOT NULL" for each in asked)
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE _fallen AS SELECT t.line, [{fates}] AS fates "
        f"FROM {staged.table} AS t {joins} WHERE {fallen}"
    )
    for fate in _FATES:
        lines = f"SELECT line FROM _fallen WHERE list_contains(fates, {literal(fate)})"
        if engine.execute(f"{lines} LIMIT 1").fetchone():
            take_out(bench, staged, fate, f"line IN ({lines})")


def describe_stays(bench: Bench, period: tuple[date, date]) -> None:
    """Gives each enrollment its household and the person's ages; a blank household is a household of one."""
    engine = bench.engine
    engine.execute('ALTER TABLE "Enrollment" ADD COLUMN household VARCHAR')
    engine.execute("""UPDATE "Enrollment" SET household = coalesce("HouseholdID", 'alone in row ' || line)""")
    for column, kind in (("age_at_entry", "INTEGER"), ("age_in_period", "INTEGER"), ("_unborn", "BOOLEAN")):
        engine.execute(f'ALTER TABLE "Enrollment" ADD COLUMN {column} {kind}')
    entry = '"Enrollment"."EntryDate"'
    later = f"greatest({entry}, DATE '{period[0].isoformat()}')"
    engine.execute(
        f'UPDATE "Enrollment" SET age_at_entry = {_age(entry)}, age_in_period = {_age(later)}, '
        f'_unborn = {_birth()} > {entry} FROM "Client" AS c WHERE c."PersonalID" = "Enrollment"."PersonalID"'
    )


def _birth() -> str:
    """SQL: the birth date where its quality allows one; of a partial date only the year counts, so the middle of it.

    A date that stands there although its quality was not collected (99, blank) is used, as HUD's own reports do: the
    known answers of question 5a come out only so. "Does not know" and "prefers not to answer" (8, 9) make it unknown.
    """
    return """CASE WHEN c."DOBDataQuality" = 2 THEN make_date(year(c."DOB"), 7, 1)
        WHEN coalesce(c."DOBDataQuality", 99) IN (1, 99) THEN c."DOB" END"""


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
