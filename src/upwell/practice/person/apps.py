"""What Django needs to know of this app."""

from django.apps import AppConfig


class Config(AppConfig):
    """Persons, their households, consents and safe contacts: the case side's ground."""

    name = "upwell.practice.person"
    label = "person"
