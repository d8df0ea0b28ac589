"""The addresses of macro."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from upwell.practice.macro.views import aide, board, issue, project, proposal

urlpatterns: list[URLPattern | URLResolver] = [
    path("board", board.board, name="board"),
    path("radar", board.radar, name="radar"),
    path("issue/<uuid:issue_id>", issue.issue, name="issue"),
    path("issue/<uuid:issue_id>/move", issue.issue_move, name="issue_move"),
    path("issue/<uuid:issue_id>/park", issue.issue_park, name="issue_park"),
    path("issue/<uuid:issue_id>/project", project.project_start, name="project_start"),
    path("projects", project.projects, name="projects"),
    path("project/<uuid:project_id>", project.project, name="project"),
    path("project/<uuid:project_id>/change", project.project_change, name="project_change"),
    path("project/<uuid:project_id>/begin", project.project_begin, name="project_begin"),
    path("project/<uuid:project_id>/proposal", proposal.proposal_make, name="proposal_make"),
    path("proposal/<uuid:proposal_id>", proposal.proposal, name="proposal"),
    path("proposal/<uuid:proposal_id>/change", proposal.proposal_change, name="proposal_change"),
    path("proposal/<uuid:proposal_id>/deliver", proposal.proposal_deliver, name="proposal_deliver"),
    path("proposal/<uuid:proposal_id>/number", proposal.proposal_bring, name="proposal_bring"),
    path("proposal/<uuid:proposal_id>/decision", proposal.proposal_decide, name="proposal_decide"),
    path("proposal/<uuid:proposal_id>/contact", proposal.contact_log, name="contact_log"),
    path("proposal/<uuid:proposal_id>/link", proposal.link_make, name="link_make"),
    path("proposal/link/<uuid:link_id>/take-back", proposal.link_take_back, name="link_take_back"),
    path("proposal/question/<int:question_id>", proposal.question_answer, name="question_answer"),
    path("proposal/act/<int:act_id>", proposal.act_confirm, name="act_confirm"),
    path("lobbying", proposal.lobbying, name="lobbying"),
    path("o/<str:token>", aide.aide, name="aide"),
    path("o/<str:token>/ask", aide.aide_ask, name="aide_ask"),
    path("o/<str:token>/act", aide.aide_act, name="aide_act"),
]
