"""What concerns and asks share: the coding of a trouble, chosen with taps, and what stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.micro import rules_concern as rules
from upwell.practice.micro.forms.parts import KeyedForm
from upwell.practice.micro.queries.concern import About, Choices, about_of

FACE: dict[str, str | Promise] = {
    Barrier.MISAPPLIED: _("Denied, though entitled"),
    Barrier.TOO_SLOW: _("Delayed"),
    Barrier.NOT_ELIGIBLE: _("Wrong rule"),
    Barrier.NOT_THERE: _("Not there"),
    Barrier.TOO_LITTLE: _("Not enough"),
    Barrier.TOO_DEAR: _("Cost"),
    Barrier.UNFAIR: _("Discrimination"),
    Barrier.UNSAFE: _("Unsafe or poor"),
}
"""Short words on the chips that a worker meets first; one coding, the thirteen kinds."""
DOMAINS_SHOWN = 6


class CodedForm(KeyedForm):
    """Domain, barrier, and the rule or institution behind it. A rule chosen says the domain, if none is."""

    barrier = forms.ChoiceField(
        label=_("What stands in the way?"),
        choices=[(kind.value, FACE.get(kind, kind.label)) for kind in Barrier],
        widget=forms.RadioSelect,
    )
    about = forms.CharField(
        label=_("Which rule or institution?"),
        help_text=_("Not in the list? Leave it as it is."),
        required=False,
        max_length=40,
        widget=forms.Select,
    )
    domain = forms.ChoiceField(
        label=_("Where in life?"), choices=Domain.choices, required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, choices: Choices, lately: Sequence[str] = (), **kwargs: Any) -> None:  # Any: Django
        super().__init__(*args, **kwargs)
        self.fields["about"].widget.choices = choices
        self.lately = list(lately)

    def clean_about(self) -> About:
        """The rule or institution itself."""
        about = about_of(self.cleaned_data["about"])
        if about is None:
            raise ValidationError(_("This is not in the list any more. Choose again."))
        return about

    def clean(self) -> dict[str, Any]:
        """Some domain of life, chosen or the rule's own."""
        cleaned = super().clean() or self.cleaned_data
        about = cleaned.get("about")
        if not cleaned.get("domain") and isinstance(about, About) and about.policy:
            cleaned["domain"] = about.policy.domain
        if not cleaned.get("domain") and "domain" not in self.errors:
            self.add_error("domain", _("Choose where in life this is."))
        return cleaned

    def coding(self) -> dict[str, Any]:
        """The coding as an action takes it."""
        about: About = self.cleaned_data["about"]
        held = {name: self.cleaned_data[name] for name in ("domain", "barrier", "form_key")}
        return held | {"policy": about.policy, "system": about.system}

    def barriers_first(self) -> list[Any]:
        """Chips of the short face."""
        return self._chips("barrier", rules.SHORT_FACE)

    def barriers_more(self) -> list[Any]:
        """Chips behind "more"."""
        return self._chips("barrier", [kind for kind in Barrier.values if kind not in rules.SHORT_FACE])

    def barrier_is_behind(self) -> bool:
        """Whether the chosen barrier stands behind "more", which is open then."""
        return _value(self["barrier"]) in set(Barrier.values) - set(rules.SHORT_FACE)

    def domains_first(self) -> list[Any]:
        """Chips of the domain that is chosen, and those the agency meets most recently."""
        return self._chips("domain", self._near_domains())

    def domains_more(self) -> list[Any]:
        """The other domains."""
        near = self._near_domains()
        return self._chips("domain", [key for key in Domain.values if key not in near])

    def _near_domains(self) -> list[str]:
        known = [key for key in (_value(self["domain"]), *self.lately, *Domain.values) if key in Domain.values]
        return list(dict.fromkeys(known))[:DOMAINS_SHOWN]

    def _chips(self, name: str, keys: Sequence[str]) -> list[Any]:
        drawn = {str(each.data["value"]): each for each in self[name]}
        return [drawn[key] for key in keys]


def _value(bound: BoundField) -> str:
    return str(bound.value() or "")
