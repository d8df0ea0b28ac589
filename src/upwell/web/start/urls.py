"""The addresses of this part."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from upwell.web.start import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.start, name="start"),
    path("be", views.become, name="start_become"),
    path("night", views.pass_the_night, name="start_night"),
    path("aide", views.aide, name="start_aide"),
]
