"""The Annual Performance Report's questions 5a and 8a, line by line, over the whole export for its period.

The report covers the projects of the export; HUD's covers one project or one kind, so hand over an export of those.
Each person counts by the last stay with a day in the period, age on the later of that stay's entry and the period's
first day; a household is its members with such stays. Rules: HMIS Standard Reporting Terminology Glossary, and the APR
programming specification (5a, 8a).
"""

from __future__ import annotations

from typing import NamedTuple

from upwell.records.cases.hmis.episodes import Loaded, build_episodes

# Long enough on the street, in shelter or in a safe haven: a year without break, or four times that make twelve months.
CHRONIC = """disabling = 1
    AND (project_type IN (0, 1, 4, 8) OR living BETWEEN 100 AND 199 OR (short_stay = 1 AND street_before = 1))
    AND (homeless_since + to_days(365) <= entry OR (times_homeless = 4 AND months_homeless IN (112, 113)))"""

# One row a person: the last stay of the period, and what is true of the household's stays of the period.
LAST_STAYS = f"""
WITH stay AS (
    SELECT *, age_in_period >= 18 AS adult, coalesce(exit <= $until, false) AS ended,
           coalesce({CHRONIC}, false) AS chronic, relationship = 1 AS head
    FROM episode WHERE entry <= $until AND coalesce(exit >= $since, true)),
house AS (
    SELECT home, coalesce(bool_or(adult), false) AS adults, coalesce(bool_or(NOT adult), false) AS children,
           bool_or(adult IS NULL) AS unknown, coalesce(max(age_in_period) <= 24, false) AND NOT unknown AS young,
           coalesce(bool_or(relationship = 2 AND NOT adult), false) AS has_child,
           list(entry) FILTER (chronic AND (adult OR head)) AS chronic_entries
    FROM stay GROUP BY home),
last AS (
    SELECT *, bool_and(ended) OVER (PARTITION BY person) AS gone FROM stay
    QUALIFY row_number() OVER (PARTITION BY person ORDER BY entry DESC, episode DESC) = 1)
SELECT coalesce(adult, false) AS adult, adult IS NULL AS age_unknown, coalesce(head, false) AS head, gone,
       coalesce(adult AND veteran = 1, false) AS veteran, age_in_period AS age,
       chronic OR coalesce(list_contains(chronic_entries, entry), false) AS chronic, young, has_child,
       coalesce(relationship IN (1, 3), false) AS head_or_partner, $until - entry + 1 AS days,
       CASE WHEN adults AND children THEN 'with children and adults' WHEN unknown THEN 'unknown'
            WHEN adults THEN 'without children' ELSE 'with only children' END AS household
FROM last JOIN house USING (home)
"""

YEAR = 365
YOUTH = (12, 24)


class Client(NamedTuple):
    """A person served, as the lines of the report see them. days: from the last stay's entry to the period's end."""

    adult: bool
    age_unknown: bool
    head: bool
    gone: bool
    veteran: bool
    age: int | None
    chronic: bool
    young: bool
    has_child: bool
    head_or_partner: bool
    days: int
    household: str


def question_5a(loaded: Loaded) -> dict[int, int]:
    """Persons by line of question 5a, 1 to 16."""
    served = _clients(loaded)
    lines = {
        1: [True for _ in served],
        2: [one.adult for one in served],
        3: [not one.adult and not one.age_unknown for one in served],
        4: [one.age_unknown for one in served],
        5: [one.gone for one in served],
        6: [one.gone and one.adult for one in served],
        7: [one.gone and (one.adult or one.head) for one in served],
        8: [not one.gone for one in served],
        9: [not one.gone and one.adult for one in served],
        10: [one.veteran for one in served],
        11: [one.chronic for one in served],
        12: [_is_youth(one) for one in served],
        13: [_is_youth(one) and one.head_or_partner and one.has_child for one in served],
        14: [one.head and one.adult for one in served],
        15: [one.head and not one.adult for one in served],
        16: [not one.gone and (one.adult or one.head) and one.days >= YEAR for one in served],
    }
    return {line: sum(persons) for line, persons in lines.items()}


def question_8a(loaded: Loaded) -> dict[str, int]:
    """Households by type, each counted by its head; "total" is all of them."""
    heads = [one for one in _clients(loaded) if one.head]
    types = ("without children", "with children and adults", "with only children", "unknown")
    return {"total": len(heads), **{kind: sum(one.household == kind for one in heads) for kind in types}}


def _is_youth(one: Client) -> bool:
    """Between 12 and 24, in a household whose members are all known to be 24 or younger."""
    return one.young and one.age is not None and YOUTH[0] <= one.age <= YOUTH[1]


def _clients(loaded: Loaded) -> list[Client]:
    build_episodes(loaded.engine)
    since, until = loaded.period
    return [Client(*row) for row in loaded.engine.execute(LAST_STAYS, {"since": since, "until": until}).fetchall()]
