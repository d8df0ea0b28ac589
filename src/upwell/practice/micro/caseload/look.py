"""What bringing an export in would do, counted: who is new, who is here already, what was set aside and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from upwell.practice.accounts.models import Agency
from upwell.practice.micro.models import Case
from upwell.practice.person.models import Person
from upwell.records.cases.hmis.people import Arrivals, Stay

AT_ONCE = 500
"""Digests asked for in one query."""
LONGEST_PROGRAMME = 120


def people_here(agency: Agency, sources: Sequence[str]) -> dict[str, UUID]:
    """Digest of a person's id in the export -> the person who is here."""
    found: dict[str, UUID] = {}
    for some in _slices(sources):
        found.update(Person.objects.filter(agency=agency, source_sha__in=some).values_list("source_sha", "pk"))
    return found


def stays_here(agency: Agency, sources: Sequence[str]) -> set[str]:
    """Digests of the stays that are cases here already, open or closed."""
    found: set[str] = set()
    for some in _slices(sources):
        found.update(Case.objects.filter(agency=agency, source_sha__in=some).values_list("source_sha", flat=True))
    return found


def counts(agency: Agency, arrivals: Arrivals) -> dict[str, Any]:  # Any: goes into JSON
    """The preview, without anybody's value."""
    stays = [stay for someone in arrivals.people for stay in someone.stays]
    here = people_here(agency, [someone.source for someone in arrivals.people])
    known = stays_here(agency, [stay.source for stay in stays])
    programmes = Counter(programme(stay) for stay in stays if stay.source not in known)
    return {
        "from": arrivals.exported_by[:120],
        "format": arrivals.format,
        "until": arrivals.until.isoformat(),
        "people_new": len(arrivals.people) - len(here),
        "people_here": len(here),
        "cases_new": len(stays) - len(known),
        "cases_here": len(known),
        "programmes": sorted(programmes.items()),
        "places": sorted({stay.city for stay in stays if stay.city}),
        "ended": arrivals.ended,
        "twice": arrivals.twice,
        "tests": arrivals.tests,
        "unnamed": sum(not (someone.first_name or someone.last_name) for someone in arrivals.people),
        "other_languages": arrivals.other_languages,
        "victim_provider_rows": arrivals.victim_provider_rows,
        "set_aside": [asdict(each) for each in arrivals.set_aside],
    }


def programme(stay: Stay) -> str:
    """The programme as a case names it."""
    return stay.programme[:LONGEST_PROGRAMME]


def _slices(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
