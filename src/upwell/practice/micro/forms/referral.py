"""Forms for referrals."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from upwell.practice.environment.coding import Barrier
from upwell.practice.environment.models import Service
from upwell.practice.micro.forms.parts import KeyedForm, chips
from upwell.practice.micro.models import Referral
from upwell.practice.micro.rules import OUTCOMES

SAID = (
    ("yes", _("Yes, they said so")),
    ("later", _("They want to think about it")),
    ("no", _("No, they do not want to go there")),
)


class ReferralForm(KeyedForm):
    """Where to, and what the person says to sharing what that service needs to know."""

    service = forms.ModelChoiceField(
        label=_("Service"), queryset=Service.objects.filter(active=True).select_related("system")
    )
    said = chips(
        _("May we tell this service what it needs to help?"),
        SAID,
        help_text=_("Ask, and tick what they say. It is for this service alone, and can be taken back."),
    )


class SaidForm(forms.Form):
    """What the person says in the end to a referral that was only offered."""

    said = forms.ChoiceField(choices=[each for each in SAID if each[0] != "later"])


class OutcomeForm(forms.Form):
    """What came of it: one tap."""

    state = forms.ChoiceField(choices=[(each.value, each.label) for each in OUTCOMES])


class WhyForm(forms.Form):
    """What stood in the way: one tap."""

    barrier = forms.ChoiceField(choices=Barrier.choices)


OUTCOME_WORDS = [(each.value, Referral.State(each).label) for each in OUTCOMES]
