"""Whose case is whose: what a worker may open, and that nobody else's is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import micro
from factories.five import case, five, person, worker
from upwell.practice.accounts.models import Agency, Role, Team
from upwell.practice.micro.models import Case
from upwell.practice.micro.queries.case import case_for, cases_for, may_see_case, workers_of
from upwell.practice.person.models import Person


def test_ana_opens_her_case_and_ben_his_teams():
    world = five()

    assert list(cases_for(world.ana)) == [world.case]
    assert list(cases_for(world.ben)) == [world.case]


def test_dov_of_another_agency_finds_nothing_there():
    world = five()

    assert list(cases_for(world.dov)) == [world.dovs_case]
    with pytest.raises(Http404):
        case_for(world.dov, world.case.pk)


def test_an_assignment_that_ended_opens_nothing():
    world = five()
    world.case.assignments.update(until=timezone.localdate() - timedelta(days=1))

    assert list(cases_for(world.ana)) == []


def test_broken_glass_opens_a_case_for_an_hour():
    world = five()
    finn = worker("Finn Frost", world.agency, world.team, Role.CASE_WORKER)
    broken = micro.glass(world.case, finn)

    within = list(cases_for(finn))
    broken.until = timezone.now()
    broken.save()
    after = list(cases_for(finn))

    assert (within, after) == ([world.case], [])


def test_a_restricted_persons_case_is_for_assigned_workers_alone():
    world = five()
    micro.glass(world.case, world.ben)
    world.eve.state = Person.State.RESTRICTED
    world.eve.save()

    assert list(cases_for(world.ana)) == [world.case]
    assert list(cases_for(world.ben)) == []


def test_who_works_on_a_case_is_who_is_assigned_now():
    world = five()
    micro.assignment(world.case, world.ben, until=timezone.localdate() - timedelta(days=2))

    assert list(workers_of(world.case)) == [world.ana]


DAYS = st.one_of(st.none(), st.integers(-3, 3))
ROW = st.tuples(st.integers(0, 3), st.integers(0, 3))  # which case, which worker


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cases=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(Person.State.values)), min_size=4, max_size=4),
    workers=st.lists(
        st.tuples(st.integers(0, 3), st.sets(st.sampled_from([Role.CASE_WORKER, Role.SUPERVISOR]))),
        min_size=4,
        max_size=4,
    ),
    assigned=st.lists(st.tuples(ROW, st.integers(-3, 3), DAYS), max_size=6),
    glass=st.lists(st.tuples(ROW, st.integers(-10, 130)), max_size=4),
)
def test_the_query_and_the_plain_rule_agree_in_every_world(cases, workers, assigned, glass):
    with transaction.atomic():
        people, theirs = _world(cases, workers, assigned, glass)

        for someone in people:
            seen = set(cases_for(someone))
            assert seen == {each for each in theirs if may_see_case(someone, each)}
        transaction.set_rollback(True)


def _world(cases, workers, assigned, glass):
    """Two agencies, three teams: the last of the other agency. A fourth "team" is none at all."""
    ours, other = (Agency.objects.create(name=name, slug=name) for name in ("ours", "other"))
    teams = [Team.objects.create(agency=each, name=name) for each, name in ((ours, "a"), (ours, "b"), (other, "c"))]
    people = []
    for number, (team, roles) in enumerate(workers):
        at = teams[team] if team < 3 else None
        people.append(worker(f"W{number} Name", at.agency if at else ours, at, *sorted(roles)))
    made = [case(person(teams[team].agency, "A", "B", state=state), teams[team]) for team, state in cases]
    today = timezone.localdate()
    for (which, who), since, until in assigned:
        day = today + timedelta(days=until) if until is not None else None
        micro.assignment(made[which], people[who], since=today + timedelta(days=since), until=day)
    for (which, who), minutes in glass:
        micro.glass(made[which], people[who], minutes_ago=minutes)
    return people, list(Case.objects.all())
