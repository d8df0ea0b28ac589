"""The application's own settings, for a state folder of a test: tables without migrations, cheap digests."""

from typing import Any

from upwell.web.settings import *  # noqa: F403
from upwell.web.settings import LOGGING, STORAGES


class _NoMigrations:
    def __contains__(self, app: object) -> bool:
        return True

    def __getitem__(self, app: object) -> None:
        return None


MIGRATION_MODULES: Any = _NoMigrations()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
LOGGING = {**LOGGING, "loggers": {"upwell": {"level": "WARNING"}}}
ALLOWED_HOSTS = ["testserver"]
