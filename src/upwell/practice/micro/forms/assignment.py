"""The form that says who works on a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.models import Worker
from upwell.practice.micro.models import Case
from upwell.practice.micro.queries.assignment import may_join


class JoinForm(forms.Form):
    """Who of the team comes to a case, or takes it over."""

    worker = forms.ModelChoiceField(label=_("Somebody of the team"), queryset=Worker.objects.none())

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        self.fields["worker"].queryset = may_join(case)  # type: ignore[attr-defined]  # a ModelChoiceField
