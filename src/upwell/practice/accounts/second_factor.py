"""Where an agency asks for a second factor, a worker sets it up before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from upwell.practice.accounts.guarding import before_views
from upwell.practice.accounts.models import Worker

DOORS = frozenset({"account_logout", "account_reauthenticate", "mfa_activate_totp", "mfa_reauthenticate", "lock"})
"""What a worker reaches without it: setting it up, and leaving."""


def is_missing(worker: Worker) -> bool:
    """Whether the agency asks for a second factor that the worker has not set up. One query where it does."""
    asks = worker.agency is not None and worker.agency.needs_second_factor
    return asks and not is_mfa_enabled(worker, [Authenticator.Type.TOTP])


def _guard(request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponse | None:
    worker = request.user
    if not isinstance(worker, Worker) or str(getattr(view, "right", "")).startswith("open: "):
        return None
    name = request.resolver_match.url_name if request.resolver_match else None
    if name in DOORS or not is_missing(worker):
        return None
    messages.info(request, _("Your agency asks for a second step when you sign in. Set it up now; it takes a minute."))
    return redirect("mfa_activate_totp")


second_factor = before_views(_guard)
"""Middleware; see the module."""
