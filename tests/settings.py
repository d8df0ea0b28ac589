"""Settings of the tests: the application's own, with a state folder made for this run and cheaper password digests.

The database is SQLite in memory, or the PostgreSQL that UPWELL_TEST_DATABASE names; never the one of DATABASE_URL.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_home = tempfile.mkdtemp(prefix="upwell-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["UPWELL_HOME"] = _home
for _name in ("UPWELL_DEMO", "DATABASE_URL"):
    os.environ.pop(_name, None)

from upwell.web.database import database  # noqa: E402 - the state folder must be named before they are read
from upwell.web.settings import *  # noqa: E402, F403
from upwell.web.settings import STORAGES  # noqa: E402

DATABASES = {"default": database({"DATABASE_URL": os.environ.get("UPWELL_TEST_DATABASE", "")}, Path(_home))}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
UPWELL_DEMO = False
