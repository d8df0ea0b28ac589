"""The addresses of the case side."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("upwell.practice.micro.routes_case")),
    path("", include("upwell.practice.micro.routes_concern")),
    path("", include("upwell.practice.micro.routes_person")),
    path("caseload/", include("upwell.practice.micro.routes_caseload")),
]
