"""What Django needs to know of this app."""

from django.apps import AppConfig


class Config(AppConfig):
    """Places, institutions, services and policies: what people live among."""

    name = "upwell.practice.environment"
    label = "environment"
