"""Forms about a person: who they are, what they agree to, how it is safe to reach them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upwell.practice.person import languages, rules
from upwell.practice.person.actions.contact import ContactFields
from upwell.practice.person.contact import DAYS
from upwell.practice.person.models import Consent, Person, SafeContact


def _words(label: Any, limit: int, help_text: Any = "") -> forms.CharField:  # Any: lazy or plain words
    return forms.CharField(label=label, max_length=limit, required=False, help_text=help_text)


class PersonForm(forms.Form):
    """Who somebody is, in their own terms. Only what the work needs; every field but one name may stay empty."""

    preferred_name = _words(_("Preferred name"), 80, _("What they want to be called."))
    first_name = _words(_("First name"), 80)
    last_name = _words(_("Last name"), 80)
    pronouns = _words(_("Pronouns"), 40, _("In their own words."))
    language = forms.ChoiceField(label=_("Language"), choices=languages.choices)
    birth_date = forms.DateField(
        label=_("Birth date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    restricted = forms.BooleanField(
        label=_("Hide this file"),
        required=False,
        help_text=_("It is not found by search. Only workers who are assigned can open it."),
    )
    household = _words(
        _("Household, in their own words"), 200, _("Whoever they count as theirs: “my mother and my two girls”.")
    )
    members = forms.MultipleChoiceField(
        label=_("Who of them do you work with, too?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: Iterable[Person], today: date, **kwargs: Any) -> None:  # Any: Django's own
        super().__init__(*args, **kwargs)
        self.people = {str(each.pk): each for each in people}
        self.today = today
        members = self.fields["members"]
        assert isinstance(members, forms.MultipleChoiceField)
        members.choices = [(pk, each.called) for pk, each in self.people.items()]
        if not self.people:
            del self.fields["members"]

    def clean_birth_date(self) -> str:
        """ISO text, "" when unknown; nobody is born tomorrow."""
        day: date | None = self.cleaned_data["birth_date"]
        if day and not (self.today.year - 130 <= day.year and day <= self.today):
            raise ValidationError(_("This cannot be a birth date."))
        return day.isoformat() if day else ""

    def clean(self) -> dict[str, Any]:
        """Somebody must be called something."""
        data = super().clean() or {}
        if not any(data.get(name) for name in ("preferred_name", "first_name", "last_name")):
            self.add_error("preferred_name", _("Write at least one name."))
        return data

    def fields_of_person(self) -> dict[str, str]:
        """What person_change takes."""
        plain = ("preferred_name", "first_name", "last_name", "pronouns", "language", "birth_date")
        named = {name: self.cleaned_data[name] for name in plain}
        if "restricted" in self.changed_data:
            hidden = self.cleaned_data["restricted"]
            named["state"] = Person.State.RESTRICTED if hidden else Person.State.ACTIVE
        return named

    def chosen(self) -> list[Person]:
        """The members that were ticked."""
        return [self.people[pk] for pk in self.cleaned_data.get("members", [])]


class ConsentForm(forms.Form):
    """One question for one purpose. Nothing is ticked before the person has spoken."""

    HOW = (
        ("page", _("Offer it on their own page; they answer there")),
        ("paper", _("They answered on paper")),
        ("spoken", _("They answered in words")),
    )
    SAID = (("yes", _("Yes")), ("no", _("No")))

    purpose = forms.ChoiceField(label=_("What for"), choices=Consent.Purpose.choices, widget=forms.RadioSelect)
    recipient = forms.CharField(
        label=_("Who receives it"),
        max_length=160,
        required=False,
        help_text=_(
            "One service, hearing, newspaper or study. Not needed for a file, for being counted or for being told."
        ),
    )
    how = forms.ChoiceField(label=_("How"), choices=HOW, widget=forms.RadioSelect)
    said = forms.ChoiceField(
        label=_("What they said"),
        choices=SAID,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Only when they answered on paper or in words."),
    )
    language = forms.ChoiceField(label=_("In which language it was explained"), choices=languages.choices)
    with_interpreter = forms.BooleanField(label=_("Somebody interpreted"), required=False)
    giver = forms.ChoiceField(
        label=_("Who decides"), choices=Consent.Giver.choices, initial=Consent.Giver.SELF, required=False
    )

    def clean(self) -> dict[str, Any]:
        """A recipient where the purpose needs one; an answer where it was given already."""
        data = super().clean() or {}
        try:
            rules.check_offer(data.get("purpose", ""), data.get("recipient", ""))
        except rules.ConsentError as error:
            self.add_error("recipient", str(error))
        if data.get("how") in {"paper", "spoken"} and not data.get("said"):
            self.add_error("said", _("Say what they answered."))
        if data.get("how") == "page" and data.get("giver") in {Consent.Giver.GUARDIAN, Consent.Giver.COURT}:
            self.add_error("how", _("A guardian or a court does not answer on the person's page. Use paper or words."))
        return data


class ContactForm(forms.Form):
    """What a person has called safe about one way to reach them."""

    address = _words(_("Number or address"), 200)
    is_safe = forms.BooleanField(
        label=_("The person has called this safe"), required=False, help_text=_("Ask. Never guess.")
    )
    from_hour = forms.IntegerField(label=_("Safe from (hour, 0 to 23)"), min_value=0, max_value=23)
    until_hour = forms.IntegerField(label=_("until (hour, 1 to 24)"), min_value=1, max_value=24)
    weekdays = forms.MultipleChoiceField(
        label=_("Safe on"), choices=DAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    may_leave_message = forms.BooleanField(label=_("We may leave a message"), required=False)
    may_name_agency = forms.BooleanField(label=_("We may say who we are"), required=False)
    code_word = _words(_("Code word"), 40, _("A word that tells each side that it is really the other."))
    who_may_answer = _words(_("Who else may answer"), 120)

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        self.channel = channel
        if channel == SafeContact.Channel.EMAIL:
            self.fields["address"].label = gettext("E-mail address")

    def clean_address(self) -> str:
        """An e-mail address that is one."""
        address: str = self.cleaned_data["address"].strip()
        if address and self.channel == SafeContact.Channel.EMAIL:
            validate_email(address)
        return address

    def clean(self) -> dict[str, Any]:
        """What is safe must have an address, a day and an hour."""
        data = super().clean() or {}
        if not data.get("is_safe"):
            return data
        if not data.get("address") and "address" not in self.errors:
            self.add_error("address", _("Write the number or address that is safe."))
        if not data.get("weekdays"):
            self.add_error("weekdays", _("Say on which days it is safe."))
        if data.get("from_hour") == data.get("until_hour"):
            self.add_error("until_hour", _("Say at which hours it is safe."))
        return data

    def kept(self) -> ContactFields:
        """What contact_keep takes."""
        return ContactFields(**{**self.cleaned_data, "weekdays": "".join(self.cleaned_data["weekdays"])})


class CodeForm(forms.Form):
    """The code on a person's paper."""

    code = forms.CharField(
        label=_("The code on your paper"),
        max_length=40,
        help_text=_("Twelve letters and numbers. Large or small, with or without dashes."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
