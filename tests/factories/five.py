"""The five standing people of every web test, and the small world they live in.

Ana: case worker. Ben: her supervisor and the agency's privacy officer. Cleo: macro worker, same agency.
Dov: case worker of another agency; must see nothing. Eve: Ana's client, who has a case, a consent and a portal code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

from upwell.practice.accounts.models import Agency, Role, RoleHeld, Team, Worker
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.environment.models import Place, Policy, Service, System
from upwell.practice.micro.models import Assignment, Case, Concern
from upwell.practice.person.models import Consent, Person

PASSWORD = "a-long-enough-password"
TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Five:
    """Who is there. case: Eve's, on which Ana works. dovs_case: of the other agency."""

    agency: Agency
    other_agency: Agency
    team: Team
    ana: Worker
    ben: Worker
    cleo: Worker
    dov: Worker
    eve: Person
    case: Case
    dovs_case: Case
    town: Place
    county: Place
    office: System
    policy: Policy
    service: Service


def worker(name: str, agency: Agency, team: Team | None, *roles: Role) -> Worker:
    """A worker who can sign in with PASSWORD."""
    email = f"{name.split()[0].lower()}@example.org"
    made = Worker(username=uuid4().hex, email=email, name=name, agency=agency, team=team)
    made.set_password(PASSWORD)
    made.save()
    for role in roles:
        RoleHeld.objects.create(worker=made, role=role)
    return made


def person(agency: Agency, first: str, last: str, **more: object) -> Person:
    """A person of an agency, not yet in the name index."""
    return Person.objects.create(agency=agency, first_name=first, last_name=last, **more)


def case(of: Person, team: Team, by: Worker | None = None, **more: object) -> Case:
    """A case, with a worker assigned when one is named."""
    made = Case.objects.create(
        agency=team.agency, team=team, person=of, opened_on=more.pop("opened_on", TODAY - timedelta(days=90)), **more
    )
    if by:
        Assignment.objects.create(case=made, worker=by, since=made.opened_on)
    return made


def consent(of: Person, purpose: str = Consent.Purpose.COUNT) -> Consent:
    """A consent that was given and holds."""
    now = timezone.now()
    return Consent.objects.create(
        person=of, purpose=purpose, state=Consent.State.GIVEN, offered_at=now, given_at=now, how="page"
    )


def concern(on: Case, by: Worker, **more: object) -> Concern:
    """A concern as Ana would raise it."""
    fields: dict[str, object] = {
        "domain": Domain.DOCUMENTS,
        "barrier": Barrier.TOO_SLOW,
        "problem": "The certificate takes eleven weeks.",
        "impact": "Without it nobody gets a lease.",
        "on": TODAY,
        "form_key": uuid4(),
        "raised_at": timezone.now(),
    }
    return Concern.objects.create(case=on, by=by, **(fields | more))


def five() -> Five:
    """The world, in the database."""
    agency = Agency.objects.create(name="Fennhaven Family Services", slug="fennhaven")
    other = Agency.objects.create(name="Marlow Bend Outreach", slug="marlow-bend")
    team = Team.objects.create(agency=agency, name="Northside")
    other_team = Team.objects.create(agency=other, name="Outreach")
    state = Place.objects.create(name="Ostrava State", kind=Place.Kind.STATE)
    county = Place.objects.create(name="Fenn County", kind=Place.Kind.COUNTY, parent=state)
    town = Place.objects.create(name="Fennhaven", kind=Place.Kind.TOWN, parent=county)
    office = System.objects.create(name="County Records Office", kind=System.Kind.RECORDS, place=county)
    policy = Policy.objects.create(
        title="Birth certificates by post only",
        kind=Policy.Kind.PRACTICE,
        system=office,
        place=county,
        domain=Domain.DOCUMENTS,
    )
    service = Service.objects.create(name="Certificate desk", system=office, place=town, domain=Domain.DOCUMENTS)
    ana = worker("Ana Alvarez", agency, team, Role.CASE_WORKER)
    ben = worker("Ben Baker", agency, team, Role.SUPERVISOR, Role.PRIVACY_OFFICER)
    cleo = worker("Cleo Carter", agency, None, Role.ORGANIZER, Role.ADVOCATE)
    dov = worker("Dov Dresner", other, other_team, Role.CASE_WORKER)
    eve = person(agency, "Evelina", "Ostrowska", preferred_name="Eve", language="es", pronouns="she/her")
    return Five(
        agency=agency,
        other_agency=other,
        team=team,
        ana=ana,
        ben=ben,
        cleo=cleo,
        dov=dov,
        eve=eve,
        case=case(eve, team, ana, place=town, programme="Rapid re-housing"),
        dovs_case=case(person(other, "Gideon", "Quillfeather"), other_team, dov),
        town=town,
        county=county,
        office=office,
        policy=policy,
        service=service,
    )
