"""Forms about a case as a whole: find it, start it, move it, close it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from upwell.practice.environment.models import Place
from upwell.practice.micro.forms.parts import KeyedForm, chips, day, text_box
from upwell.practice.micro.models import Case

LONGEST_AHEAD = timedelta(days=730)


class SearchForm(forms.Form):
    """Names to look for. Sent by POST: a name stands in no address."""

    words = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("First or last name, or the beginning of one: 3 letters or more.")
    )


class FilterForm(forms.Form):
    """Which cases the list shows."""

    whose = forms.ChoiceField(label=_("Whose"), choices=[("mine", _("Mine")), ("team", _("My team's"))], required=False)
    state = forms.ChoiceField(
        label=_("Where it stands"),
        choices=[("", _("All open")), *Case.State.choices],
        required=False,
    )


class CaseStartForm(KeyedForm):
    """A new person and the case with them. Nothing is asked that the work does not need."""

    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    preferred_name = forms.CharField(label=_("Name they want to be called"), max_length=80, required=False)
    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language for their own pages"), choices=settings.LANGUAGES)
    programme = forms.CharField(label=_("Programme"), max_length=120, required=False)
    place = forms.ModelChoiceField(label=_("Place"), queryset=Place.objects.all(), required=False)
    next_contact_on = day(_("Next contact"), required=False)

    def clean_next_contact_on(self) -> date | None:
        """A day to come, within reach."""
        return ahead(self.cleaned_data["next_contact_on"], self.today)


class NextContactForm(forms.Form):
    """When to be in touch next."""

    next_contact_on = day(_("Next contact"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:  # Any: Django's own signature
        self.today = today
        super().__init__(*args, **kwargs)

    def clean_next_contact_on(self) -> date | None:
        """A day to come, within reach."""
        return ahead(self.cleaned_data["next_contact_on"], self.today)


class CaseCloseForm(forms.Form):
    """How the work ended: why, how the person sees it, and whether they want to go on hearing."""

    reason = chips(_("Why does the work end?"), Case.Closing.choices)
    account = text_box(
        _("How does the person see it?"),
        limit=1000,
        help_text=_("Their own account, in their words. If they could not be asked, say why."),
    )
    stay_informed = chips(
        _("We can tell them what becomes of what they told us. Do they want that?"), Case.StayInformed.choices
    )


def ahead(on: date | None, today: date) -> date | None:
    """A day from today on. Raises ValidationError for one that is over or out of reach."""
    if on and on < today:
        raise ValidationError(_("This day is over."))
    if on and on > today + LONGEST_AHEAD:
        raise ValidationError(_("This day is more than two years ahead."))
    return on
