"""What the tour of the demo points at, as far as the story has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.models import Worker
from upwell.practice.bridge.models import Issue
from upwell.practice.macro.models import Project, Proposal, SignedLink
from upwell.practice.mezzo.organizing.models import Initiative
from upwell.practice.micro.models import Candidate, Case, Outbox
from upwell.practice.person.models import Person

Who = Literal["ana", "ben", "cleo", "dov", "eve"]
CASE_OF_EVE = "Riverbend Family Services: Eve"
POLICY = "Birth certificates by post only"


@dataclass(frozen=True)
class Somebody:
    """One of the five, as the start page introduces them."""

    key: Who
    name: str
    role: str | Promise
    words: str | Promise


FIVE = (
    Somebody("ana", "Ana", _("Case worker"), _("She works with people one at a time, and has little time for notes.")),
    Somebody("ben", "Ben", _("Supervisor and privacy officer"), _("He leads Ana's team, and decides what may cross.")),
    Somebody(
        "cleo",
        "Cleo",
        _("Organizer and policy advocate"),
        _("She turns what many share into change. She sees no case."),
    ),
    Somebody("dov", "Dov", _("Case worker of another agency"), _("He must see nothing of all this.")),
    Somebody(
        "eve",
        "Eve",
        _("Ana's client"),
        _("She reads Spanish, on her own phone, and decides what is done with her words."),
    ),
)


@dataclass(frozen=True)
class Step:
    """One step of the tour. address: where it happens now, "" while the story has not come so far."""

    who: Who | Literal["aide"]
    words: str | Promise
    address: str = ""


def mail(key: str) -> str:
    """The address by which one of the four who work signs in."""
    return f"{key}@{'lantern' if key == 'dov' else 'riverbend'}.example"


def worker(key: str) -> Worker:
    """One of the four who work."""
    return Worker.objects.get(email=mail(key))


def eves_case() -> Case:
    """Eve's case: the demo's own, not one that came with the caseload."""
    return Case.objects.select_related("person").get(programme=CASE_OF_EVE)


def eve() -> Person:
    """The client of the story."""
    return eves_case().person


def newest_link() -> SignedLink | None:
    """The link an aide would have in hand."""
    open_links = SignedLink.objects.filter(taken_back_at=None, expires__gt=timezone.now())
    return open_links.order_by("-made_at").first()


def last_night() -> str:
    """What the last gathering said when nothing came of it, "" otherwise."""
    last = Outbox.objects.filter(kind="gather", agency=worker("ana").agency).order_by("-pk").first()
    return last.said if last else ""


def tour() -> list[Step]:
    """The story in the order it is lived. Addresses appear as the story goes on."""
    case = eves_case()
    found = Issue.objects.filter(statement__policy__title=POLICY).first() or Issue.objects.first()
    return [*_from_the_case(case), *_crossing(), *_with_people(found), *_official(found), *_back()]


def _from_the_case(case: Case) -> list[Step]:
    return [
        Step(
            "ana", _("Open Eve's case and write a note: press n. Try closing the page; the draft is kept."), _at(case)
        ),
        Step("ana", _("After the note: is a rule or practice behind this? Raise a concern."), _at(case)),
        Step("ana", _("Offer Eve to be counted and to be told."), reverse("consent_offer", args=[case.pk])),
        Step("eve", _("Agree, or take it back in two taps."), reverse("portal_consents")),
        Step("ana", _("Ask macro a question from the case."), reverse("ask_make", args=[case.pk])),
    ]


def _crossing() -> list[Step]:
    waiting = Candidate.objects.filter(state=Candidate.State.WAITING).first()
    desk = reverse("desk_release", args=[waiting.pk]) if waiting else reverse("desk")
    return [
        Step(
            "ben", _("Let the night pass, then see what would cross and what the attack tried. Write the issue."), desk
        ),
        Step("cleo", _("See the issue: how many, where, growing or not, what is not known."), reverse("radar")),
        Step("cleo", _("Answer Ana's question. Others will find the answer."), reverse("asks")),
    ]


def _with_people(found: Issue | None) -> list[Step]:
    initiative = Initiative.objects.filter(issue=found).first() if found else None
    there = reverse("initiative", args=[initiative.pk]) if initiative else _to("initiative_start", found)
    return [
        Step("cleo", _("Let people who live with it say whether it is so."), _to("issue_confirm", found)),
        Step("cleo", _("Start an initiative; publish a meeting; plan an education session."), there),
        Step("cleo", _("Make it a project: which gap, measured how, by when."), _to("project_start", found)),
    ]


def _official(found: Issue | None) -> list[Step]:
    project = Project.objects.filter(issue=found).first() if found else None
    proposal = Proposal.objects.filter(project=project).first() if project else None
    planned = reverse("project", args=[project.pk]) if project else ""
    asked = reverse("proposal", args=[proposal.pk]) if proposal else ""
    link = reverse("start_aide") if newest_link() else ""
    return [
        Step("cleo", _("Make a proposal: one ask to one official role. Make a signed link."), asked or planned),
        Step("aide", _("Without an account: read one page, ask a question back, record an action."), link),
        Step("cleo", _("Answer the aide, and record the decision: adopted, in part or rejected."), asked),
        Step("cleo", _("Write a practice note: what changed, whom it touches."), _to("practice_note_write", found)),
    ]


def _back() -> list[Step]:
    return [
        Step("ana", _("Read what became of the concern, and which own cases the change may touch."), reverse("today")),
        Step("eve", _("Read what became of what you told, and who saw your file."), reverse("portal_told")),
        Step("dov", _("Look for any of it. There is nothing."), reverse("board")),
    ]


def _at(case: Case) -> str:
    return reverse("case", args=[case.pk])


def _to(name: str, found: Issue | None) -> str:
    return reverse(name, args=[found.pk]) if found else ""
