"""A session's material and statements, begun from an issue: what is known, what usually moves it, what one can do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from upwell.practice.bridge.queries import FigureShown, Thread


@dataclass(frozen=True)
class Begun:
    """What the form of a session begins with. statements: three pairs of words and whether they are right."""

    title: str
    objectives: str
    material: str
    statements: tuple[tuple[str, bool], ...]


def begin(thread: Thread, language: str) -> Begun:
    """Title, objectives, material and three statements from an issue, in the session's language.

    The issue's own words stay in the language in which they were written; the organizer puts them into the session's.
    """
    with translation.override(language):
        return Begun(
            title=thread.statement.title,
            objectives=_objectives(),
            material=_material(thread),
            statements=_statements(thread),
        )


def _objectives() -> str:
    return "\n".join(
        (
            _("Say in own words what happens and to how many people."),
            _("Name who decides about it."),
            _("Name one thing to do today, and one to do together."),
        )
    )


def _material(thread: Thread) -> str:
    statement, lever = thread.statement, thread.lever
    parts = [
        _("What happens"),
        statement.what_happens,
        _("Whom it touches: {who}").format(who=statement.who),
    ]
    if figure := _newest(thread):
        parts += [_("How many"), *_number(figure)]
    if statement.policy:
        parts += [_("The rule or practice behind it"), str(statement.policy)]
    if statement.system:
        parts += [_("Who decides about it: {who}").format(who=statement.system)]
    parts += [
        _("What usually moves a trouble like this"),
        _(lever.lever),
        _("A first step: {step}").format(step=_(lever.first_move)),
        _("What you can do today: ask for the decision in writing, with its reason and how to appeal."),
        _("Coming here, or joining, changes nothing about any service you get."),
    ]
    if statement.not_known:
        parts += [_("What we do not know: {words}").format(words=statement.not_known)]
    return "\n\n".join(parts)[:4000]


def _number(shown: FigureShown) -> list[str]:
    figure = shown.figure
    numbers = {"with_trouble": figure.with_trouble, "people": figure.people, "share": round(100 * shown.share)}
    said = [_("{with_trouble} of {people} people counted ({share} %).").format(**numbers)]
    if shown.expected_share is not None:
        expected = round(100 * shown.expected_share)
        said.append(_("Among comparable people it was {expected} %.").format(expected=expected))
    return said


def _statements(thread: Thread) -> tuple[tuple[str, bool], ...]:
    statement = thread.statement
    who = statement.system or (statement.policy.system if statement.policy else None)
    return (
        (_("This happens to many people, not only to one."), True),
        (
            _("{who} can change this.").format(who=who) if who else _("Nobody can change a rule once it stands."),
            who is not None,
        ),
        (_("Whoever asks for a decision in writing loses the service."), False),
    )


def _newest(thread: Thread) -> FigureShown | None:
    return next((shown for shown in thread.figures if shown.trusted), None)
