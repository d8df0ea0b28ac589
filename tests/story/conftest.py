"""The stage of the story: a browser, a server, the five people in a crowd, and nights that pass when told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from factories.crossing import Plant, many, towns
from factories.five import Five, five
from upwell.practice.micro.crossing import jobs, pending
from upwell.practice.micro.crossing.gather import today_of
from upwell.practice.micro.models import Outbox
from upwell.practice.person.actions import portal_issue

PEOPLE, CONCERNS = 400, 420


@dataclass
class Stage:
    """Where the story is lived. size: "desk" or "phone"; script: whether pages may run script."""

    world: Five
    base: str
    size: str
    script: bool
    enter: Callable[..., Any]

    def page_of(self, worker: object | None) -> Any:
        """A page of a worker who is signed in; of a stranger for None."""
        return self.enter(worker, self.size, script=self.script)

    def go(self, page: object, name: str, *args: object) -> None:
        """Open an address by its name."""
        answer = page.goto(self.base + reverse(name, args=[str(arg) for arg in args]))
        assert answer.status == 200, f"{name}: {answer.status}"

    def night(self) -> None:
        """Let a night pass, whatever the clock says: gather, then do whatever waits until nothing does."""
        agency = self.world.agency
        pending.due(kind="gather", agency=agency, target="", on=today_of(agency))
        pending.sweep(timezone.now())
        for kind in ("gather", "deliver", "match", "measure"):
            for outbox in Outbox.objects.filter(done_at=None, kind=kind).order_by("pk"):
                jobs.run.call(outbox.pk)
        left = Outbox.objects.filter(done_at=None)
        assert not left.exists(), [(each.kind, each.error, each.said) for each in left]


@pytest.fixture
def stage(request, enter, live_server) -> Stage:
    """The world in a database of its own, a crowd around the five, and one trouble that many share in one town."""
    size, script = request.param
    world = five()
    plant = Plant(world.town, 0.6, policy=world.policy.pk)
    many(world.agency, PEOPLE, CONCERNS, 1, towns=towns(world, "Marlow Bend", "Oxley"), plant=plant)
    world.case.next_contact_on = timezone.localdate()
    world.case.save()

    return Stage(world, live_server.url, size, script, enter)


@pytest.fixture
def code(stage: Stage) -> str:
    """Eve's code, as Ana hands it to her on paper."""
    return portal_issue(person=stage.world.eve, by=stage.world.ana)
