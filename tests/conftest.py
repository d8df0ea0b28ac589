"""What holds for every test: no deadline, because a busy machine is no fault of the code."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("upwell", deadline=None, print_blob=True)
settings.load_profile("upwell")
