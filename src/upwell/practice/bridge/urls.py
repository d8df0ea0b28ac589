"""The addresses of the library."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from upwell.practice.bridge import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.library, name="library"),
    path("asks", views.asks, name="asks"),
    path("asks/<uuid:ask_id>", views.ask_answer, name="ask_answer"),
    path("asks/<uuid:ask_id>/take", views.ask_take, name="ask_take"),
    path("answers/<uuid:ask_id>", views.answer, name="answer"),
    path("calls", views.calls, name="calls"),
    path("calls/new", views.call_open, name="call_open"),
    path("calls/new/<uuid:issue_id>", views.call_open, name="call_open"),
    path("notes/new", views.practice_note_write, name="practice_note_write"),
    path("notes/new/<uuid:issue_id>", views.practice_note_write, name="practice_note_write"),
    path("notes/<uuid:note_id>", views.practice_note, name="practice_note"),
    path("notes/<uuid:note_id>/change", views.practice_note_change, name="practice_note_change"),
    path("notes/<uuid:note_id>/send", views.practice_note_send, name="practice_note_send"),
]
