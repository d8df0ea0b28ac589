"""What stands on the bridge: a release that crossed, issues made of it, questions, answers, calls, notes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from factories import releases
from factories.five import TODAY, Five
from upwell.practice.accounts.models import Agency
from upwell.practice.bridge import actions
from upwell.practice.bridge.models import Ask, Crossed, Issue, PracticeNote
from upwell.practice.environment.coding import Barrier, Domain

PUBLIC_KEY = Ed25519PrivateKey.from_private_bytes(releases.KEY).public_key().public_bytes_raw()


def crossed(agency: Agency, seed: int = 20250101) -> Crossed:
    """The rich invented release, let cross. Another seed is another release."""
    release = releases.settled(replace(releases.rich(), seed=seed))
    return actions.receive(agency=agency, data=releases.signed(release), public_key=PUBLIC_KEY, on=TODAY)


def statement(world: Five, **more: object) -> actions.StatementFields:
    """The words the desk would write of Eve's trouble and many others'."""
    fields: dict[str, object] = {
        "title": "Birth certificates take too long",
        "what_happens": "People wait eleven weeks for a certificate and lose the lease they were offered.",
        "who": "people moving out of shelter",
        "domain": Domain.DOCUMENTS,
        "barrier": Barrier.TOO_SLOW,
        "policy": world.policy,
        "system": world.office,
        "county": world.county,
        "half_year": "2026-H1",
        "not_known": "How long people waited who never came back.",
    }
    return actions.StatementFields(**(fields | more))  # type: ignore[arg-type]  # fields of this one dataclass


FINDING = actions.FigureFields(
    table="t20", row=0, words="131 of 412 people", with_trouble=131, people=412, expected_share=0.18, p=0.004
)


def issue(world: Five, *, seed: int = 20250101, on: date = TODAY, **more: object) -> Issue:
    """An issue of Ana's agency with one released number."""
    return actions.issue_open(
        crossed=crossed(world.agency, seed), statement=statement(world, **more), figures=(FINDING,), on=on
    )


def ask(world: Five, agency: Agency | None = None, **more: object) -> Ask:
    """A question as Ana would send it."""
    fields: dict[str, object] = {
        "kind": Ask.Kind.LAWFUL,
        "domain": Domain.DOCUMENTS,
        "barrier": Barrier.TOO_SLOW,
        "policy": world.policy,
        "system": world.office,
        "needed_by": None,
        "on": TODAY,
    }
    return actions.ask_receive(agency=agency or world.agency, **(fields | more))  # type: ignore[arg-type]  # as above


def note_fields(world: Five, **more: object) -> actions.NoteFields:
    """What Cleo writes when the office changed its practice."""
    fields: dict[str, object] = {
        "title": "Certificates can be fetched in person",
        "what_changed": "The records office opened a counter.",
        "who_affected": "Everybody born in the county.",
        "what_to_do": "Send people to the counter with any proof of address.",
        "effective_on": TODAY + timedelta(days=30),
        "policy": world.policy,
        "system": world.office,
        "finder_domains": (Domain.DOCUMENTS.value,),
        "finder_barriers": (Barrier.TOO_SLOW.value,),
    }
    return actions.NoteFields(**(fields | more))  # type: ignore[arg-type]  # fields of this one dataclass


def note(world: Five, about: Issue | None = None, **more: object) -> PracticeNote:
    """A drafted practice note."""
    return actions.practice_note_draft(issue=about, by=world.cleo, note=note_fields(world, **more))
