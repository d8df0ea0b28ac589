"""The five, in a world that remembers nobody's earlier attempts."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from factories.five import Five, five


@pytest.fixture
def world(transactional_db: None) -> Five:
    """The five."""
    cache.clear()
    return five()
