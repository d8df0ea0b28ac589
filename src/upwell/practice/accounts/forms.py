"""Forms of accounts."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from upwell.evidence.disclosure.protection import names
from upwell.practice.accounts import queries
from upwell.practice.accounts.acts import words_of
from upwell.practice.accounts.models import Agency, Role, Team, Worker
from upwell.practice.accounts.promises import PROMISES


class RolesForm(forms.Form):
    """What a worker is trusted with, and the team."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, help_text=_("One or more.")
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("No team")
    )

    def __init__(self, *args: Any, by: Worker, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = queries.teams_for(by)  # type: ignore[attr-defined]  # a ModelChoiceField


class InviteForm(RolesForm):
    """Whom to invite."""

    field_order = ("name", "email", "roles", "team")
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)


class AcceptForm(forms.Form):
    """What a new worker chooses."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A few words in a row are easy to remember and hard to guess."),
    )
    again = forms.CharField(
        label=_("The same password again"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same and hard to guess."""
        fields = super().clean() or {}
        password, again = fields.get("password"), fields.get("again")
        if password and again and password != again:
            self.add_error("again", _("This is not the same password."))
        if password:
            try:
                validate_password(password, Worker(name=fields.get("name", ""), email=self.email))
            except ValidationError as error:
                self.add_error("password", error)
        return fields


class AccountForm(forms.Form):
    """The own account."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Your colleagues see it, and the people whose file you open.")
    )
    language = forms.ChoiceField(label=_("Language of the pages"), choices=settings.LANGUAGES)


class AgencyForm(forms.Form):
    """The settings of an agency."""

    needs_second_factor = forms.BooleanField(
        label=_("Everybody signs in with a second step"),
        required=False,
        help_text=_("Whoever has none yet sets up an authenticator app before anything else."),
    )
    lock_minutes = forms.IntegerField(
        label=_("Minutes until an idle screen locks"),
        min_value=0,
        max_value=480,
        help_text=_("0: it never locks by itself."),
    )
    client_word = forms.ChoiceField(label=_("What you call the people you serve"), choices=Agency.ClientWord.choices)
    protection = forms.ChoiceField(
        label=_("How small counts are protected"),
        widget=forms.RadioSelect,
        help_text=_("It holds for every release from now on. What has crossed already stays as it is."),
    )
    public_contact = forms.CharField(
        label=_("How offices reach the agency"),
        max_length=200,
        required=False,
        help_text=_("The agency's own number or address, never a worker's."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        zones = sorted({zone for zone in available_timezones() if "/" in zone} | {agency.time_zone})
        self.fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]  # type: ignore[attr-defined]  # a ChoiceField
        promises = [(name, f"{name}: {PROMISES.get(name, '')}") for name in names()]
        self.fields["protection"].choices = promises  # type: ignore[attr-defined]  # a ChoiceField


class AuditForm(forms.Form):
    """What to show of the audit."""

    worker = forms.ModelChoiceField(
        label=_("Worker"), queryset=Worker.objects.none(), required=False, empty_label=_("Everybody")
    )
    act = forms.ChoiceField(label=_("Act"), required=False)
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label=_("Looked or wrote"),
        required=False,
        choices=[("", _("Both")), ("read", _("Looked")), ("write", _("Wrote"))],
    )
    subject = forms.UUIDField(label=_("Number of a person"), required=False)

    def __init__(self, *args: Any, by: Worker, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        self.fields["worker"].queryset = queries.workers_for(by)  # type: ignore[attr-defined]  # a ModelChoiceField
        acts = sorted(((act, str(words_of(act))) for act in queries.audit_acts_for(by)), key=lambda each: each[1])
        self.fields["act"].choices = [("", _("Every act")), *acts]  # type: ignore[attr-defined]  # a ChoiceField

    def wanted(self) -> queries.AuditFilter:
        """The filter, empty where the form makes no sense."""
        if not self.is_valid():
            return queries.AuditFilter()
        chosen = self.cleaned_data
        subject: UUID | None = chosen["subject"]
        return queries.AuditFilter(
            worker=chosen["worker"].pk if chosen["worker"] else None,
            act=chosen["act"],
            day=chosen["day"],
            subject=str(subject) if subject else "",
            kind=chosen["kind"],
        )
