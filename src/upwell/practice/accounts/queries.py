"""Reading workers, invitations and the audit. Each query stays inside the asker's agency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import salted_hmac

from upwell.practice.accounts.models import Agency, AuditEntry, Invitation, Role, RoleHeld, Team, Worker


def workers_for(worker: Worker) -> QuerySet[Worker]:
    """Everybody of the worker's agency, who can sign in first, then by name. Two queries."""
    return (
        Worker.objects.filter(agency=worker.agency)
        .select_related("team")
        .prefetch_related("roles_held")
        .order_by("-is_active", "name", "pk")
    )


def worker_for(worker: Worker, worker_id: int) -> Worker:
    """One of the own agency. Raises Http404 for anybody else."""
    found = Worker.objects.filter(agency=worker.agency, pk=worker_id).select_related("team").first()
    if found is None:
        raise Http404
    return found


def teams_for(worker: Worker) -> QuerySet[Team]:
    """The teams of the worker's agency by name."""
    return Team.objects.filter(agency=worker.agency).order_by("name")


def administrators_beside(worker: Worker) -> int:
    """How many others of the agency may manage workers and can sign in."""
    held = RoleHeld.objects.filter(worker__agency=worker.agency, role=Role.ADMINISTRATOR, worker__is_active=True)
    return held.exclude(worker=worker).count()


def invitations_open_for(worker: Worker, now: datetime) -> QuerySet[Invitation]:
    """Invitations of the worker's agency that can still be accepted, newest first."""
    return (
        Invitation.objects.filter(agency=worker.agency, accepted=None, expires__gt=now)
        .select_related("team", "worker")
        .order_by("-created")
    )


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation of a link, used or not; None for a link that was never ours."""
    return (
        Invitation.objects.filter(token_sha256=token_digest(token)).select_related("agency", "team", "worker").first()
    )


def token_digest(token: str) -> str:
    """What is kept of an invitation's token."""
    return salted_hmac("upwell.invitation", token, algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class AuditFilter:
    """What the audit page is asked for; "" and None do not narrow. subject: id of a person. kind: read or written."""

    worker: int | None = None
    act: str = ""
    day: date | None = None
    subject: str = ""
    kind: str = ""


def audit_for(worker: Worker, wanted: AuditFilter) -> QuerySet[AuditEntry]:
    """The audit of the worker's agency, newest first. One query."""
    rows = AuditEntry.objects.filter(agency=worker.agency).select_related("worker").order_by("-at", "-pk")
    if wanted.worker:
        rows = rows.filter(worker_id=wanted.worker)
    if wanted.act:
        rows = rows.filter(act=wanted.act)
    if wanted.subject:
        rows = rows.filter(subject=wanted.subject)
    if wanted.kind:
        rows = rows.filter(is_read=wanted.kind == "read")
    if wanted.day and worker.agency:
        begins = datetime.combine(wanted.day, time.min, ZoneInfo(worker.agency.time_zone))
        rows = rows.filter(at__gte=begins, at__lt=begins + timedelta(days=1))
    return rows


def audit_acts_for(worker: Worker) -> list[str]:
    """The acts that occur in the agency's audit, by name."""
    return list(
        AuditEntry.objects.filter(agency=worker.agency).order_by("act").values_list("act", flat=True).distinct()
    )


def looks_at(subject: object) -> QuerySet[AuditEntry]:
    """Who looked at what is kept about a person, newest first: `worker` with `roles_held`, `at`, `act`. Two queries.

    subject: id of the person. Rows without a worker are the person's own (actor "client") or a job's ("system").
    """
    return (
        AuditEntry.objects.filter(subject=str(subject), is_read=True)
        .select_related("worker")
        .prefetch_related("worker__roles_held")
        .order_by("-at", "-pk")
    )


def audit_lines(rows: QuerySet[AuditEntry]) -> Iterator[list[str]]:
    """The audit as lines of a table, the headings first. Read in pieces: it may be long."""
    yield ["at", "who", "actor", "act", "looked or wrote", "object", "subject", "fields", "reason"]
    for row in rows.iterator(chunk_size=2000):
        kind = "looked" if row.is_read else "wrote"
        at = timezone.localtime(row.at).isoformat(timespec="seconds")
        who = row.worker.name if row.worker else ""
        yield [at, who, row.actor, row.act, kind, row.object, row.subject, row.fields, row.reason]


def agency_of(worker: Worker) -> Agency:
    """The agency of a worker who has passed `@may`. Raises Http404 where there is none."""
    if worker.agency is None:
        raise Http404
    return worker.agency
