"""A page as it was answered, without the keys that are drawn anew for each answer."""

from __future__ import annotations

import re

from django.http import HttpResponse

KEYS = re.compile(
    r'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]+'
    r"|[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}"  # a key of a row
    r"|/o/[A-Za-z0-9_.:-]+",  # a signed link
)


def without_keys(page: str | HttpResponse) -> str:
    """Its text and attributes; only tokens, links and keys of rows, in which any figures may stand, are left out."""
    return KEYS.sub("", page if isinstance(page, str) else page.content.decode())
