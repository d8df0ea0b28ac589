"""Puts a whole run of the tests on a PostgreSQL server of its own: `pytest -p tests.postgres.plugin`.

Loaded before the settings are read, so that they see UPWELL_TEST_DATABASE; a run without this plugin is on SQLite.
"""

import atexit
import os
from contextlib import ExitStack

from tests.postgres.server import running

if "UPWELL_TEST_DATABASE" not in os.environ:  # workers of a parallel run inherit it
    _until_the_end = ExitStack()
    atexit.register(_until_the_end.close)
    os.environ["UPWELL_TEST_DATABASE"] = _until_the_end.enter_context(running(hasty=True)).get_uri()
os.environ["UPWELL_TEST_VENDOR"] = "postgresql"
