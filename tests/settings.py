"""Settings of the tests: the application's own, with a state folder made for this run and cheaper password digests."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="upwell-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["UPWELL_HOME"] = _home
os.environ.pop("UPWELL_DEMO", None)

from upwell.web.settings import *  # noqa: E402, F403 - the state folder must be named before they are read
from upwell.web.settings import STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
UPWELL_DEMO = False
