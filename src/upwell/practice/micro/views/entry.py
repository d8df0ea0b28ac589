"""The Life Situation: add an entry, or replace one by a newer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit
from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.refused import said_on
from upwell.practice.micro.actions.entry import EntryFields
from upwell.practice.micro.actions.entry import entry_write as write
from upwell.practice.micro.forms.entry import EntryForm, initial_of
from upwell.practice.micro.models import Case, Entry
from upwell.practice.micro.queries.case import case_for
from upwell.practice.micro.queries.written import entry_for


@may("entry.write")
def entry_write(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """A new entry, from one of the four sides of a life."""
    case = case_for(request.user, case_id)
    view = request.GET.get("view", Entry.View.ENVIRONMENT)
    if view not in Entry.View.values:
        raise Http404
    return _written(request, case, view)


@may("entry.write")
def entry_change(request: WorkerRequest, entry_id: UUID) -> HttpResponse:
    """A newer entry in the place of an old one, which stays, marked."""
    old = entry_for(request.user, entry_id)
    return _written(request, old.case, old.view, old)


def _written(request: WorkerRequest, case: Case, view: str, old: Entry | None = None) -> HttpResponse:
    today = timezone.localdate()
    begun: dict[str, Any] = initial_of(old) if old else {"whose": Entry.Whose.CLIENT, "state": Entry.State.AGREED}
    form = EntryForm(request.POST or None, initial=begun, view=view, today=today)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        key = said.pop("form_key")
        with said_on(form):
            write(
                case=case,
                by=request.user,
                fields=EntryFields(view=view, **said),
                on=today,
                form_key=key,
                supersedes=old,
            )
            messages.success(request, _("The Life Situation is kept."))
            return redirect("case", case.pk)
    audit.look(request.user, "entry.open", old or case, subject=case.person_id)
    context = {"case": case, "form": form, "view": view, "views": Entry.View.choices, "old": old}
    return render(request, "micro/entry_write.html", context)
