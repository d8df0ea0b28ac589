"""What an import did to each person, so that it can be undone to the row and come again without doubling anybody."""

from __future__ import annotations

from django.db import models

from upwell.practice.micro.models.case import CaseloadImport
from upwell.practice.person.fields import EncryptedTextField
from upwell.practice.person.models import Person


class CaseloadRow(models.Model):
    """One person whom an import made, or brought up to date.

    came_sha: keyed digest of names, birth date and language as the export had them: tells a change in the export from
    a change made here. before: what stood here before an update, as JSON, encrypted; "" for a person it made.
    """

    batch = models.ForeignKey(CaseloadImport, on_delete=models.CASCADE, related_name="rows")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="came_with")
    made = models.BooleanField()
    came_sha = models.CharField(max_length=64)
    before = EncryptedTextField()
