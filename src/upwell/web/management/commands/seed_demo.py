"""Fill an empty database with the demo's world: `upwell demo` runs it. It refuses a database that holds anybody."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from upwell.practice.accounts.models import Agency, Role, Team, Worker
from upwell.practice.micro.actions import caseload as actions
from upwell.practice.micro.caseload import jobs
from upwell.practice.micro.models import Case, CaseloadImport
from upwell.records.cases.synthetic.generate import LAST_DAY
from upwell.web.start import seed


class Command(BaseCommand):
    """Two agencies, five people, a caseload from an export, and a trouble that many share."""

    help = "Fill an empty database with the invented county."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which export, and the seed of what people met."""
        parser.add_argument("export", type=Path)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        """All of it; each part is one transaction."""
        if Agency.objects.exists():
            raise CommandError("This database holds an agency already; the demo fills an empty one only.")
        today = timezone.localdate()
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Bringing the caseload in", total=1.0)

            def tell(doing: str, share: float) -> None:
                bar.update(task, description=doing, completed=share)

            with transaction.atomic():
                agency, team, staff = seed.people_who_work()
                policies = seed.surroundings(agency)
            _bring_in(options["export"], staff, team)
            with transaction.atomic():
                seed.move_to_now(agency, today, ended=LAST_DAY)
                seed.eve(agency, team, staff[0], today)
                seed.dovs_own(today)
                raised = seed.troubles(agency, policies, seed=options["seed"], today=today, tell=tell)
        self.stdout.write(f"{Case.objects.filter(agency=agency).count()} cases, {raised} concerns.")


def _bring_in(export: Path, staff: list[Worker], team: Team) -> None:
    """The export through the same door as everybody's: read, previewed, applied."""
    lead = next(worker for worker in staff if Role.SUPERVISOR in worker.roles)
    packed = export.parent / "caseload.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(export.glob("*.csv")):
            archive.write(path, path.name)
    with packed.open("rb") as file:
        upload = UploadedFile(file, "caseload.zip", size=packed.stat().st_size)
        batch = actions.caseload_begin(by=lead, uploads=[upload])
    packed.unlink()
    jobs.step.call(str(batch.pk))
    batch.refresh_from_db()
    _check(batch, CaseloadImport.State.PREVIEWED)
    holders = [worker for worker in staff if Role.CASE_WORKER in worker.roles]
    workers = seed.shared_out(batch.counts["programmes"], holders)
    actions.caseload_apply(batch=batch, by=lead, team=team, workers=workers)
    jobs.step.call(str(batch.pk))
    batch.refresh_from_db()
    _check(batch, CaseloadImport.State.APPLIED)


def _check(batch: CaseloadImport, state: str) -> None:
    if batch.state != state:
        raise CommandError(f"The invented caseload could not be brought in: {batch.why}")
