"""The addresses of organizing."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from upwell.practice.mezzo.organizing.views import initiative, public, session

urlpatterns: list[URLPattern | URLResolver] = [
    path("issues/<uuid:issue_id>/confirm", initiative.issue_confirm, name="issue_confirm"),
    path("issues/<uuid:issue_id>/door", initiative.door_open, name="door_open"),
    path("issues/<uuid:issue_id>/initiative", initiative.initiative_start, name="initiative_start"),
    path("initiatives", initiative.initiatives, name="initiatives"),
    path("initiatives/<uuid:initiative_id>", initiative.initiative, name="initiative"),
    path("initiatives/<uuid:initiative_id>/end", initiative.initiative_end, name="initiative_end"),
    path("initiatives/<uuid:initiative_id>/meeting", initiative.meeting_add, name="meeting_add"),
    path("initiatives/<uuid:initiative_id>/session", session.session_plan, name="session_plan"),
    path(
        "initiatives/<uuid:initiative_id>/people/<uuid:supporter_id>/erase",
        initiative.supporter_erase,
        name="supporter_erase",
    ),
    path("meetings/<int:meeting_id>", initiative.meeting, name="meeting"),
    path("meetings/<int:meeting_id>/publish", initiative.meeting_publish, name="meeting_publish"),
    path("sessions/<uuid:session_id>", session.session, name="session"),
    path("sessions/<uuid:session_id>/change", session.session_change, name="session_change"),
    path("sessions/<uuid:session_id>/on", session.session_go_on, name="session_go_on"),
    path("join/<uuid:link>", public.join, name="join"),
    path("join/<uuid:link>/sheet", public.sheet, name="join_sheet"),
    path("join/<uuid:link>/code.svg", public.join_picture, name="join_picture"),
    path("leave", public.leave, name="leave"),
    path("check/<uuid:link>", public.learning_check, name="learning_check"),
    path("check/<uuid:link>/code.svg", public.check_picture, name="check_picture"),
]
