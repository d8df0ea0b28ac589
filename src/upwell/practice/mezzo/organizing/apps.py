"""What Django needs to know of this app."""

from django.apps import AppConfig


class Config(AppConfig):
    """Work with people who opted in; it knows no client."""

    name = "upwell.practice.mezzo.organizing"
    label = "organizing"
