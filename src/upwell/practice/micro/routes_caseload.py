"""The addresses of bringing a caseload in."""

from __future__ import annotations

from django.urls import path

from upwell.practice.micro.views import caseload as views

urlpatterns = [
    path("", views.caseload, name="caseload"),
    path("<uuid:batch_id>/", views.caseload_import, name="caseload_import"),
    path("<uuid:batch_id>/apply", views.caseload_apply, name="caseload_apply"),
    path("<uuid:batch_id>/undo", views.caseload_undo, name="caseload_undo"),
    path("<uuid:batch_id>/drop", views.caseload_drop, name="caseload_drop"),
]
