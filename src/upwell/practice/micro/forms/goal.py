"""Forms for goals."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from upwell.practice.micro.forms.parts import KeyedForm, chips, text_box
from upwell.practice.micro.models import Goal


class GoalForm(KeyedForm):
    """A goal in the person's words, where the change would be, and what each side does next."""

    words = text_box(
        _("What does the person want?"), limit=300, rows=2, help_text=_("In their own words: what will be different.")
    )
    level = chips(
        _("Where would the change be?"),
        Goal.Level.choices,
        help_text=_("If a rule or practice would have to change, say so: we can raise it."),
    )
    their_step = text_box(_("The person's next step"), limit=200, rows=2)
    our_step = text_box(_("Our next step"), limit=200, rows=2)


class GoalCloseForm(forms.Form):
    """How it ended."""

    state = forms.ChoiceField(choices=[each for each in Goal.State.choices if each[0] != Goal.State.ACTIVE])
