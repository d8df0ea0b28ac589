"""What Django needs to know of this app."""

from django.apps import AppConfig


class Config(AppConfig):
    """Workers, agencies, rights, the audit."""

    name = "upwell.practice.accounts"
    label = "accounts"
