"""What the desk writes: a statement, a reason, the words of an ask."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.models import Agency, Role
from upwell.practice.bridge.actions import StatementFields
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.environment.models import Policy, System
from upwell.practice.micro.crossing import naming, queries
from upwell.practice.micro.crossing.questions import coding_of
from upwell.practice.micro.crossing.shown import Item

HALF_YEARS = 6


class CrossingForm(forms.Form):
    """A form whose texts are to cross: each is looked through for names first."""

    texts: tuple[str, ...] = ()

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:  # Any: Django's own signature
        self.agency = agency
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Every text, without anybody's name in it."""
        cleaned = super().clean() or {}
        for name in self.texts:
            if why := naming.why_not(str(cleaned.get(name) or ""), self.agency):
                self.add_error(name, why)
        return cleaned


class StatementForm(CrossingForm):
    """An issue statement: what the trouble is, in fields, no finer than county and half-year."""

    texts = ("title", "what_happens", "who", "not_known")

    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("What it is, in a few words."))
    what_happens = forms.CharField(label=_("What happens"), max_length=500, widget=forms.Textarea({"rows": 3}))
    who = forms.CharField(label=_("Whom it touches"), max_length=200)
    domain = forms.ChoiceField(label=_("Where in life"), choices=[("", _("Choose")), *Domain.choices])
    barrier = forms.ChoiceField(label=_("What stands in the way"), choices=[("", _("Choose")), *Barrier.choices])
    policy = forms.ModelChoiceField(
        label=_("Rule or practice"), queryset=Policy.objects.none(), required=False, empty_label=_("Not known")
    )
    system = forms.ModelChoiceField(
        label=_("Institution"), queryset=System.objects.none(), required=False, empty_label=_("Not known")
    )
    county = forms.ModelChoiceField(
        label=_("County"),
        queryset=queries.counties(),
        required=False,
        empty_label=_("Everywhere we work"),
        help_text=_("Your words name no place finer than a county."),
    )
    half_year = forms.ChoiceField(label=_("Half-year"))
    not_known = forms.CharField(
        label=_("What is not known"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        self.fields["half_year"] = forms.ChoiceField(label=_("Half-year"), choices=half_years(today))
        for name, rows in (("policy", Policy.objects.order_by("title")), ("system", System.objects.order_by("name"))):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def statement(self) -> StatementFields:
        """What was written, in the name of the privacy officer."""
        return StatementFields(**self.cleaned_data, written_by=Role.PRIVACY_OFFICER)


class WhyForm(forms.Form):
    """Why something stays inside."""

    why = forms.CharField(label=_("Why it goes back"), max_length=300, widget=forms.Textarea({"rows": 2}))


class AskWordsForm(CrossingForm):
    """The words of an ask as they will cross. The desk may shorten them."""

    texts = ("words",)
    words = forms.CharField(label=_("The words that cross"), max_length=300, widget=forms.Textarea({"rows": 4}))


def half_years(today: date) -> list[tuple[str, str]]:
    """This half-year and those before it."""
    at = today.year * 2 + (today.month > 6)
    keys = [f"{number // 2}-H{number % 2 + 1}" for number in range(at, at - HALF_YEARS, -1)]
    return [(key, key) for key in keys]


def first_words(item: Item) -> dict[str, object]:
    """What a statement begins with: what the question already says."""
    coding = coding_of(item.question)
    known = Policy.objects.select_related("place")
    policy = known.filter(pk=coding.policy).first() if coding and coding.policy else None
    begun: dict[str, object] = {"title": item.title[:120].rstrip("?"), "barrier": item.barrier}
    if policy is not None:
        county = policy.place.county if policy.place else None
        begun |= {"title": policy.title[:120], "policy": policy.pk, "system": policy.system_id}
        begun |= {"domain": policy.domain, "county": county.pk if county else None}
    return begun
