"""The demo's world: the invented county as a caseload, two agencies, five people, and a trouble that many share.

Everything goes through the same actions as in real work. What is planted is said in seed.toml and on the start page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from importlib import resources
from random import Random
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from upwell.practice.accounts.models import Agency, RoleHeld, Team, Worker
from upwell.practice.environment.coding import Domain
from upwell.practice.environment.models import Place, Policy, Service, System
from upwell.practice.macro.models import Target
from upwell.practice.micro.actions.concern import concern_raise
from upwell.practice.micro.actions.goal import goal_set
from upwell.practice.micro.models import Assignment, Case, Goal
from upwell.practice.person.actions import consent_give, consent_offer, person_add, portal_issue
from upwell.practice.person.models import Consent
from upwell.web.start import scene

Tell = Callable[[str, float], None]
FEWEST_OF_ANA = 10
AGREE = 0.86
"""Share of people who agree to be counted."""


def world() -> dict[str, Any]:  # Any: TOML values; each is read by its name below
    """What the demo is made of."""
    return tomllib.loads(resources.files(__package__).joinpath("seed.toml").read_text(encoding="utf-8"))


def people_who_work() -> tuple[Agency, Team, list[Worker]]:
    """Both agencies, their teams, and everybody who works there."""
    plan = world()
    agency = Agency.objects.create(name=plan["agency"]["name"], slug=plan["agency"]["slug"])
    team = Team.objects.create(agency=agency, name=plan["team"])
    staff = [_worker(each["mail"], each["name"], agency, team, each["roles"]) for each in plan["worker"]]
    other = Agency.objects.create(name=plan["other_agency"]["name"], slug=plan["other_agency"]["slug"])
    street = Team.objects.create(agency=other, name=plan["other_agency"]["team"])
    _worker(scene.mail("dov"), "Dov Dogwood", other, street, ["case_worker"])
    return agency, team, staff


def surroundings(agency: Agency) -> dict[str, Policy]:
    """Places, institutions, services and policies. Gives the policies by title."""
    plan = world()
    state = Place.objects.create(name=plan["state"], kind=Place.Kind.STATE)
    county = Place.objects.create(name=plan["county"], kind=Place.Kind.COUNTY, parent=state)
    systems = {
        each["name"]: System.objects.create(name=each["name"], kind=each["kind"], place=county)
        for each in plan["system"]
    }
    for each in plan["service"]:
        Service.objects.create(name=each["name"], system=systems[each["system"]], domain=each["domain"], place=county)
    Target.objects.create(agency=agency, place=county, **plan["target"])
    return {
        each["title"]: Policy.objects.create(
            title=each["title"],
            kind=each["kind"],
            system=systems[each["system"]],
            place=county,
            domain=each["domain"],
            summary=each["summary"],
        )
        for each in plan["policy"]
    }


def eve(agency: Agency, team: Team, ana: Worker, today: date) -> Case:
    """Eve, her case with Ana, a goal, and her own page."""
    person = person_add(
        agency=agency,
        by=ana,
        first_name="Evelina",
        last_name="Invented-Elm",
        preferred_name="Eve",
        pronouns="she/her",
        language="es",
    )
    case = Case.objects.create(
        agency=agency,
        team=team,
        person=person,
        state=Case.State.IN_SERVICE,
        programme=scene.CASE_OF_EVE,
        place=Place.objects.filter(name="Fennhaven").first(),
        opened_on=today - timedelta(days=80),
        next_contact_on=today,
    )
    Assignment.objects.create(case=case, worker=ana, since=case.opened_on)
    goal_set(
        case=case,
        by=ana,
        words="A home of my own before my daughter starts school",
        level=Goal.Level.SELF,
        our_step="Write to the records office again",
        their_step="Bring the letter from the hospital",
        on=today,
        form_key=uuid4(),
    )
    portal_issue(person=person, by=ana)
    return case


def dovs_own(today: date) -> None:
    """Three people whom Dov works with, so that his pages are not empty."""
    dov = scene.worker("dov")
    if dov.agency is None or dov.team is None:
        return
    for number, first in enumerate(("Ottilie", "Perrin", "Quill")):
        person = person_add(agency=dov.agency, by=dov, first_name=first, last_name="Invented-Oak")
        opened = today - timedelta(days=30 + number)
        case = Case.objects.create(agency=dov.agency, team=dov.team, person=person, opened_on=opened)
        Assignment.objects.create(case=case, worker=dov, since=opened)


def shared_out(programmes: list[list[Any]], holders: list[Worker]) -> dict[str, Worker]:
    """Programme -> who takes its cases: the smallest with ten people or more is Ana's, the others go round."""
    ana, *others = holders
    by_size = sorted(programmes, key=lambda each: (each[1], each[0]))
    own = next((name for name, cases in by_size if cases >= FEWEST_OF_ANA), by_size[0][0])
    rest = [name for name, _cases in by_size if name != own]
    return {own: ana, **{name: others[at % len(others)] for at, name in enumerate(rest)}}


def troubles(agency: Agency, policies: dict[str, Policy], *, seed: int, today: date, tell: Tell) -> int:
    """What the caseload has met: consents, and concerns by whoever works on a case. Gives how many concerns."""
    chance, plan, raised = Random(seed), world()["policy"], 0
    cases = list(Case.objects.filter(agency=agency, came_with__isnull=False).select_related("person", "place"))
    holders = _holders()
    for number, case in enumerate(sorted(cases, key=lambda each: each.source_sha)):
        if number % 50 == 0:
            tell("Writing down what people met", number / len(cases))
        by = holders[case.pk]
        if chance.random() < AGREE:
            _agree(case, by)
        for each in plan:
            if chance.random() < _share(each, case):
                _raise(each, policies[each["title"]], case, by, today - timedelta(days=chance.randrange(20, 150)))
                raised += 1
    return raised


def move_to_now(agency: Agency, today: date, *, ended: date) -> None:
    """The invented county's records end on a fixed day; the demo moves them so that they end yesterday."""
    by = today - timedelta(days=1) - ended
    for case in Case.objects.filter(agency=agency, came_with__isnull=False):
        case.opened_on += by
        case.next_contact_on = today + timedelta(days=int(case.pk.int % 40) - 4)
        case.state = Case.State.IN_SERVICE
        case.save(update_fields=["opened_on", "next_contact_on", "state"])


def _worker(mail: str, name: str, agency: Agency, team: Team, roles: list[str]) -> Worker:
    worker = Worker(username=uuid4().hex, email=mail, name=name, agency=agency, team=team)
    worker.set_unusable_password()  # the start page is the way in, and there alone
    worker.save()
    for role in roles:
        RoleHeld.objects.create(worker=worker, role=role)
    return worker


def _holders() -> dict[UUID, Worker]:
    assigned = Assignment.objects.filter(until=None).select_related("worker")
    return {each.case_id: each.worker for each in assigned}


def _share(plan: dict[str, Any], case: Case) -> float:
    planted = plan.get("planted", {"town": "", "share": 0})
    here = case.place is not None and case.place.name == planted["town"]
    return float(planted["share"] if here else plan["share"]) / 100


def _agree(case: Case, by: Worker) -> None:
    offered = consent_offer(person=case.person, purpose=Consent.Purpose.COUNT, by=by, language="en")
    consent_give(consent=offered, how=Consent.How.SPOKEN, at=_now(), by=by)


def _raise(plan: dict[str, Any], policy: Policy, case: Case, by: Worker, on: date) -> None:
    concern_raise(
        case=case,
        by=by,
        domain=Domain(plan["domain"]),
        barrier=plan["barrier"],
        policy=policy,
        system=policy.system,
        problem=plan["problem"],
        impact=plan["impact"],
        on=on,
        form_key=uuid4(),
    )


def _now() -> datetime:
    return timezone.now()
