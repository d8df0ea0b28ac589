"""The Life Situation: one entry, from one of four sides of a life."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.environment.models import Policy, System
from upwell.practice.micro.forms.parts import KeyedForm, chips, day, scale, text_box
from upwell.practice.micro.models import Entry
from upwell.practice.micro.models.writing import Happening, LifeRole

SEVERITY = (
    (0, _("No trouble")),
    (1, _("A little")),
    (2, _("Clearly there")),
    (3, _("Hard to bear")),
    (4, _("It cannot go on like this")),
)
MANAGING = (
    (0, _("Not at all now")),
    (1, _("Barely")),
    (2, _("Somehow")),
    (3, _("Fairly well")),
    (4, _("Well")),
)
STANDING = ((Entry.State.AGREED, _("We see it the same way")), (Entry.State.DISPUTED, _("We see it differently")))

ONLY_IN: dict[str, frozenset[str]] = {
    Entry.View.ROLES: frozenset({"role", "happening"}),
    Entry.View.ENVIRONMENT: frozenset({"domain", "barrier", "system", "policy"}),
    Entry.View.MENTAL: frozenset(),
    Entry.View.PHYSICAL: frozenset(),
}
"""Fields that belong to one view alone."""


class EntryForm(KeyedForm):
    """One entry. Own words and strengths are not optional: a life is more than what is wrong with it."""

    domain = chips(_("Where in life?"), Domain.choices)
    barrier = chips(_("What stands in the way?"), Barrier.choices)
    system = forms.ModelChoiceField(
        label=_("Institution"), queryset=System.objects.all(), required=False, help_text=_("Leave it open if unsure.")
    )
    policy = forms.ModelChoiceField(
        label=_("Rule or practice"),
        queryset=Policy.objects.all(),
        required=False,
        help_text=_("If a law, rule or practice bears on this."),
    )
    role = forms.ChoiceField(label=_("In which role?"), choices=[("", "---------"), *LifeRole.choices])
    happening = chips(_("What is happening there?"), Happening.choices)
    own_words = text_box(
        _("In the person's own words"), limit=1000, help_text=_("As they said it, in the language they said it in.")
    )
    strengths = text_box(
        _("Strengths and supports"),
        limit=1000,
        help_text=_("What the person does well here, and who or what already helps."),
    )
    severity = scale(_("How hard is it?"), SEVERITY)
    managing = scale(_("How well do they manage?"), MANAGING)
    started_on = day(_("Since when, about?"), required=False)
    whose = chips(_("Whose view is this?"), Entry.Whose.choices)
    state = chips(_("Do you both see it this way?"), STANDING)

    def __init__(self, *args: Any, view: str, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        self.view = view
        for other, names in ONLY_IN.items():
            for name in names if other != view else ():
                del self.fields[name]

    def clean_started_on(self) -> date | None:
        """It has begun."""
        return self.past_day("started_on")


def initial_of(entry: Entry) -> dict[str, Any]:
    """An entry as the beginning of the one that will replace it."""
    return {name: getattr(entry, name) for name in EntryForm.base_fields if name != "form_key"}
