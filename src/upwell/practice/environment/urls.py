"""The addresses of the environment."""

from __future__ import annotations

from django.urls import path

from upwell.practice.environment import views

urlpatterns = [
    path("", views.environment, name="environment"),
    path("places", views.places, name="places"),
    path("places/add", views.place_add, name="place_add"),
    path("places/<int:place_id>/change", views.place_change, name="place_change"),
    path("systems/add", views.system_add, name="system_add"),
    path("systems/<uuid:system_id>", views.system, name="system"),
    path("systems/<uuid:system_id>/change", views.system_change, name="system_change"),
    path("services/add", views.service_add, name="service_add"),
    path("services/<uuid:service_id>/change", views.service_change, name="service_change"),
    path("policies/add", views.policy_add, name="policy_add"),
    path("policies/<uuid:policy_id>", views.policy, name="policy"),
    path("policies/<uuid:policy_id>/change", views.policy_change, name="policy_change"),
    path("policies/<uuid:policy_id>/step", views.policy_step, name="policy_step"),
]
