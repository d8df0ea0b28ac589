"""Forms for breaking the glass, and for the talk about it afterwards."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from upwell.practice.micro.forms.parts import chips, text_box
from upwell.practice.micro.models import BrokenGlass


class GlassForm(forms.Form):
    """Why a case must be opened that is not the worker's own."""

    reason = chips(_("Why must it be now?"), BrokenGlass.Reason.choices)
    words = text_box(
        _("What happened?"), limit=300, rows=3, help_text=_("One or two sentences. The privacy officer will read them.")
    )


class FindingForm(forms.Form):
    """What the review says."""

    finding = forms.ChoiceField(choices=BrokenGlass.Finding.choices)
