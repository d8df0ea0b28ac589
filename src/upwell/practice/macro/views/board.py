"""The board and the radar: every issue of the agency, by how far it has come and by how large it is."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from upwell.practice.accounts import notify
from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.permissions import holds
from upwell.practice.bridge import queries as bridge
from upwell.practice.macro import queries, showing


@may("board.see")
def board(request: WorkerRequest) -> HttpResponse:
    """Columns of issues by stage, and what offices wait for where the worker can answer them."""
    notify.seen(request.user, "board")
    answers = holds(request.user.roles, "proposal.keep")
    asked, done = queries.waiting_for(request.user) if answers else ([], [])
    columns = bridge.board_for(request.user, timezone.localdate())
    return render(
        request,
        "macro/board.html",
        {"columns": columns, "asked": asked, "done": done, "is_empty": not any(column.cards for column in columns)},
    )


@may("board.see")
def radar(request: WorkerRequest) -> HttpResponse:
    """Issues ranked by how many more people they touch than expected, as a picture and as the table under it."""
    rows = [showing.sized(row) for row in bridge.radar_for(request.user)]
    picture = showing.radar_picture(rows, _("Share of people with each trouble, with its interval"))
    return render(request, "macro/radar.html", {"rows": rows, "picture": picture})
