"""Persons, their households, what they agreed to and how it is safe to reach them. Case side: nothing here crosses."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.keys import OneWayKey
from upwell.practice.accounts.models import Agency, Worker
from upwell.practice.person.fields import EncryptedTextField


class Person(models.Model):
    """Somebody whom an agency serves. Names and birth date are encrypted; names are found by a blind index.

    source_sha: keyed digest of the id in the system they came from, so that a second import meets the same person.
    birth_date: ISO date as text, "" unknown.
    """

    class State(models.TextChoices):
        """Whether the file is in use. Restricted: hidden from search, opened by assigned workers only."""

        ACTIVE = "active", _("Active")
        INACTIVE = "inactive", _("Inactive")
        RESTRICTED = "restricted", _("Restricted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = OneWayKey(Agency)
    first_name = EncryptedTextField(_("first name"), limit=80)
    last_name = EncryptedTextField(_("last name"), limit=80)
    preferred_name = EncryptedTextField(_("preferred name"), limit=80)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True, default="")
    language = models.CharField(_("language"), max_length=8, default="en")
    birth_date = EncryptedTextField(_("birth date"), limit=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    source_sha = models.CharField(max_length=64, blank=True, default="", db_index=True)
    created = models.DateTimeField(auto_now_add=True)

    @property
    def called(self) -> str:
        """The name to use: the preferred one, else the first; with the last name after it."""
        return f"{self.preferred_name or self.first_name} {self.last_name}".strip() or str(_("No name given"))


class NameToken(models.Model):
    """Blind index: a keyed digest of one word, or the beginning of one, of a person's names."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="name_tokens")
    agency = OneWayKey(Agency)
    token = models.CharField(max_length=24)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["agency", "token", "person"], name="name_token")]


class Household(models.Model):
    """Who belongs to a person, by that person's own definition. words: theirs ("my mother and my two girls").

    of: whose definition it is. Another's page never shows it: a member may see things otherwise, or be in danger.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = OneWayKey(Agency)
    of = models.OneToOneField(Person, on_delete=models.CASCADE, null=True, related_name="household")
    words = EncryptedTextField(_("in their own words"), limit=200)


class HouseholdMember(models.Model):
    """A person belongs to a household, from one day until another. relation: in own words."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="households")
    relation = EncryptedTextField(limit=80)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)


class Consent(models.Model):
    """What a person agreed to, for one purpose. Checked at the moment of use; refusing changes no service.

    recipient: who receives it, where the purpose needs one. language: in which it was explained; with_interpreter:
    whether somebody interpreted. usable_from, expires_on: first and last day of use, set when it is given.
    """

    class Purpose(models.TextChoices):
        """One purpose each, never bundled."""

        SERVICE = "service", _("Keep a file about my case")
        SHARE = "share", _("Share with another service that helps me")
        COUNT = "count", _("Count me in patterns, without my name")
        TELL = "tell", _("Tell me what became of what I told")
        STORY = "story", _("Use my story, without my name, to change a rule")
        APPEAR = "appear", _("Speak in public about it")
        RESEARCH = "research", _("Research")

    class State(models.TextChoices):
        """From draft to the end."""

        OFFERED = "offered", _("Offered")
        GIVEN = "given", _("Given")
        DECLINED = "declined", _("Declined")
        REVOKED = "revoked", _("Taken back")
        EXPIRED = "expired", _("Expired")

    class Giver(models.TextChoices):
        """Who gives it."""

        SELF = "self", _("The person")
        GUARDIAN = "guardian", _("A guardian")
        COURT = "court", _("A court")
        SUPPORTED = "supported", _("The person, with support")

    class How(models.TextChoices):
        """How the answer was given."""

        PAGE = "page", _("On their own page")
        PAPER = "paper", _("On paper")
        SPOKEN = "spoken", _("Spoken")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    recipient = models.CharField(max_length=160, blank=True, default="")
    scope = models.CharField(max_length=160, blank=True, default="")
    giver = models.CharField(max_length=10, choices=Giver.choices, default=Giver.SELF)
    language = models.CharField(max_length=8, default="en")
    how = models.CharField(max_length=10, choices=How.choices, default=How.PAGE)
    with_interpreter = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    offered_by = OneWayKey(Worker, null=True)
    offered_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True, blank=True)
    usable_from = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-offered_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["person", "purpose", "state"], name="consent_use")]


class SafeContact(models.Model):
    """One way to reach a person, and what the person has called safe about it. `contact.send` enforces it.

    from_hour, until_hour: local hours 0..24 in which it is safe. confirmed_on: goes stale after 30 days.
    """

    class Channel(models.TextChoices):
        """How."""

        SMS = "sms", _("Text message")
        PHONE = "phone", _("Phone call")
        EMAIL = "email", _("E-mail")
        LETTER = "letter", _("Letter")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contacts")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = EncryptedTextField(_("number or address"), limit=200)
    is_safe = models.BooleanField(_("the person has called this safe"), default=False)
    from_hour = models.PositiveSmallIntegerField(default=8)
    until_hour = models.PositiveSmallIntegerField(default=18)
    weekdays = models.CharField(max_length=7, default="1234567")  # ISO days on which it is safe
    may_leave_message = models.BooleanField(default=False)
    may_name_agency = models.BooleanField(default=False)
    code_word = EncryptedTextField(_("code word"), limit=40)
    who_may_answer = EncryptedTextField(_("who else may answer"), limit=120)
    confirmed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "channel"], name="channel_once")]


class ContactSent(models.Model):
    """One attempt to reach a person. why_held: key of the rule that held it back, "" when it went out.

    channel: "" when the person has named no way at all. about: key of `contact.ABOUT`.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sent")
    channel = models.CharField(max_length=8, choices=SafeContact.Channel.choices, blank=True, default="")
    about = models.CharField(max_length=20)
    why_held = models.CharField(max_length=20, blank=True, default="")
    at = models.DateTimeField()


class PortalAccess(models.Model):
    """A person's own way in: a code on paper, no e-mail. Only a keyed digest of it is kept.

    handle: what the person's session holds instead of an id. A new code brings a new handle and ends old sessions.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="portal")
    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code_sha256 = models.CharField(max_length=64, unique=True)
    issued_by = OneWayKey(Worker, null=True)
    issued_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    shut = models.BooleanField(default=False)


class CodeMiss(models.Model):
    """A code that opened nothing. source: keyed digest of where it came from, so that guessing can be slowed."""

    source = models.CharField(max_length=24)
    at = models.DateTimeField(db_index=True)
