"""The addresses of a case worker's day."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from upwell.practice.micro.views import assignment, case, entry, glass, goal, left, note, referral, today

urlpatterns: list[URLPattern | URLResolver] = [
    path("today", today.today, name="today"),
    path("cases", case.cases, name="cases"),
    path("cases/search", case.case_search, name="case_search"),
    path("cases/start", case.case_start, name="case_start"),
    path("cases/<uuid:case_id>", case.case, name="case"),
    path("cases/<uuid:case_id>/workers", assignment.case_workers, name="case_workers"),
    path("cases/<uuid:case_id>/workers/<int:assignment_id>/end", assignment.assignment_end, name="assignment_end"),
    path("cases/<uuid:case_id>/move", case.case_move, name="case_move"),
    path("cases/<uuid:case_id>/close", case.case_close, name="case_close"),
    path("cases/<uuid:case_id>/next-contact", case.contact_plan, name="contact_plan"),
    path("cases/<uuid:case_id>/note", note.note_write, name="note_write"),
    path("cases/<uuid:case_id>/draft", note.draft_save, name="draft_save"),
    path("drafts/<int:draft_id>", left.draft_left, name="draft_left"),
    path("drafts/<int:draft_id>/drop", note.draft_drop, name="draft_drop"),
    path("notes/<uuid:note_id>/saved", note.note_saved, name="note_saved"),
    path("notes/<uuid:note_id>/amend", note.note_amend, name="note_amend"),
    path("cases/<uuid:case_id>/life-situation", entry.entry_write, name="entry_write"),
    path("entries/<uuid:entry_id>/change", entry.entry_change, name="entry_change"),
    path("cases/<uuid:case_id>/goal", goal.goal_set, name="goal_set"),
    path("goals/<uuid:goal_id>/saved", goal.goal_saved, name="goal_saved"),
    path("goals/<uuid:goal_id>/close", goal.goal_close, name="goal_close"),
    path("cases/<uuid:case_id>/referral", referral.referral_make, name="referral_make"),
    path("referrals/<uuid:referral_id>/decide", referral.referral_decide, name="referral_decide"),
    path("referrals/<uuid:referral_id>/outcome", referral.referral_outcome, name="referral_outcome"),
    path("referrals/<uuid:referral_id>/why", referral.referral_why, name="referral_why"),
    path("cases/<uuid:case_id>/break-the-glass", glass.glass_break, name="glass_break"),
    path("glass", glass.glass_review, name="glass_review"),
    path("glass/<int:broken_id>/finding", glass.glass_finding, name="glass_finding"),
]
