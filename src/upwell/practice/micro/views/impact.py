"""What became of the own concerns, and practice notes that may touch own cases."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from upwell.practice.accounts import audit
from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.micro.actions import word as actions
from upwell.practice.micro.forms.word import LookForm, UsefulForm
from upwell.practice.micro.models import Word
from upwell.practice.micro.queries import thread as queries
from upwell.practice.micro.queries.concern import own_concerns

A_PAGE = 20


@may("impact.see")
def impact(request: WorkerRequest) -> HttpResponse:
    """One card for each own concern; what stands on it has been read then."""
    page = Paginator(queries.with_words(own_concerns(request.user)), A_PAGE).get_page(request.GET.get("page"))
    cards = [queries.card(concern) for concern in page]
    context = {
        "cards": cards,
        "page": page,
        "sums": queries.sums_for(request.user),
        "open_cases": queries.may_open(request.user, [concern.case_id for concern in page]),
    }
    response = render(request, "micro/impact.html", context)
    now, new = timezone.now(), [word for card in cards for word in card.new]
    for word in new:
        if isinstance(word, Word):
            actions.word_seen(word=word, at=now, by=request.user)
    actions.team_words_seen(words=[word for word in new if not isinstance(word, Word)], at=now, by=request.user)
    return response


@may("impact.see")
@require_POST
def word_rate(request: WorkerRequest, word_id: int) -> HttpResponse:
    """Useful or not, in one tap."""
    word = queries.word_for(request.user, word_id)
    form = UsefulForm(request.POST)
    if form.is_valid():
        actions.word_rate(word=word, useful=form.cleaned_data["useful"], by=request.user)
    return redirect(f"{reverse('impact')}#word-{word.pk}")


@may("match.see")
def matches(request: WorkerRequest) -> HttpResponse:
    """Practice notes, each with the own open cases that it may touch."""
    page = Paginator(queries.matches_for(request.user), 50).get_page(request.GET.get("page"))
    for match in page:
        audit.look(request.user, "match.see", match, subject=match.case.person_id)
    return render(request, "micro/matches.html", {"page": page})


@may("match.see")
@require_POST
def match_look(request: WorkerRequest, match_id: int) -> HttpResponse:
    """Looked at, used, or not for this case."""
    match = queries.match_for(request.user, match_id)
    form = LookForm(request.POST)
    if form.is_valid():
        actions.match_look(match=match, by=request.user, at=timezone.now(), used=form.used())
    return redirect("today" if form.data.get("back") == "today" else "matches")
