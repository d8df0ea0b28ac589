"""The addresses of a case's person: who they are, what they agree to, how to reach them, their own page."""

from __future__ import annotations

from django.urls import path

from upwell.practice.micro.views import person as views

urlpatterns = [
    path("cases/<uuid:case_id>/person", views.person, name="person"),
    path("cases/<uuid:case_id>/consents", views.consent_offer, name="consent_offer"),
    path("cases/<uuid:case_id>/consents/<uuid:consent_id>/back", views.consent_revoke, name="consent_revoke"),
    path("cases/<uuid:case_id>/contacts", views.contacts, name="contacts"),
    path("cases/<uuid:case_id>/contacts/<slug:channel>", views.contact_keep, name="contact_keep"),
    path("cases/<uuid:case_id>/own-page", views.portal_issue, name="portal_issue"),
]
