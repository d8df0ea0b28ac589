"""What Django needs to know of this app."""

from django.apps import AppConfig


class Config(AppConfig):
    """Messages between the levels. It knows none of them."""

    name = "upwell.practice.bridge"
    label = "bridge"
