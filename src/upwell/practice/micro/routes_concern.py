"""The addresses of concerns, asks, impact and the team's page."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from upwell.practice.micro.views import ask, concern, impact, team

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/<uuid:case_id>/concern", concern.concern_raise, name="concern_raise"),
    path("concerns/<uuid:concern_id>", concern.concern, name="concern"),
    path("concerns/<uuid:concern_id>/answer", concern.concern_answer, name="concern_answer"),
    path("cases/<uuid:case_id>/ask", ask.ask_make, name="ask_make"),
    path("asked/<int:ask_made_id>", ask.ask_made, name="ask_made"),
    path("impact", impact.impact, name="impact"),
    path("words/<int:word_id>/useful", impact.word_rate, name="word_rate"),
    path("matches", impact.matches, name="matches"),
    path("matches/<int:match_id>", impact.match_look, name="match_look"),
    path("team", team.team, name="team"),
    path("team/answer", team.team_acknowledge, name="team_acknowledge"),
    path("team/one-trouble", team.team_one_trouble, name="team_one_trouble"),
]
