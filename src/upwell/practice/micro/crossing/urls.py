"""The addresses of the release desk."""

from __future__ import annotations

from django.urls import path

from upwell.practice.micro.crossing import views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("gather", views.desk_gather, name="desk_gather"),
    path("release/<uuid:candidate_id>", views.desk_release, name="desk_release"),
    path("release/<uuid:candidate_id>/return", views.desk_return, name="desk_return"),
    path("measure/<uuid:request_id>", views.desk_measure, name="desk_measure"),
    path("ask/<int:ask_made_id>", views.desk_ask, name="desk_ask"),
]
