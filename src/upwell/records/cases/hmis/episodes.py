"""The episode table: one row a stay, with small codes for all that questions and columns need.

Built once a run, in the engine. Row numbers (`episode`, 0..) follow person, entry date and what is known of the stay
before its outcome, so "the first" never depends on the order of rows, on an answer, or on ids (save for two stays of
one day in one project, alike in all of that). Records that the reader takes for a test client's are nobody's stays.
"""

from __future__ import annotations

from typing import Protocol

from duckdb import DuckDBPyConnection

from upwell.records.cases.hmis.answers import build_answers
from upwell.records.cases.hmis.rule import settings
from upwell.records.cases.table import Sourced


class Loaded(Sourced, Protocol):
    """What this room uses of a loaded export (see read.py): valid rows, newest names, typed, without identity."""

    @property
    def engine(self) -> DuckDBPyConnection: ...
    @property
    def collected(self) -> frozenset[tuple[str, str]]: ...


PROGRAMMES = """
CREATE OR REPLACE TEMP TABLE programme AS
SELECT p.ProjectID, p.ProjectType::TINYINT AS project_type,
       CASE WHEN count(DISTINCT p.OrganizationID) OVER (PARTITION BY trim(p.ProjectName)) > 1
            THEN trim(p.ProjectName) || coalesce(' (' || trim(o.OrganizationName) || ')', '')
            ELSE trim(p.ProjectName) END AS project,
       trim(o.OrganizationName) AS agency_name, (dense_rank() OVER (ORDER BY p.OrganizationID) - 1)::INTEGER AS agency
FROM Project p LEFT JOIN Organization o USING (OrganizationID)
"""

# City words as people write them, else the first three digits of the ZIP, else the Continuum of Care.
PLACES = """
CREATE OR REPLACE TEMP TABLE place_of AS
SELECT ProjectID, CoCCode, first(place ORDER BY DateUpdated DESC, place) AS place,
       count(*) OVER (PARTITION BY ProjectID) AS cocs
FROM (SELECT ProjectID, CoCCode, DateUpdated,
             CASE WHEN trim(City) <> '' THEN array_to_string(list_transform(
                           string_split(lower(trim(City)), ' '), lambda word: upper(word[1:1]) || word[2:]), ' ')
                  WHEN length(trim(ZIP)) >= 5 THEN 'ZIP codes ' || trim(ZIP)[1:3]
                  WHEN trim(CoCCode) <> '' THEN trim(CoCCode) END AS place
      FROM ProjectCoC)
WHERE place IS NOT NULL
GROUP BY ProjectID, CoCCode
"""

PEOPLE = """
CREATE OR REPLACE TEMP TABLE people AS
SELECT person, VeteranStatus::TINYINT AS veteran, Sex::TINYINT AS sex,
       coalesce(Woman = 1, false) AS woman, coalesce(Man = 1, false) AS man,
       coalesce(Transgender = 1, false) AS transgender,
       len(list_filter([Woman, Man, NonBinary, CulturallySpecific, Questioning, DifferentIdentity],
                       lambda flag: flag = 1))::TINYINT AS genders,
       len(list_filter(races, lambda flag: flag = 1))::TINYINT AS races,
       list_position(races, 1)::TINYINT AS race
FROM (SELECT *, [AmIndAKNative, Asian, BlackAfAmerican, HispanicLatinao, MidEastNAfrican, NativeHIPacific,
                 White] AS races
      FROM Client)
"""

EXITS = """
CREATE OR REPLACE TEMP TABLE last_exit AS
SELECT EnrollmentID, max(ROW(ExitDate, DateUpdated, Destination)) AS of
FROM Exit WHERE ExitDate IS NOT NULL GROUP BY EnrollmentID
"""

NUMBER = """(row_number() OVER (ORDER BY person, EntryDate, project_type, project, RelationshipToHoH, LengthOfStay,
                           DisablingCondition, TimesHomelessPastThreeYears, EnrollmentID) - 1)::INTEGER AS episode"""

STAYS = f"""
CREATE OR REPLACE TEMP TABLE stay AS
SELECT {NUMBER}, e.*, g.* EXCLUDE (ProjectID)
FROM Enrollment e LEFT JOIN programme g USING (ProjectID) LEFT JOIN Client c USING (person)
WHERE NOT coalesce(c.test_client, false)
"""

# By the reporting glossary: an adult and a child make the household mixed, whatever else is unknown.
HOMES = """
CREATE OR REPLACE TEMP TABLE home AS
SELECT household, min(episode) AS number,
       CASE WHEN coalesce(bool_or(age_at_entry >= 18), false) AND coalesce(bool_or(age_at_entry < 18), false) THEN 1
            WHEN bool_or(age_at_entry IS NULL) THEN 3
            WHEN bool_or(age_at_entry >= 18) THEN 0 ELSE 2 END::TINYINT AS type,
       min(MoveInDate) FILTER (RelationshipToHoH = 1) AS head_moved_in
FROM stay GROUP BY household
"""

EPISODES = """
CREATE OR REPLACE TEMP TABLE episode AS
SELECT e.episode, e.person, e.EntryDate AS entry, x.of[1] AS exit, x.of[3]::SMALLINT AS destination, e.dates_ok,
       e.age_at_entry::SMALLINT AS age, e.age_in_period::SMALLINT AS age_in_period,
       e.RelationshipToHoH::TINYINT AS relationship, e.project_type, e.project, e.agency_name,
       coalesce(e.agency, (SELECT count(*) FROM programme))::INTEGER AS agency,
       e.LivingSituation::SMALLINT AS living, e.LengthOfStay::TINYINT AS stay_before,
       e.LOSUnderThreshold::TINYINT AS short_stay, e.PreviousStreetESSH::TINYINT AS street_before,
       e.DateToStreetESSH AS homeless_since, e.TimesHomelessPastThreeYears::TINYINT AS times_homeless,
       e.MonthsHomelessPastThreeYears::SMALLINT AS months_homeless, e.DisablingCondition::TINYINT AS disabling,
       h.number AS home, h.type AS home_type, least(e.MoveInDate, h.head_moved_in) AS moved_in,
       coalesce(here.place, there.place) AS place, c.* EXCLUDE (person),
       m.* EXCLUDE (EnrollmentID), d.* EXCLUDE (EnrollmentID), w.* EXCLUDE (EnrollmentID)
FROM stay e
JOIN home h ON h.household = e.household
LEFT JOIN people c ON c.person = e.person
LEFT JOIN last_exit x ON x.EnrollmentID = e.EnrollmentID
LEFT JOIN place_of here ON here.ProjectID = e.ProjectID AND here.CoCCode = e.EnrollmentCoC
LEFT JOIN place_of there ON there.ProjectID = e.ProjectID AND there.cocs = 1
LEFT JOIN money m ON m.EnrollmentID = e.EnrollmentID
LEFT JOIN health d ON d.EnrollmentID = e.EnrollmentID
LEFT JOIN work w ON w.EnrollmentID = e.EnrollmentID
"""

# The first entry into homelessness after each exit, for the questions about returning.
RETURNS = """
CREATE OR REPLACE TEMP TABLE episode_with_return AS
SELECT e.*, n.entry AS homeless_again
FROM episode e ASOF LEFT JOIN (SELECT person, entry FROM episode WHERE list_contains($settings, project_type)) n
  ON n.person = e.person AND n.entry > e.exit
"""

REFERRALS = """
CREATE OR REPLACE TEMP TABLE referral AS
SELECT e.*, v.EventDate AS referred_on, v.Event::TINYINT AS event, v.ReferralResult::TINYINT AS referral_result,
       (row_number() OVER (ORDER BY e.episode, v.EventDate, v.Event, v.EventID) - 1)::INTEGER AS number
FROM Event v JOIN stay s USING (EnrollmentID) JOIN episode e USING (episode)
WHERE v.Event BETWEEN 10 AND 18 AND v.EventDate IS NOT NULL
"""

# The same stays with what the count of persons served needs, for those who ask nothing else.
BARE = f"""
CREATE OR REPLACE TEMP TABLE episode AS
SELECT {NUMBER}, person, EntryDate AS entry, x.of[1] AS exit, age_in_period, RelationshipToHoH AS relationship,
       VeteranStatus AS veteran
FROM Enrollment e LEFT JOIN programme g USING (ProjectID) LEFT JOIN Client c USING (person)
LEFT JOIN last_exit x USING (EnrollmentID)
WHERE NOT coalesce(c.test_client, false)
"""

SCRATCH = ("programme", "place_of", "people", "last_exit", "stay", "home", "money", "health", "work")


def build_bare_episodes(engine: DuckDBPyConnection) -> None:
    """Make a temporary table episode that holds no more than served.py reads: a fifth of the work of build_episodes."""
    for step in (PROGRAMMES, EXITS, BARE):
        engine.execute(step)
    for table in ("programme", "last_exit"):
        engine.execute(f"DROP TABLE {table}")


def build_episodes(engine: DuckDBPyConnection) -> None:
    """Make the temporary tables episode (one row a stay) and referral (one row a coordinated-entry referral)."""
    for step in (PROGRAMMES, PLACES, PEOPLE, EXITS, STAYS, HOMES):
        engine.execute(step)
    build_answers(engine)
    engine.execute(EPISODES)
    engine.execute(RETURNS, {"settings": settings()["homeless_settings"]})
    engine.execute("DROP TABLE episode")
    engine.execute("ALTER TABLE episode_with_return RENAME TO episode")
    engine.execute(REFERRALS)
    for table in SCRATCH:
        engine.execute(f"DROP TABLE {table}")
