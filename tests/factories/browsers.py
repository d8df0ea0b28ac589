"""A browser for the tests of pages: how Chromium starts, its screens, and what is wrong with a page it shows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]
SIZES = {
    "desk": {"width": 1280, "height": 900},
    "tablet": {"width": 768, "height": 844},
    "large-phone": {"width": 390, "height": 844},
    "phone": {"width": 360, "height": 740},
    "small-phone": {"width": 320, "height": 844},
}
DESK_AND_PHONE = ("desk", "phone")
SCHEMES = ("light", "dark")


def sign_in(context: Any, worker: object, host: str) -> Any:
    """Put a worker's session into a browser. Its twin in Django's test client, which shares that session."""
    from django.test import Client  # noqa: PLC0415 - the tests of one file on a disk need no Django

    twin = Client()
    twin.force_login(worker)  # type: ignore[arg-type]
    context.add_cookies([{"name": "sessionid", "value": twin.cookies["sessionid"].value, "url": host}])
    return twin


def unfold(page: Any, within: str = "main") -> None:
    """Open whatever is folded, so that it is looked at as well."""
    page.evaluate(f"document.querySelectorAll('{within} details').forEach(each => each.open = true)")


def faults(page: Any) -> list[str]:
    """What axe finds on a page as it stands, and whether it is wider than the screen."""
    from axe_playwright_python.base import AXE_SCRIPT  # noqa: PLC0415 - only where there is a browser to drive

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(all => all.violations)")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    said = [f"{page.url}: {each['id']}: {each['help']}: {each['nodes'][0]['html'][:120]}" for each in found]
    return said + ([f"{page.url}: {wide} px too wide"] if wide > 0 else [])


def faults_in_both_schemes(page: Any, name: str) -> list[str]:
    """The faults of a page in light and in dark. UPWELL_SHOTS names a folder for its pictures, if any are wanted.

    The page is not loaded again: no page asks for the scheme but in its style. Some ask for the width, once, when
    they are loaded; another size is therefore another page. Nothing moves, or axe would see colours on their way.
    """
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{scheme}: {each}" for each in faults(page)]
        if folder := os.environ.get("UPWELL_SHOTS"):
            shot = f"{name.strip('/').replace('/', '-')[:40]}-{page.viewport_size['width']}-{scheme}.png"
            page.screenshot(path=Path(folder) / shot, full_page=True)
    return found
