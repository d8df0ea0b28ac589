"""Eve with a consent to be told, on her own page; and the browsers of the others."""

from __future__ import annotations

import pytest
from django.test import Client

from factories.five import Five, five
from factories.person import portal_sign_in


@pytest.fixture
def world() -> Five:
    """The five."""
    return five()


@pytest.fixture
def eve(world: Five) -> Client:
    """Eve's phone, signed in with her code; in English, so that tests can read it."""
    world.eve.language = "en"
    world.eve.save()
    phone = Client()
    portal_sign_in(phone, world.eve, world.ana)
    return phone
