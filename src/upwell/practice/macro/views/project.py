"""Projects: what is wanted, and the measure that is declared before anybody knows how it ends."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from upwell.practice.accounts import notify
from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.refused import said_on
from upwell.practice.bridge import queries as bridge
from upwell.practice.bridge.models import Issue
from upwell.practice.macro import actions, forms, queries, showing
from upwell.practice.macro.models import Project
from upwell.practice.macro.queries import QuestionOffered


@may("board.see")
def projects(request: WorkerRequest) -> HttpResponse:
    """Projects of the agency."""
    notify.seen(request.user, "projects")
    return render(request, "macro/projects.html", {"projects": queries.projects_for(request.user)})


@may("board.see")
def project(request: WorkerRequest, project_id: UUID) -> HttpResponse:
    """A project: its plan, its locked measure, and the answer, "cannot tell" included."""
    about = queries.project_for(request.user, project_id)
    result = getattr(about.measure, "result", None)
    rows = showing.measure_rows(result) if result else []
    shown = {
        "rows": rows,
        "picture": showing.measure_picture(rows, _("Shares before and after")),
        "verdict": showing.VERDICT_WORDS.get(result.verdict, result.verdict) if result else "",
    }
    proposals = about.proposals.select_related("policy", "target")
    return render(request, "macro/project.html", {"project": about, "result": result, "proposals": proposals, **shown})


@may("project.keep")
def project_start(request: WorkerRequest, issue_id: UUID) -> HttpResponse:
    """Plan a project from an issue and declare its measure; both stay open until it starts."""
    issue = bridge.issue_for(request.user, issue_id)
    offered = queries.questions_offered(issue)
    question = _chosen(request, offered)
    if question is None:
        return render(request, "macro/project_no_question.html", {"issue": issue})
    form = forms.ProjectForm(request.POST or None, offered=question, today=timezone.localdate())
    if form.is_valid():
        with said_on(form):
            made = actions.project_plan(
                issue=issue,
                by=request.user,
                plan=form.plan(),
                measure=form.measure(),
                form_key=form.cleaned_data["form_key"],
            )
            return redirect("project", made.pk)
    return _form_page(request, issue, form, offered)


@may("project.keep")
def project_change(request: WorkerRequest, project_id: UUID) -> HttpResponse:
    """Change a project that has not started."""
    about = queries.project_for(request.user, project_id)
    offered = queries.questions_offered(about.issue)
    question = _chosen(request, offered, about.measure.question if about.measure else "")
    if question is None:
        return render(request, "macro/project_no_question.html", {"issue": about.issue})
    begin = forms.project_initial(about, question)
    form = forms.ProjectForm(request.POST or None, offered=question, today=timezone.localdate(), initial=begin)
    if form.is_valid():
        with said_on(form):
            actions.project_change(project=about, by=request.user, plan=form.plan(), measure=form.measure())
            return redirect("project", about.pk)
    return _form_page(request, about.issue, form, offered, about)


@may("project.keep")
def project_begin(request: WorkerRequest, project_id: UUID) -> HttpResponse:
    """Start it: the measure is shown once more, then locked for good."""
    about = queries.project_for(request.user, project_id)
    words = _("There is a plan now: {title}. It says beforehand what should change, and by when.")
    form = forms.WordForm(request.POST or None, initial={"words": words.format(title=about.title)})
    if form.is_valid():
        with said_on(form):
            actions.project_begin(project=about, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Started. The measure is locked, and everyone who raised it is being told."))
            return redirect("project", about.pk)
    return render(request, "macro/project_begin.html", {"project": about, "form": form})


def _chosen(request: HttpRequest, offered: list[QuestionOffered], first: str = "") -> QuestionOffered | None:
    """The question that the form or the address names; otherwise the project's, or the first one offered."""
    by_name = {each.name: each for each in offered}
    asked = request.POST.get("question") or request.GET.get("question") or first
    return by_name.get(asked) or next(iter(offered), None)


def _form_page(
    request: HttpRequest,
    issue: Issue,
    form: forms.ProjectForm,
    offered: list[QuestionOffered],
    about: Project | None = None,
) -> HttpResponse:
    others = [each for each in offered if each.name != form.offered.name]
    shown = {"issue": issue, "form": form, "question": form.offered, "others": others, "project": about}
    return render(request, "macro/project_form.html", shown)
