"""Changing workers: invitations, roles, switching off, the own account."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any  # the form's fields
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit, queries, rules
from upwell.practice.accounts.models import Agency, Invitation, RoleHeld, Team, Worker
from upwell.practice.errors import NotAllowedError


@dataclass(frozen=True)
class Invited:
    """An invitation and the token of its link, which is not kept and shown once."""

    invitation: Invitation
    token: str


@transaction.atomic
def worker_invite(*, by: Worker, name: str, email: str, roles: Collection[str], team: Team | None) -> Invited:
    """Open a place for a new worker. An older invitation to the same address stops working."""
    agency = queries.agency_of(by)
    if Worker.objects.filter(agency=agency, email__iexact=email).exists():
        raise NotAllowedError(_("Somebody with this address works here already. Look for them in the list."))
    made = _invitation(agency=agency, by=by, email=email.lower(), name=name, roles=roles, team=team)
    audit.record(by, "worker.invite", made.invitation, fields=["email", "name", "roles", "team"])
    return made


@transaction.atomic
def worker_new_link(*, worker: Worker, by: Worker) -> Invited:
    """Give somebody who works here a new way in. Used, it sets a new password and takes the second factor away."""
    if not worker.is_active:
        raise NotAllowedError(_("This worker is switched off. Switch them on first."))
    made = _invitation(agency=queries.agency_of(by), by=by, email=worker.email, name=worker.name, worker=worker)
    audit.record(by, "worker.new_link", worker)
    return made


@transaction.atomic
def invitation_take_back(*, invitation: Invitation, by: Worker) -> Invitation:
    """Shut an invitation that nobody has used."""
    invitation.expires = min(invitation.expires, timezone.now())
    invitation.save(update_fields=["expires"])
    audit.record(by, "invitation.take_back", invitation)
    return invitation


@transaction.atomic
def invitation_accept(*, invitation: Invitation, name: str, password: str, now: datetime) -> Worker:
    """Make the worker, or give one a new password. Works once.

    Raises NotAllowedError, always with the same words: nobody learns from a link whether an address is known.
    """
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not rules.invitation_is_open(accepted=held.accepted, expires=held.expires, now=now):
        raise NotAllowedError(_("This link no longer works."))
    worker = held.worker or _new_worker(held)
    if not worker.is_active:
        raise NotAllowedError(_("This link no longer works."))
    worker.name = name
    worker.set_password(password)
    worker.save()
    _second_factor_end(worker)
    _roles_set(worker, set(worker.roles) | set(held.roles))
    held.accepted = now
    held.save(update_fields=["accepted"])
    audit.record(worker, "invitation.accept", held, fields=["name", "password"])
    return worker


@transaction.atomic
def worker_change(*, worker: Worker, by: Worker, roles: Collection[str], team: Team | None) -> Worker:
    """Change what a worker is trusted with, and the team."""
    rules.check_somebody_administers(
        others=queries.administrators_beside(worker), was=worker.roles, will_be=roles, stays=worker.is_active
    )
    changed = [*(["roles"] if set(roles) != worker.roles else []), *(["team"] if team != worker.team else [])]
    _roles_set(worker, roles)
    worker.team = team
    worker.save(update_fields=["team"])
    audit.record(by, "worker.change", worker, fields=changed)
    return worker


@transaction.atomic
def worker_switch(*, worker: Worker, by: Worker, on: bool) -> Worker:
    """Switch a worker off, so that every session of theirs ends at once; or on again."""
    rules.check_somebody_administers(
        others=queries.administrators_beside(worker), was=worker.roles, will_be=worker.roles, stays=on
    )
    worker.is_active = on
    worker.save(update_fields=["is_active"])
    if not on:
        _sessions_end(worker)
    audit.record(by, "worker.switch_on" if on else "worker.switch_off", worker, fields=["is_active"])
    return worker


@transaction.atomic
def account_change(*, by: Worker, name: str, language: str) -> Worker:
    """Change the own name and the language of the pages."""
    by.name, by.language = name, language
    by.save(update_fields=["name", "language"])
    audit.record(by, "own.account", by, fields=["name", "language"])
    return by


@transaction.atomic
def agency_change(*, by: Worker, fields: Mapping[str, Any]) -> Agency:
    """Change the settings of the own agency. Nothing changed: nothing is written."""
    agency = Agency.objects.select_for_update().get(pk=queries.agency_of(by).pk)
    changed = [name for name, value in fields.items() if getattr(agency, name) != value]
    for name in changed:
        setattr(agency, name, fields[name])
    if changed:
        agency.save(update_fields=changed)
        audit.record(by, "agency.change", agency, fields=changed)
    return agency


def _invitation(
    *,
    agency: Agency,
    by: Worker,
    email: str,
    name: str,
    roles: Collection[str] = (),
    team: Team | None = None,
    worker: Worker | None = None,
) -> Invited:
    now = timezone.now()
    for older in Invitation.objects.filter(agency=agency, email=email, accepted=None, expires__gt=now):
        older.expires = now
        older.save(update_fields=["expires"])
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        agency=agency,
        team=team,
        worker=worker,
        name=name,
        email=email,
        roles=sorted(roles),
        token_sha256=queries.token_digest(token),
        invited_by=by,
        expires=now + rules.INVITATION_HOLDS,
    )
    return Invited(invitation, token)


def _new_worker(invitation: Invitation) -> Worker:
    if Worker.objects.filter(email__iexact=invitation.email).exists():
        raise NotAllowedError(_("This link no longer works."))
    return Worker(username=uuid4().hex, email=invitation.email, agency=invitation.agency, team=invitation.team)


def _roles_set(worker: Worker, roles: Collection[str]) -> None:
    held = set(RoleHeld.objects.filter(worker=worker).values_list("role", flat=True))
    RoleHeld.objects.filter(worker=worker, role__in=held - set(roles)).delete()
    for role in set(roles) - held:
        RoleHeld.objects.create(worker=worker, role=role)
    worker.forget_roles()


def _second_factor_end(worker: Worker) -> None:
    Authenticator.objects.filter(user=worker).delete()


def _sessions_end(worker: Worker) -> None:
    """Sessions hold the worker's id inside; there are as many as people at work, so reading them all is quick."""
    for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(worker.pk):
            session.delete()
