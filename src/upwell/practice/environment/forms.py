"""Forms of the environment."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from upwell.practice.environment.models import Place, Policy, PolicyChange, Service, System

EARLIEST = date(1600, 1, 1)
"""Some laws in force are old."""


class PlaceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only for the type checker
    """A place. A place lies in one that is larger, never in itself."""

    class Meta:
        model = Place
        fields = ("name", "kind", "parent", "code")
        labels: ClassVar = {"name": _("Name"), "kind": _("Kind"), "parent": _("Lies in"), "code": _("Census code")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        larger = Place.objects.exclude(kind=Place.Kind.TOWN).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = larger  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        """A county lies in a state, a state in nothing."""
        fields: dict[str, Any] = super().clean() or {}
        parent: Place | None = fields.get("parent")
        kind = fields.get("kind")
        if parent and kind == Place.Kind.STATE:
            self.add_error("parent", _("A state lies in no other place here."))
        if parent and kind == Place.Kind.COUNTY and parent.kind != Place.Kind.STATE:
            self.add_error("parent", _("A county lies in a state."))
        return fields


class SystemForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only for the type checker
    """An institution."""

    class Meta:
        model = System
        fields = ("name", "kind", "place")
        labels: ClassVar = {"name": _("Name"), "kind": _("Kind"), "place": _("Place")}


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only for the type checker
    """A service to which people can be referred."""

    class Meta:
        model = Service
        fields = ("name", "system", "domain", "place", "how_to_reach", "active")
        labels: ClassVar = {
            "name": _("Name"),
            "system": _("Institution"),
            "domain": _("What it is about"),
            "place": _("Place"),
            "how_to_reach": _("How to reach it"),
            "active": _("It is in use: people can be referred to it"),
        }


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only for the type checker
    """A law, rule, bill or practice."""

    class Meta:
        model = Policy
        fields = ("title", "kind", "state", "domain", "system", "place", "formal_id", "summary")
        labels: ClassVar = {
            "title": _("Title"),
            "kind": _("Kind"),
            "state": _("State"),
            "domain": _("What it is about"),
            "system": _("Whose it is"),
            "place": _("Where it holds"),
            "formal_id": _("As it is cited"),
            "summary": _("What it says, in plain words"),
        }
        help_texts: ClassVar = {
            "system": _("The institution that applies it, where there is one."),
            "formal_id": _("For example: HB 12."),
            "summary": _("Nothing about any person."),
        }
        widgets: ClassVar = {"summary": forms.Textarea(attrs={"rows": 4, "maxlength": 1000})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance._state.adding:
            del self.fields["state"]  # it follows from the history


class PolicyChangeForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only for the type checker
    """What happened to a policy."""

    class Meta:
        model = PolicyChange
        fields = ("action", "on", "words")
        labels: ClassVar = {"action": _("What happened"), "on": _("On"), "words": _("In a few words")}
        widgets: ClassVar = {"on": forms.DateInput(attrs={"type": "date"})}

    def clean_on(self) -> date:
        """A day of this world."""
        on: date = self.cleaned_data["on"]
        if on < EARLIEST:
            raise forms.ValidationError(_("This day is too long ago."))
        return on


class SearchForm(forms.Form):
    """Words to look for."""

    q = forms.CharField(label=_("Search institutions, services and policies"), max_length=100, required=False)

    def words(self) -> str:
        """What was typed, "" where it makes no sense."""
        return str(self.cleaned_data["q"]) if self.is_valid() else ""
