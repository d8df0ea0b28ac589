"""The application's settings, with one more address."""

from upwell.web.settings import *  # noqa: F403 - settings are made of names

ROOT_URLCONF = "bench.site.urls"
