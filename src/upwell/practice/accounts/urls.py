"""The addresses of accounts: our own pages, and allauth's for signing in."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("allauth.urls")),
]
