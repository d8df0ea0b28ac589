"""What the shared side writes into the library. Nothing here is about one person, and the help says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.refused import said_on
from upwell.practice.bridge.actions import NoteFields
from upwell.practice.bridge.models import Issue, PracticeNote
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.environment.models import Policy, System

T = TypeVar("T")
NOBODY = _("Many people read this. Write nothing that points to one person: no name, no birth date, no address.")
WITHIN = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def tried(form: forms.BaseForm, act: Callable[[], T]) -> T | None:
    """The action's row, or None with the reason among the form's errors when a rule forbids it."""
    with said_on(form):
        return act()
    return None


def long_text(rows: int = 4) -> forms.Textarea:
    """A box for some lines of text."""
    return forms.Textarea(attrs={"rows": rows})


def day_field(label: Any) -> forms.DateField:  # Any: a text that is translated late
    """A day of this century: nobody plans for the year 9999, and calendars break there."""
    return forms.DateField(label=label, widget=DAY, validators=WITHIN)


class Coding(forms.Form):
    """Domain, barrier, policy and institution, as every message of the bridge is coded."""

    domain = forms.ChoiceField(label=_("Where in life"), choices=Domain.choices)
    barrier = forms.ChoiceField(label=_("What stands in the way"), choices=Barrier.choices)
    policy = forms.ModelChoiceField(
        Policy.objects.all(), label=_("Law, rule or practice"), required=False, empty_label=_("Choose")
    )
    system = forms.ModelChoiceField(
        System.objects.all(), label=_("Institution"), required=False, empty_label=_("Choose")
    )


class Search(forms.Form):
    """Find an answer by its words or its coding."""

    words = forms.CharField(
        label=_("Words"), max_length=100, required=False, help_text=_("Search for a rule or an office, not a person.")
    )
    domain = forms.ChoiceField(label=_("Where in life"), choices=[("", _("Any")), *Domain.choices], required=False)
    barrier = forms.ChoiceField(
        label=_("What stands in the way"), choices=[("", _("Any")), *Barrier.choices], required=False
    )
    policy = forms.ModelChoiceField(
        Policy.objects.all(), label=_("Law, rule or practice"), required=False, empty_label=_("Any")
    )


class AnswerForm(forms.Form):
    """An answer that other workers will find too."""

    words = forms.CharField(label=_("Answer"), max_length=3000, widget=long_text(8), help_text=NOBODY)
    source = forms.CharField(
        label=_("Where does it stand?"),
        max_length=300,
        required=False,
        help_text=_("Law, rule, page or office, so that others can check it."),
    )


class CallForm(Coding):
    """One question to everyone who writes notes."""

    question = forms.CharField(label=_("What should workers watch for?"), max_length=200, help_text=NOBODY)
    why = forms.CharField(label=_("Why do you ask?"), max_length=300, widget=long_text(2))
    returned = forms.CharField(
        label=_("What will those who answer hear?"),
        max_length=300,
        widget=long_text(2),
        help_text=_("Say what comes back to them, and when."),
    )
    opens_on = day_field(_("From"))
    closes_on = day_field(_("Until"))

    field_order = ("question", "why", "returned", "opens_on", "closes_on", "domain", "barrier", "policy", "system")


class NoteForm(forms.Form):
    """What changed, whom it touches, what to do; and what makes a case worth a look."""

    title = forms.CharField(label=_("What changed, in one line"), max_length=120)
    what_changed = forms.CharField(label=_("What changed?"), max_length=1000, widget=long_text(), help_text=NOBODY)
    who_affected = forms.CharField(label=_("Whom does it touch?"), max_length=500, widget=long_text(3))
    what_to_do = forms.CharField(
        label=_("What can a worker do now?"), max_length=1000, widget=long_text(), help_text=_("Start with a verb.")
    )
    effective_on = day_field(_("From which day does it hold?"))
    policy = forms.ModelChoiceField(
        Policy.objects.all(), label=_("Law, rule or practice"), required=False, empty_label=_("Choose")
    )
    system = forms.ModelChoiceField(
        System.objects.all(), label=_("Institution"), required=False, empty_label=_("Choose")
    )
    finder_domains = forms.MultipleChoiceField(
        label=_("Look at cases with trouble in"),
        choices=Domain.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Each worker is shown the own cases alone. You will not see them."),
    )
    finder_barriers = forms.MultipleChoiceField(
        label=_("Look at cases where this stood in the way"),
        choices=Barrier.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def fields_of_note(self) -> NoteFields:
        """The valid form as the action wants it."""
        data: dict[str, Any] = self.cleaned_data  # Any: Django's own type
        finder = {name: tuple(data[name]) for name in ("finder_domains", "finder_barriers")}
        return NoteFields(**(data | finder))


def coding_of(issue: Issue | None) -> dict[str, Any]:
    """What a form about an issue begins with. Any: values of form fields."""
    if issue is None:
        return {}
    said = issue.statement
    return {"domain": said.domain, "barrier": said.barrier, "policy": said.policy, "system": said.system}


def call_begins(issue: Issue | None) -> dict[str, Any]:
    """A call begins today and stays open for six weeks, coded as its issue."""
    today = timezone.localdate()
    return coding_of(issue) | {"opens_on": today, "closes_on": today + timedelta(weeks=6)}


def note_begins(issue: Issue | None) -> dict[str, Any]:
    """A practice note begins with the issue's words and with its coding as what to look for."""
    today = {"effective_on": timezone.localdate()}
    if issue is None:
        return today
    said = issue.statement
    return today | {
        "title": said.policy.title if said.policy else said.title,
        "who_affected": said.who,
        "policy": said.policy,
        "system": said.system,
        "finder_domains": [said.domain],
        "finder_barriers": [said.barrier],
    }


def note_stands(note: PracticeNote) -> dict[str, Any]:
    """A draft as the form shows it again."""
    return {name: getattr(note, name) for name in NoteForm.base_fields}
