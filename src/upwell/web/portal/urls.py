"""The addresses of a client's own pages. None of them names anybody."""

from __future__ import annotations

from django.urls import path

from upwell.web.portal import views

urlpatterns = [
    path("", views.portal_sign_in, name="portal_sign_in"),
    path("home", views.portal_home, name="portal_home"),
    path("plan", views.portal_plan, name="portal_plan"),
    path("agreed", views.portal_consents, name="portal_consents"),
    path("seen", views.portal_seen, name="portal_seen"),
    path("told", views.portal_told, name="portal_told"),
    path("leave", views.portal_leave, name="portal_leave"),
]
