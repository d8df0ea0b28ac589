"""What Django needs to know of this app."""

from django.apps import AppConfig


class Config(AppConfig):
    """The application's own pages, commands and template tags."""

    name = "upwell.web"
    label = "web"
