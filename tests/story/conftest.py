"""The stage of the story: a browser, a server, the five people in a crowd, and nights that pass when told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.crossing import Plant, many, towns
from factories.five import Five, five
from upwell.practice.micro.crossing import jobs, pending
from upwell.practice.micro.models import Outbox
from upwell.practice.person.actions import portal_issue

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}
PEOPLE, CONCERNS = 400, 420
PATIENCE = 15_000
"""Milliseconds to wait for what should be on a page; a busy machine is slow."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """One browser for all stories."""
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have Chromium: install the package chromium.")
        pytest.skip("Chromium is not installed; the story was not lived in a browser.")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser to drive

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs a loop in this thread; the tests do not use it
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@dataclass
class Stage:
    """Where the story is lived. size: "desk" or "phone"; script: whether pages may run script."""

    world: Five
    base: str
    size: str
    script: bool
    browser: object
    sign_in: Callable[[object], str]
    contexts: list = field(default_factory=list)

    def page_of(self, worker: object | None) -> object:
        """A page of a worker who is signed in; of a stranger for None."""
        context = self.browser.new_context(viewport=SIZES[self.size], java_script_enabled=self.script, locale="en-US")
        context.set_default_timeout(PATIENCE)
        if worker is not None:
            context.add_cookies([{"name": "sessionid", "value": self.sign_in(worker), "url": self.base}])
        self.contexts.append(context)
        return context.new_page()

    def go(self, page: object, name: str, *args: object) -> None:
        """Open an address by its name."""
        answer = page.goto(self.base + reverse(name, args=[str(arg) for arg in args]))
        assert answer.status == 200, f"{name}: {answer.status}"

    def night(self) -> None:
        """Let a night pass: gather, then do whatever waits until nothing does."""
        pending.sweep(timezone.now())
        for kind in ("gather", "deliver", "match", "measure"):
            for outbox in Outbox.objects.filter(done_at=None, kind=kind).order_by("pk"):
                jobs.run.call(outbox.pk)
        left = Outbox.objects.filter(done_at=None)
        assert not left.exists(), [(each.kind, each.error, each.said) for each in left]


@pytest.fixture
def stage(request, chromium, live_server) -> Iterator[Stage]:
    """The world in a database of its own, a crowd around the five, and one trouble that many share in one town."""
    size, script = request.param
    world = five()
    plant = Plant(world.town, 0.6, policy=world.policy.pk)
    many(world.agency, PEOPLE, CONCERNS, 1, towns=towns(world, "Marlow Bend", "Oxley"), plant=plant)
    world.case.next_contact_on = timezone.localdate()
    world.case.save()

    def sign_in(worker: object) -> str:
        client = Client()
        client.force_login(worker)
        return client.cookies["sessionid"].value

    made = Stage(world, live_server.url, size, script, chromium, sign_in)
    yield made
    for context in made.contexts:
        context.close()


@pytest.fixture
def code(stage: Stage) -> str:
    """Eve's code, as Ana hands it to her on paper."""
    return portal_issue(person=stage.world.eve, by=stage.world.ana)
