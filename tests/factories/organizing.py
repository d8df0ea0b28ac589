"""People who opted in by themselves, an initiative, a meeting, a session. None of them is a client."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from factories.five import TODAY, Five
from upwell.practice.bridge.models import Issue
from upwell.practice.mezzo.organizing import actions, queries
from upwell.practice.mezzo.organizing.models import Confirmation, EducationSession, Initiative, Meeting


def joined(link: UUID, **more: object) -> actions.Joined:
    """Somebody who opted in at a public page and says yes."""
    fields: dict[str, object] = {
        "called": "Rosa",
        "reach": "",
        "language": "es",
        "lives_with_it": True,
        "says": Confirmation.Says.YES,
        "words": "",
        "form_key": uuid4(),
    }
    return actions.join(at=queries.entrance(link), **(fields | more))  # type: ignore[arg-type]  # fields of join


def confirmed(world: Five, issue: Issue, *says: str) -> None:
    """People who live with it say these things at the issue's door."""
    door = actions.door_open(issue=issue, by=world.cleo)
    for each in says:
        joined(door.link, says=each, called=f"Somebody who says {each}")


def initiative(world: Five, issue: Issue, **more: object) -> Initiative:
    """An initiative that Cleo leads, without a meeting."""
    fields: dict[str, object] = {
        "title": "Certificates in a week",
        "goal": "Nobody loses a lease while waiting for a paper.",
        "owner": world.cleo,
        "words": "People have come together.",
        "form_key": uuid4(),
    }
    return actions.initiative_start(issue=issue, by=world.cleo, **(fields | more))  # type: ignore[arg-type]  # as above


def meeting(world: Five, of: Initiative, days: int = 7, **more: object) -> Meeting:
    """A meeting so many days from now."""
    fields: dict[str, object] = {
        "at": timezone.now() + timedelta(days=days),
        "where": "Library, room 2",
        "access": "Step-free",
        "agenda": "Who we are. What we ask.",
        "form_key": uuid4(),
    }
    return actions.meeting_add(initiative=of, by=world.cleo, **(fields | more))  # type: ignore[arg-type]  # as above


def session_fields(**more: object) -> actions.SessionFields:
    """A session of three statements: right, right, not right."""
    fields: dict[str, object] = {
        "title": "Your certificate, your right",
        "language": "es",
        "objectives": "",
        "material": "Lo que pasa.",
        "on": TODAY,
        "statements": (("A", True), ("B", True), ("C", False)),
    }
    return actions.SessionFields(**(fields | more))  # type: ignore[arg-type]  # as above


def session(world: Five, of: Initiative, state: str = EducationSession.State.PLANNED) -> EducationSession:
    """A session, gone on until it has this state."""
    planned = actions.session_plan(initiative=of, session=session_fields(), by=world.cleo, form_key=uuid4())
    while planned.state != state:
        actions.session_go_on(session=planned, seen=planned.state, by=world.cleo)
    return planned


def sheets(of: EducationSession, *told: str) -> None:
    """Hand in sheets: "tft" is true, not true, true."""
    words = {"t": "true", "f": "false", "?": "unsure"}
    for each in told:
        actions.check_answer(session=of, told=tuple(words[letter] for letter in each), form_key=uuid4())
