"""Exports to bring in, and an import driven through its states as the job worker would."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from factories.hmis_files import Files
from upwell.practice.accounts.models import Team, Worker
from upwell.practice.micro.actions import caseload as actions
from upwell.practice.micro.caseload import jobs
from upwell.practice.micro.models import CaseloadImport


def export(people: int = 3, **client: str) -> Files:
    """So many people with one open stay each; the first two share a household."""
    files = Files()
    for file in ("Export", "Organization", "Project"):
        files.add(file)
    files.add("ProjectCoC", City="Fennhaven", State="XX")
    for number in range(people):
        key = f"{number:05d}"
        names = {"FirstName": f"First{key}", "LastName": f"Last{key}"} | client
        files.add("Client", PersonalID=f"P{key}", **names)
        home = "H0" if number < 2 else f"H{key}"
        relation = "2" if number == 1 else "1"
        files.add(
            "Enrollment", EnrollmentID=f"E{key}", PersonalID=f"P{key}", HouseholdID=home, RelationshipToHoH=relation
        )
    return files


def upload(files: Files, name: str = "export.zip") -> SimpleUploadedFile:
    """The export as a browser sends it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in files.bytes().items():
            archive.writestr(each, content)
    return SimpleUploadedFile(name, out.getvalue())


def previewed(by: Worker, files: Files) -> CaseloadImport:
    """An import whose preview stands."""
    batch = actions.caseload_begin(by=by, uploads=[upload(files)])
    return done(batch)


def applied(by: Worker, team: Team, files: Files, **more: Any) -> CaseloadImport:  # Any: the action's arguments
    """An import that came in."""
    batch = previewed(by, files)
    return done(actions.caseload_apply(batch=batch, by=by, team=team, **{"workers": {}, **more}))


def undone(by: Worker, batch: CaseloadImport) -> CaseloadImport:
    """An import that was taken back."""
    return done(actions.caseload_undo(batch=batch, by=by))


def done(batch: CaseloadImport) -> CaseloadImport:
    """As the job worker leaves it."""
    jobs.step.call(str(batch.pk))
    batch.refresh_from_db()
    return batch
