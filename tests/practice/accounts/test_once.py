"""Whoever comes second at the same moment finds what the first has made."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from upwell.practice.accounts.models import Agency
from upwell.practice.accounts.once import once


def test_the_second_looks_again_and_finds_the_row_of_the_first() -> None:
    looks: list[bool] = []

    @once
    @transaction.atomic
    def make(*, slug: str) -> Agency:
        looks.append(Agency.objects.filter(slug=slug).exists())
        if len(looks) == 2:
            return Agency.objects.get(slug=slug)
        return Agency.objects.create(name="As if it were not there yet", slug=slug)

    first = Agency.objects.create(name="The first", slug="one")

    assert make(slug="one") == first
    assert Agency.objects.count() == 1


def test_what_is_refused_again_is_refused() -> None:
    @once
    @transaction.atomic
    def make() -> Agency:
        return Agency.objects.create(name="Another", slug="one")

    Agency.objects.create(name="The first", slug="one")

    with pytest.raises(IntegrityError):
        make()
