"""The application as granian serves it. Pages are loaded before the first request: nobody waits for imports."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.umask(0o077)  # whatever is made in the state folder is its owner's alone
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upwell.web.settings")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - reading them imports every view
