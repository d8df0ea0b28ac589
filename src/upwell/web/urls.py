"""Every address of the application. Each app keeps its own; the language prefix is nobody's business here."""

from __future__ import annotations

from django.urls import include, path

from upwell.web import errors, health, home

handler403 = errors.not_allowed
handler404 = errors.not_found
handler500 = errors.went_wrong

urlpatterns = [
    path("", home.home, name="home"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("account/", include("upwell.practice.accounts.urls")),
    path("person/", include("upwell.practice.person.urls")),
    path("", include("upwell.practice.micro.urls")),
    path("desk/", include("upwell.practice.micro.crossing.urls")),
    path("environment/", include("upwell.practice.environment.urls")),
    path("library/", include("upwell.practice.bridge.urls")),
    path("", include("upwell.practice.mezzo.organizing.urls")),
    path("", include("upwell.practice.macro.urls")),
    path("me/", include("upwell.web.portal.urls")),
    path("start/", include("upwell.web.start.urls")),
]
