"""What organizers and the people who opt in write."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.models import Worker
from upwell.practice.bridge.forms import NOBODY, day_field, long_text
from upwell.practice.mezzo.organizing import queries
from upwell.practice.mezzo.organizing.actions import SessionFields
from upwell.practice.mezzo.organizing.education import Begun
from upwell.practice.mezzo.organizing.models import Confirmation, EducationSession, Initiative

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
WITHIN = [MinValueValidator(datetime(2000, 1, 1, tzinfo=UTC)), MaxValueValidator(datetime(2100, 12, 31, tzinfo=UTC))]
STATEMENTS = 3


class Once(forms.Form):
    """A form that carries a key of its own, so that it counts once however often it is sent."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class ConfirmForm(forms.Form):
    """Make a pattern an issue."""

    words = forms.CharField(
        label=_("What everyone who raised it will hear"), max_length=500, widget=long_text(3), help_text=NOBODY
    )


class MeetingForm(Once):
    """When and where people meet."""

    at = forms.DateTimeField(label=_("When"), widget=MOMENT, validators=WITHIN)
    where = forms.CharField(label=_("Where"), max_length=160)
    access = forms.CharField(
        label=_("What makes it easier to come"),
        max_length=300,
        required=False,
        help_text=_("Step-free entrance, interpreter, childcare, fares, food."),
    )
    agenda = forms.CharField(label=_("Agenda"), max_length=1000, required=False, widget=long_text())


class StartForm(Once):
    """Goal, who, first meeting."""

    title = forms.CharField(label=_("Name of the initiative"), max_length=120)
    goal = forms.CharField(label=_("What should be different in the end?"), max_length=300, widget=long_text(2))
    owner = forms.ModelChoiceField(Worker.objects.none(), label=_("Who leads it"), empty_label=None)
    at = forms.DateTimeField(
        label=_("First meeting: when"),
        widget=MOMENT,
        validators=WITHIN,
        required=False,
        help_text=_("Leave it empty if you do not know yet. A meeting named here is published at once."),
    )
    where = forms.CharField(label=_("First meeting: where"), max_length=160, required=False)
    access = MeetingForm.base_fields["access"]
    agenda = MeetingForm.base_fields["agenda"]
    words = forms.CharField(
        label=_("What everyone who raised it will hear"), max_length=500, widget=long_text(3), help_text=NOBODY
    )

    def __init__(self, *args: Any, leaders_of: Worker, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = queries.leaders(leaders_of.agency)

    def clean(self) -> dict[str, Any]:
        """A meeting has a day and a place, or there is none yet."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("at") and not data.get("where"):
            self.add_error("where", _("Say where people meet."))
        if data.get("where") and not data.get("at") and "at" not in self.errors:
            self.add_error("at", _("Say when people meet."))
        return data


class MinutesForm(forms.Form):
    """What was decided, and what was said against it."""

    decisions = forms.CharField(label=_("What was decided"), max_length=2000, widget=long_text(5), help_text=NOBODY)
    dissent = forms.CharField(
        label=_("What was said against it"),
        max_length=1000,
        required=False,
        widget=long_text(3),
        help_text=_("Kept beside the decision."),
    )
    came = forms.IntegerField(label=_("How many people came"), min_value=0, max_value=5000, required=False)


class EndForm(forms.Form):
    """End an initiative."""

    state = forms.ChoiceField(
        label=_("How does it end?"),
        choices=[
            (Initiative.State.ENDED, _("It did what it set out to do, or goes on elsewhere")),
            (Initiative.State.WITHDRAWN, Initiative.State.WITHDRAWN.label),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What everyone who raised it will hear"), max_length=500, widget=long_text(3), help_text=NOBODY
    )


class JoinForm(Once):
    """Opt in by one's own act. It never asks whether somebody is a client, and is never filled in for anybody."""

    says = forms.ChoiceField(
        label=_("Is this how it is?"),
        choices=[*Confirmation.Says.choices, ("", _("I would rather not say"))],
        widget=forms.RadioSelect,
        required=False,
    )
    words = forms.CharField(
        label=_("What is missing or wrong?"),
        max_length=500,
        required=False,
        widget=long_text(3),
        help_text=_("In your own words. Do not name anybody."),
    )
    lives_with_it = forms.BooleanField(label=_("This touches my own life"), required=False)
    called = forms.CharField(
        label=_("What should we call you?"), max_length=80, help_text=_("Any name you like. It need not be your own.")
    )
    reach = forms.CharField(
        label=_("How can we reach you?"),
        max_length=160,
        required=False,
        help_text=_("Phone or e-mail, only if you want to hear from us."),
    )


class LeaveForm(forms.Form):
    """Leave by the own code."""

    code = forms.CharField(label=_("Your code"), max_length=40)


class SessionForm(Once):
    """An education session with three statements that are right or not."""

    title = forms.CharField(label=_("Title"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    on = day_field(_("Day"))
    objectives = forms.CharField(
        label=_("What people can do afterwards"), max_length=600, widget=long_text(3), required=False
    )
    material = forms.CharField(
        label=_("What you will show and say"),
        max_length=4000,
        widget=long_text(14),
        help_text=_("Begun from the issue. Put its words into the language of the session."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        for number in range(1, STATEMENTS + 1):
            self.fields[f"words_{number}"] = forms.CharField(
                label=_("Statement {number}").format(number=number), max_length=200
            )
            self.fields[f"right_{number}"] = forms.ChoiceField(
                label=_("Statement {number} is").format(number=number),
                choices=[("true", _("True")), ("false", _("Not true"))],
                widget=forms.RadioSelect,
            )

    def session(self) -> SessionFields:
        """The valid form as the action wants it."""
        data = self.cleaned_data
        return SessionFields(
            title=data["title"],
            language=data["language"],
            objectives=data["objectives"],
            material=data["material"],
            on=data["on"],
            statements=tuple(
                (data[f"words_{number}"], data[f"right_{number}"] == "true") for number in range(1, STATEMENTS + 1)
            ),
        )


class CheckForm(Once):
    """The statements of a session, one tap each."""

    def __init__(self, *args: Any, session: EducationSession, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        for number, question in enumerate(session.questions):
            self.fields[f"said_{number}"] = forms.ChoiceField(
                label=question["words"],
                choices=[("true", _("True")), ("false", _("Not true")), ("unsure", _("I do not know"))],
                widget=forms.RadioSelect,
            )

    def told(self) -> tuple[str, ...]:
        """What was tapped, in the order of the statements."""
        return tuple(value for name, value in self.cleaned_data.items() if name.startswith("said_"))


def session_begins(begun: Begun, language: str, on: object) -> dict[str, Any]:
    """What a new session's form begins with. Any: values of form fields."""
    plain = {"title": begun.title, "objectives": begun.objectives, "material": begun.material}
    return plain | {"language": language, "on": on} | _pairs(begun.statements)


def session_stands(session: EducationSession) -> dict[str, Any]:
    """A planned session as its form shows it again."""
    plain = {name: getattr(session, name) for name in ("title", "language", "on", "objectives", "material")}
    return plain | _pairs(tuple((each["words"], each["right"]) for each in session.questions))


def _pairs(statements: tuple[tuple[str, bool], ...]) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for number, (words, right) in enumerate(statements, start=1):
        pairs |= {f"words_{number}": words, f"right_{number}": "true" if right else "false"}
    return pairs
