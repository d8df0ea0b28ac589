"""What holds for every test: no deadline, because a busy machine is no fault of the code; and one browser for all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings

from factories.browsers import FLAGS, SIZES, sign_in
from factories.turns import dealt

settings.register_profile("upwell", deadline=None, print_blob=True)
settings.load_profile("upwell")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In a parallel run let what takes long begin first; alone, keep the order."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:
        items[:] = dealt(items, workers, lambda item: item.nodeid.split("::")[0])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The one browser of the run. Without Chromium its tests are skipped; in CI they fail."""
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have Chromium: install the package chromium.")
        pytest.skip("Chromium is not installed; no page was looked at in a browser.")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser to drive

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The driver's loop runs in this thread until it ends; Django would take it for a server's and refuse queries.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open an empty page of a browser that nobody has used: `opened("phone", script=False)`; closed afterwards."""
    contexts = []

    def go(size: str = "desk", *, script: bool = True, scheme: str = "light") -> Any:
        contexts.append(
            chromium.new_context(viewport=SIZES[size], java_script_enabled=script, color_scheme=scheme, locale="en-US")
        )
        return contexts[-1].new_page()

    yield go
    for context in contexts:
        context.close()


@pytest.fixture
def enter(opened: Callable[..., Any], live_server: Any) -> Callable[..., Any]:
    """Open a page of a worker who is signed in, of a stranger for None: `enter(world.ana, "phone")`.

    page.base is the server; page.at goes to an address by its name; page.twin is the worker's test client.
    """
    from django.urls import reverse  # noqa: PLC0415 - only where there is a server

    def go(worker: object | None, size: str = "desk", *, script: bool = True, scheme: str = "light") -> Any:
        page = opened(size, script=script, scheme=scheme)
        page.base = live_server.url
        page.at = lambda name, *args: page.goto(page.base + reverse(name, args=args))
        page.twin = sign_in(page.context, worker, page.base) if worker else None
        return page

    return go
