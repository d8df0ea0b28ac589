"""The menu: what a worker may open, in the order of a day."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts import notify
from upwell.practice.accounts.models import Worker
from upwell.practice.accounts.permissions import holds

MENU = (
    ("today.see", "today", _("Today")),
    ("case.open", "cases", _("Cases")),
    ("team.see", "team", _("Team")),
    ("caseload.import", "caseload", _("Bring a caseload in")),
    ("impact.see", "impact", _("My impact")),
    ("desk.see", "desk", _("Release desk")),
    ("board.see", "board", _("Board")),
    ("board.see", "radar", _("Radar")),
    ("initiative.keep", "initiatives", _("Initiatives")),
    ("project.keep", "projects", _("Projects")),
    ("library.see", "library", _("Library")),
    ("environment.see", "environment", _("Institutions and rules")),
    ("audit.read", "audit", _("Audit")),
    ("worker.manage", "workers", _("Workers")),
    ("agency.manage", "agency", _("Agency")),
)
"""(right, name of the address, words)"""

REACHED_FROM = {"asks": "library", "glass_review": "desk"}
"""A page that is not in the menu -> the one in the menu that links to it."""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """For every template: the menu of whoever is signed in, whether anything in it is new, whether this is the demo."""
    menu: Any = SimpleLazyObject(lambda: _menu(request))  # Any: a list, made when a page asks for it
    has_new = SimpleLazyObject(lambda: any(item["is_new"] for item in menu))
    return {"menu": menu, "has_new": has_new, "is_demo": settings.UPWELL_DEMO}


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    worker = getattr(request, "user", None)
    if not isinstance(worker, Worker) or worker.agency_id is None:
        return []
    new = {REACHED_FROM.get(page, page) for page in notify.unseen_pages(worker)}
    items = []
    for right, name, words in MENU:
        if not holds(worker.roles, right):
            continue
        address = reverse(name)
        here = request.path.startswith(address)
        items.append({"words": words, "address": address, "here": here, "is_new": name in new})
    return items
