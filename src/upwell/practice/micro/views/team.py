"""A supervisor's page: the team's concerns, the same trouble met twice, and a first word to whoever raised them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.refused import said_next
from upwell.practice.environment.coding import Barrier
from upwell.practice.errors import NotAllowedError
from upwell.practice.micro.actions import concern as actions
from upwell.practice.micro.forms.concern import AcknowledgeForm
from upwell.practice.micro.models import Concern
from upwell.practice.micro.queries import team as queries
from upwell.practice.micro.queries.concern import about_of

A_PAGE = 50


@may("team.see")
def team(request: WorkerRequest) -> HttpResponse:
    """Concerns of the team by barrier and rule; what waits for a first answer."""
    return render(request, "micro/team.html", _page(request, None))


@may("team.see")
@require_POST
def team_acknowledge(request: WorkerRequest) -> HttpResponse:
    """One sentence to each of those who raised the ticked concerns."""
    new = queries.team_concerns(request.user).filter(state=Concern.State.NEW)
    form = AcknowledgeForm(request.POST, concerns=[str(key) for key in new.values_list("pk", flat=True)])
    if not form.is_valid():
        return render(request, "micro/team.html", _page(request, form), status=422)
    chosen = new.filter(pk__in=form.cleaned_data["concerns"])
    said = len(actions.concerns_acknowledge(concerns=chosen, by=request.user, words=form.cleaned_data["words"]))
    words = ngettext("%(said)d answer is on its way.", "%(said)d answers are on their way.", said)
    messages.success(request, words % {"said": said})
    return redirect("team")


@may("team.see")
@require_POST
def team_one_trouble(request: WorkerRequest) -> HttpResponse:
    """These concerns are one trouble: a hint for the desk."""
    barrier, about = request.POST.get("barrier", ""), request.POST.get("about", "")
    known = about_of(about[:40])
    with said_next(request):
        if not known or not known.key or barrier not in Barrier.values:
            raise NotAllowedError(_("This group is not there any more. Look at the page again."))
        alike = queries.alike_of(queries.team_concerns(request.user), barrier, known)
        actions.group_mark(concerns=alike, by=request.user)
        messages.success(request, _("Marked as one trouble. The release desk sees it as a hint."))
    return redirect("team")


def _page(request: WorkerRequest, form: AcknowledgeForm | None) -> dict[str, Any]:
    concerns = queries.team_concerns(request.user)
    waiting = queries.waiting(concerns, timezone.localdate())
    return {
        "team": request.user.team,
        "grid": queries.grid(concerns),
        "alike": queries.alike(concerns),
        "waiting": waiting,
        "form": form or AcknowledgeForm(concerns=[]),
        "ticked": set(request.POST.getlist("concerns")) if form else {str(each.concern.pk) for each in waiting},
        "page": Paginator(concerns, A_PAGE).get_page(request.GET.get("page")),
    }
