"""Two at once: `python -m faults.together WHAT`. Threads with a database connection each start at the same moment.

What each got, and what there is afterwards, is printed as JSON.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

from django.db import connection
from django.db.models import CharField, Value
from django.db.models.functions import Concat
from django.test import Client
from django.utils import timezone

from faults import acts  # sets Django up
from faults.forms import Form, filled, walked
from practice.test_rights import Everybody
from upwell.practice.accounts.models import Agency, Worker
from upwell.practice.bridge.models import Reply
from upwell.practice.micro.actions.note import draft_save
from upwell.practice.micro.crossing import jobs
from upwell.practice.micro.crossing.deliver import deliver
from upwell.practice.micro.models import Draft, Outbox
from upwell.web.logs import place

FORM_KEY = acts.FORM_KEY


def at_once(*does: Callable[[], Any]) -> list[str]:
    """Start all at the same moment; what each returned, or the class of what it raised."""
    start, got = threading.Barrier(len(does)), [""] * len(does)

    def run(number: int) -> None:
        try:
            start.wait()
            got[number] = str(does[number]())
        except Exception as error:  # noqa: BLE001 - what went wrong is the answer
            got[number] = f"{type(error).__name__}: {error}"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(does))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def approve() -> list[str]:
    """Two approvals of one candidate."""
    return at_once(acts.approve, acts.approve)


def outbox() -> list[str]:
    """Two workers on one row."""
    row = Outbox.objects.create(
        kind="deliver",
        agency=acts.agency(),
        target=str(Reply.objects.order_by("pk")[0].pk),
        due_on=timezone.localdate(),
    )
    got = at_once(lambda: jobs.run.call(row.pk), lambda: jobs.run.call(row.pk))
    return [*got, str(Outbox.objects.get(pk=row.pk).attempts)]


def replies() -> list[str]:
    """Two replies of one issue delivered at once, one of them by two workers."""
    first, second = Reply.objects.order_by("pk")[:2]
    rows = [
        Outbox.objects.create(kind="deliver", agency=acts.agency(), target=str(reply.pk), due_on=timezone.localdate())
        for reply in (first, second)
    ]
    return at_once(*(lambda row=row: deliver(outbox=row) for row in (rows[0], rows[1], rows[0])))


def draft() -> list[str]:
    """Two windows that go on from the same saving of one draft, with other words each."""
    held = Draft.objects.get(form_key=FORM_KEY)

    def save(text: str) -> Callable[[], Any]:
        told = {"form_key": FORM_KEY, "version": 3, "window": uuid4()}
        return lambda: draft_save(case=held.case, by=held.by, kind="note", fields={"text": text}, **told)

    got = at_once(save("one"), save("two"))
    return got


def begun() -> list[str]:
    """Two windows that save one new draft for the first time."""
    held, key = Draft.objects.get(form_key=FORM_KEY), uuid4()

    def save(text: str) -> Callable[[], Any]:
        told = {"form_key": key, "version": 0, "window": uuid4()}
        return lambda: draft_save(case=held.case, by=held.by, kind="note", fields={"text": text}, **told)

    return at_once(save("one"), save("two"))


def forms() -> list[str]:
    """Every form of the house sent twice at the same moment; what went wrong."""
    Agency.objects.update(slug=Concat("slug", Value("-before")))  # the five come a second time, in a world of their own
    Worker.objects.update(email=Concat("pk", Value("@before.example.org"), output_field=CharField()))
    everybody = Everybody()
    found = walked(everybody).forms
    faults, sent = [], 0
    for name, browser, form in found:
        told = filled(form)
        got = at_once(*(partial(_send, browser, form, told) for _ in range(2)))
        sent += "302" in got[0] and "302" in got[1]
        is_keyed = bool(told.get("form_key"))
        if any("50" in each[:3] or "Error" in each for each in got) or (is_keyed and len(set(got)) > 1):
            faults.append(f"{name} {got}")
    return [*faults, f"{sent} sent"]


def _send(browser: Client, form: Form, told: dict[str, str]) -> str:
    mine = Client(raise_request_exception=False)
    mine.cookies = browser.cookies.copy()
    answer = mine.post(form.action, told)
    error = answer.exc_info[1] if getattr(answer, "exc_info", None) else None
    return f"{answer.status_code} {answer.headers.get('Location', '')} {place(error) if error else ''}"


WHAT: dict[str, Callable[[], list[str]]] = {
    each.__name__: each for each in (approve, outbox, replies, draft, begun, forms)
}


def main(words: list[str]) -> None:
    """Do it, and tell."""
    got = WHAT[words[0]]()
    texts = sorted(json.loads(held.fields)["text"] for held in Draft.objects.all())
    print(json.dumps({"got": got, "state": acts.state(), "texts": texts}))


if __name__ == "__main__":
    main(sys.argv[1:])
