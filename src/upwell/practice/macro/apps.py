"""What Django needs to know of this app."""

from django.apps import AppConfig


class Config(AppConfig):
    """Projects, proposals, officials, and what was decided."""

    name = "upwell.practice.macro"
    label = "macro"
