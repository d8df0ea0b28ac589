"""A full disk: `python -m faults.full`. No file of this process may grow; what it answers is printed as JSON."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faults import acts  # sets Django up
from upwell.practice.micro.crossing import gather, jobs
from upwell.practice.micro.models import Candidate, Draft, Outbox

LONG = "Nothing of this may be lost. " * 3000
SMALL = 4096


@contextmanager
def full() -> Iterator[None]:
    """Nothing can be written behind the first page of any file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def note(browser: Client, held: Draft) -> dict[str, object]:
    """Ana signs a long note on a full disk, and again when there is room."""
    path, key = reverse("note_write", args=[held.case_id]), str(held.form_key)
    told = {"form_key": key, "version": 3, "text": LONG, "kind": "meeting", "on": timezone.localdate()}
    browser.get(path)
    with full():
        page = browser.post(path, told)
        saved = browser.post(reverse("draft_save", args=[held.case_id]), {**told, "draft_kind": "note"})
    left = acts.state()
    again = browser.post(path, told)
    return {
        "status": [page.status_code, saved.status_code, again.status_code],
        "holds": [LONG.strip() in each.content.decode() for each in (page, saved)],
        "says": ["Keep this page open" in each.content.decode() for each in (page, saved)],
        "left": [left["notes"], left["drafts"]],
        "after": [acts.state()["notes"], acts.state()["drafts"]],
    }


def night() -> dict[str, object]:
    """The disk is full when the gathering wants to put its candidate on the desk; tomorrow there is room."""
    real = gather.make

    def made(*args: object, **more: object) -> object:
        whole = real(*args, **more)  # type: ignore[arg-type]
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, resource.RLIM_INFINITY))
        return whole

    Candidate.objects.update(state=Candidate.State.STALE)
    outbox = Outbox.objects.create(kind="gather", agency=acts.agency(), due_on=timezone.localdate())
    gather.make = made  # type: ignore[assignment]
    try:
        jobs.run.call(outbox.pk)
        raised = ""
    except OperationalError as error:
        raised = type(error).__name__
    finally:
        gather.make = real
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    left = acts.state()
    Outbox.objects.filter(pk=outbox.pk).update(claimed_until=None, not_before=None)
    jobs.run.call(outbox.pk)
    state = acts.state()
    return {"raised": raised, "left": left["candidates"], "after": state["candidates"], "waiting": state["waiting"]}


if __name__ == "__main__":
    print(json.dumps({"note": note(acts.browser("ana"), Draft.objects.get(form_key=acts.FORM_KEY)), "night": night()}))
