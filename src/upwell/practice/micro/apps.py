"""What Django needs to know of this app."""

from django.apps import AppConfig


class Config(AppConfig):
    """Work with one person or family at a time, and the crossing."""

    name = "upwell.practice.micro"
    label = "micro"
