"""Pages of accounts: workers and invitations, the rights, the own account, the lock, the audit."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import cast

from allauth.account import views as sign_in
from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upwell.practice.accounts import actions, audit, lock, mail, queries, rules
from upwell.practice.accounts.forms import AcceptForm, AccountForm, AgencyForm, AuditForm, InviteForm, RolesForm
from upwell.practice.accounts.may import WorkerRequest, may, open_to
from upwell.practice.accounts.models import Role
from upwell.practice.accounts.permissions import RIGHTS
from upwell.practice.errors import NotAllowedError

ROWS_A_PAGE = 50


@may("own.account")
def own_account(request: WorkerRequest) -> HttpResponse:
    """The own name and language."""
    form = AccountForm(request.POST or None, initial={"name": request.user.name, "language": request.user.language})
    if request.method == "POST" and form.is_valid():
        actions.account_change(by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("own_account")
    return render(request, "accounts/own_account.html", {"form": form})


@may("own.account")
def password_change(request: WorkerRequest) -> HttpResponse:
    """A new password, the old one given. Not there for somebody of the demo, who has none."""
    if not request.user.has_usable_password():
        raise Http404
    return cast("HttpResponse", sign_in.password_change(request))  # allauth carries no types


@may("rights.read")
def rights(request: WorkerRequest) -> HttpResponse:
    """Every right on one page, in words, by role."""
    rows = [(right.words, [role in right.roles for role in Role]) for right in RIGHTS.values()]
    return render(request, "accounts/rights.html", {"roles": list(Role), "rows": rows})


@may("own.account")
def lock_screen(request: WorkerRequest) -> HttpResponse:
    """The lock page. Showing it locks the screen; the right password leads back to where the worker was."""
    if request.method != "POST":
        lock.lock(request)
        to = lock.way_back(request, request.GET.get("next") or request.headers.get("Referer"))
        return lock.page(request, to=reverse("lock"), kept=[("lock-next", to)])
    to = lock.way_back(request, request.POST.get("lock-next"))
    if wrong := lock.unlock(request, request.user):
        return lock.page(request, to=reverse("lock"), kept=[("lock-next", to)], wrong=wrong)
    return redirect(to)


@may("agency.manage")
def agency(request: WorkerRequest) -> HttpResponse:
    """The settings of the own agency."""
    own = queries.agency_of(request.user)
    form = AgencyForm(request.POST or None, agency=own, initial=model_to_dict(own))
    if request.method == "POST" and form.is_valid():
        actions.agency_change(by=request.user, fields=form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("agency")
    return render(request, "accounts/agency.html", {"form": form, "agency": own})


@may("worker.manage")
def workers(request: WorkerRequest) -> HttpResponse:
    """Who works here, with roles and teams, and who is invited."""
    page = Paginator(queries.workers_for(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    invited = queries.invitations_open_for(request.user, timezone.now())
    return render(request, "accounts/workers.html", {"page": page, "invitations": invited})


@may("worker.manage")
def worker_invite(request: WorkerRequest) -> HttpResponse:
    """Invite somebody. The answer shows the link, once."""
    form = InviteForm(request.POST or None, by=request.user, initial={"roles": [Role.CASE_WORKER]})
    if request.method == "POST" and form.is_valid():
        try:
            invited = actions.worker_invite(by=request.user, **form.cleaned_data)
        except NotAllowedError as error:
            form.add_error("email", str(error))
        else:
            return _link_page(request, invited)
    return render(request, "accounts/worker_invite.html", {"form": form})


@may("worker.manage")
def worker(request: WorkerRequest, worker_id: int) -> HttpResponse:
    """One worker: roles and team, a new way in, switching off."""
    found = queries.worker_for(request.user, worker_id)
    form = RolesForm(request.POST or None, by=request.user, initial={"roles": list(found.roles), "team": found.team})
    if request.method == "POST" and form.is_valid():
        try:
            actions.worker_change(worker=found, by=request.user, **form.cleaned_data)
        except NotAllowedError as error:
            form.add_error("roles", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("workers")
    return render(request, "accounts/worker.html", {"worker": found, "form": form})


@may("worker.manage")
@require_POST
def worker_switch(request: WorkerRequest, worker_id: int) -> HttpResponse:
    """Switch a worker off or on."""
    found = queries.worker_for(request.user, worker_id)
    on = request.POST.get("on") == "1"
    try:
        actions.worker_switch(worker=found, by=request.user, on=on)
    except NotAllowedError as error:
        messages.error(request, str(error))
        return redirect("worker", worker_id)
    messages.success(request, _("Switched on.") if on else _("Switched off. Every session of theirs has ended."))
    return redirect("workers")


@may("worker.manage")
@require_POST
def worker_new_link(request: WorkerRequest, worker_id: int) -> HttpResponse:
    """Give a worker a new way in. The answer shows the link, once."""
    found = queries.worker_for(request.user, worker_id)
    try:
        return _link_page(request, actions.worker_new_link(worker=found, by=request.user))
    except NotAllowedError as error:
        messages.error(request, str(error))
        return redirect("worker", worker_id)


@may("worker.manage")
@require_POST
def invitation_take_back(request: WorkerRequest, invitation_id: int) -> HttpResponse:
    """Shut an invitation."""
    found = queries.invitations_open_for(request.user, timezone.now()).filter(pk=invitation_id).first()
    if found is None:
        raise Http404
    actions.invitation_take_back(invitation=found, by=request.user)
    messages.success(request, _("The link no longer works."))
    return redirect("workers")


@open_to("public")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where an invitation's link leads: name and password, once."""
    now = timezone.now()
    found = queries.invitation_by_token(token)
    if found is None or not rules.invitation_is_open(accepted=found.accepted, expires=found.expires, now=now):
        return _shut(request)
    form = AcceptForm(request.POST or None, email=found.email, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            actions.invitation_accept(invitation=found, name=fields["name"], password=fields["password"], now=now)
        except NotAllowedError:
            return _shut(request)
        messages.success(request, _("Your account is ready. Sign in with your e-mail address and your new password."))
        return redirect("account_login")
    return render(request, "accounts/invitation.html", {"form": form, "invitation": found})


@may("audit.read")
def audit_page(request: WorkerRequest) -> HttpResponse:
    """Who did and looked at what, in the own agency."""
    form = AuditForm(request.GET or None, by=request.user)
    wanted = form.wanted()
    page = Paginator(queries.audit_for(request.user, wanted), ROWS_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)  # read before this look adds a row of its own
    audit.look(request.user, "audit.read", queries.agency_of(request.user), subject=wanted.subject)
    asked = request.GET.copy()
    asked.pop("page", None)
    return render(request, "accounts/audit.html", {"form": form, "page": page, "asked": asked.urlencode()})


@may("audit.read")
def audit_export(request: WorkerRequest) -> HttpResponse:
    """The same rows as a CSV file."""
    wanted = AuditForm(request.GET or None, by=request.user).wanted()
    audit.record(request.user, "audit.export", queries.agency_of(request.user), subject=wanted.subject)
    lines = queries.audit_lines(queries.audit_for(request.user, wanted))
    response = StreamingHttpResponse(_csv(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return cast("HttpResponse", response)  # a streamed answer is no subclass of the plain one


def _link_page(request: WorkerRequest, invited: actions.Invited) -> HttpResponse:
    address = request.build_absolute_uri(reverse("invitation", args=[invited.token]))
    is_sent = mail.invitation_send(invitation=invited.invitation, address=address)
    facts = {"invitation": invited.invitation, "address": address, "is_sent": is_sent}
    return render(request, "accounts/invitation_made.html", facts)


def _shut(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/invitation_shut.html", status=410)


class _Echo:
    """What the csv module writes to: hands each line back."""

    def write(self, line: str) -> str:
        return line


def _csv(lines: Iterator[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    for line in lines:
        # a cell that begins like a formula would run in a spreadsheet
        yield writer.writerow([f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t"} else cell for cell in line])
