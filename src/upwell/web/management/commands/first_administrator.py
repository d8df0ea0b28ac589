"""The first administrator: `manage first_administrator`, which `upwell serve` runs each time it starts.

Where somebody can sign in already it does nothing. Otherwise it asks at the terminal, or takes the answers from
UPWELL_ADMIN_EMAIL, UPWELL_ADMIN_NAME, UPWELL_ADMIN_PASSWORD and UPWELL_AGENCY.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from getpass import getpass
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Agency, Role, RoleHeld, Team, Worker

NOBODY = (
    "Nobody can sign in yet. Run ./upwell serve at a terminal, and it will ask who the first administrator is; or set "
    "UPWELL_AGENCY, UPWELL_ADMIN_NAME, UPWELL_ADMIN_EMAIL and UPWELL_ADMIN_PASSWORD."
)
CANNOT = 2


@dataclass(frozen=True)
class Answers:
    """Who the first administrator is."""

    agency: str
    name: str
    email: str
    password: str


class Command(BaseCommand):
    """Make the first administrator, unless there is somebody."""

    help = "Make the first agency and its administrator, unless somebody can sign in already."

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        """Ask, or take from the environment, or say what to do."""
        if settings.UPWELL_DEMO or Worker.objects.exists():
            return
        given = _given(os.environ)
        try:
            answers = given or (self._asked() if sys.stdin.isatty() else None)
            if answers is None:
                return self._refuse(NOBODY)
            begin(answers)
        except ValidationError as error:
            return self._refuse(" ".join(error.messages))
        except EOFError:
            return self._refuse(NOBODY)
        self.stdout.write(f"{answers.email} can sign in now and invite the others.")

    def _refuse(self, words: str) -> None:
        self.stderr.write(words)
        sys.exit(CANNOT)

    def _asked(self) -> Answers:
        """Ask until each answer can be used."""
        self.stdout.write("Welcome to Upwell. Nobody can sign in yet: who is the first administrator?")
        agency = self._ask("Name of your agency: ", _filled)
        name = self._ask("Your name: ", _filled)
        email = self._ask("Your e-mail address: ", validate_email)
        return Answers(agency, name, email, self._password(name, email))

    def _ask(self, words: str, check: Any) -> str:  # Any: one of Django's validators
        while True:
            answer = input(words).strip()
            try:
                check(answer)
                return answer
            except ValidationError as error:
                self.stdout.write(" ".join(error.messages))

    def _password(self, name: str, email: str) -> str:
        while True:
            first = getpass("A password (12 characters or more): ")
            try:
                validate_password(first, Worker(name=name, email=email))
            except ValidationError as error:
                self.stdout.write(" ".join(error.messages))
                continue
            if getpass("The same again: ") == first:
                return first
            self.stdout.write("The two differ. Please try again.")


@transaction.atomic
def begin(answers: Answers) -> Worker:
    """The agency with one team, and its first administrator. Raises ValidationError for a bad answer."""
    for text in (answers.agency, answers.name):
        _filled(text)
    email = answers.email.lower()
    validate_email(email)
    validate_password(answers.password, Worker(name=answers.name, email=email))
    agency = Agency.objects.create(name=answers.agency, slug=slugify(answers.agency)[:50] or "agency")
    Team.objects.create(agency=agency, name="First team")
    worker = Worker(username=uuid4().hex, email=email, name=answers.name, agency=agency)
    worker.set_password(answers.password)
    worker.save()
    RoleHeld.objects.create(worker=worker, role=Role.ADMINISTRATOR)
    audit.record(None, "worker.first", worker, actor="system", agency=agency)
    return worker


def _given(environment: Mapping[str, str]) -> Answers | None:
    """What the environment says; None unless it names an e-mail address."""
    if not (email := environment.get("UPWELL_ADMIN_EMAIL", "")):
        return None
    name = environment.get("UPWELL_ADMIN_NAME") or email.split("@", maxsplit=1)[0]
    password = environment.get("UPWELL_ADMIN_PASSWORD", "")
    return Answers(environment.get("UPWELL_AGENCY") or "Our agency", name, email, password)


def _filled(text: str) -> None:
    if not 0 < len(text.strip()) <= 120 or not text.isprintable():
        raise ValidationError("Please write between 1 and 120 letters.")
