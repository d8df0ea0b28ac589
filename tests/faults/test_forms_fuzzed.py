"""Every form, sent anything at all by somebody who may send it: a page, a way on, a refusal; never a fault of ours.

A form is found by opening every address and reading what it asks for, so a new one is covered by itself. Whatever was
found is sent mostly as it stands, with some fields replaced: so the nonsense arrives behind the form's own checks.
UPWELL_FUZZ_SEED repeats a run; the seed of a failed one is in its message.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from faults.forms import Form, walked
from practice.test_rights import Everybody
from upwell.web.logs import place

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("UPWELL_FUZZ_EXAMPLES") or (60 if os.environ.get("UPWELL_SLOW") == "full" else 6))
SEED = int(os.environ.get("UPWELL_FUZZ_SEED") or random.SystemRandom().randrange(2**32))

NASTY = (
    "", " ", "\0", "a\0b", "x" * 70_000, "9" * 400, "-1", "0", "1e999", "NaN", "-inf", "0x10", str(2**31), str(2**63),
    "2026-02-30", "0000-00-00", "9999-12-31", "0001-01-01", "10000-01-01", "25:61", "2026-11-20T99:99",
    "00000000-0000-0000-0000-000000000000", "not-a-uuid", "\U0001f9d1\u200d\U0001f9d1" * 40, "\ud7ff\ufffe\uffff",
    "\u202etxet\u202c \u0627\u0644", "%s %(x)s {0} {x} {{ x }} {% x %}", "<script>alert(1)</script>", "\\x00\\u0000",
    "'; DROP TABLE x; --", "../../etc/passwd", "[]", "{}", '{"text": 1}', "null", "true", "\r\n\r\nSet-Cookie: a=b",
    "a@b", "+1 (555) 0\u0660\u0661",
)  # fmt: skip
value = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=80),
    st.integers().map(str),
    st.uuids().map(str),
    st.dates().map(str),
    st.binary(max_size=40).map(lambda raw: raw.decode("latin-1")),
)


@st.composite
def filled(draw: st.DrawFn, form: Form) -> dict[str, Any]:
    """What is sent: the form as it stands, with some fields gone, some doubled, some nonsense."""
    sent: dict[str, Any] = {}
    changed = draw(st.sets(st.sampled_from(sorted(form.told)), min_size=1)) if form.told else set()
    for name, stands in form.told.items():
        how = (
            draw(st.sampled_from(("nonsense", "nonsense", "nonsense", "gone", "twice"))) if name in changed else "as is"
        )
        if how == "gone":
            continue
        sent[name] = stands or [""] if how == "as is" else [draw(value) for _ in range(2 if how == "twice" else 1)]
    for name in form.files:
        content = draw(st.one_of(st.binary(max_size=200), st.just(b"PK\x03\x04" + b"\0" * 40)))
        sent[name] = SimpleUploadedFile(draw(st.sampled_from(("a.zip", "b.csv", "\u202ec.zip"))), content)
    return sent


class Fault(AssertionError):
    """An answer of 500."""


class Sender:
    """Sends, counts the answers, and remembers where the application broke."""

    def __init__(self) -> None:
        self.broke = ""
        self.answers: Counter[int] = Counter()
        got_request_exception.connect(self._note)

    def _note(self, **_: object) -> None:
        error = sys.exc_info()[1]
        self.broke = place(error) if error else "?"

    def send(self, browser: Client, method: str, path: str, told: dict[str, Any], headers: dict[str, str]) -> None:
        cache.clear()
        keys, self.broke = browser.cookies.copy(), ""
        with transaction.atomic():
            answer = getattr(browser, method)(path, told, headers=headers)
            if answer.status_code == 302:
                connection.check_constraints()  # a key that leads nowhere would only be found at the commit
            transaction.set_rollback(True)
        browser.cookies = keys
        self.answers[answer.status_code] += 1
        if answer.status_code >= 500:
            raise Fault(f"{answer.status_code}: {self.broke}")


def fuzz(sender: Sender, browser: Client, method: str, form: Form, *, examples: int) -> str:
    """What broke, "" when nothing did."""

    @seed(SEED)
    @settings(max_examples=examples, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(told=filled(form), headers=st.sampled_from(({}, {"Accept": "application/json"}, {"HX-Request": "true"})))
    def anything(told: dict[str, Any], headers: dict[str, str]) -> None:
        last.update(told=told)
        sender.send(browser, method, form.action, told, headers)

    last: dict[str, Any] = {}
    try:
        anything()
    except Fault as fault:
        return f"{fault} with { ({name: str(what)[:60] for name, what in last['told'].items()}) }"
    return ""


def fail_with(faults: dict[str, str], tried: int) -> None:
    if faults:
        told = "\n  ".join(f"{where}: {what}" for where, what in faults.items())
        pytest.fail(f"UPWELL_FUZZ_SEED={SEED}: {len(faults)} of {tried} broke:\n  {told}", pytrace=False)


def test_no_form_and_no_page_breaks_whatever_it_is_sent_and_asked() -> None:
    house, sender, asked = walked(Everybody()), Sender(), Sender()

    faults = {
        f"POST {name} ({form.action})": broke
        for name, browser, form in house.forms
        if (broke := fuzz(sender, browser, "post", form, examples=EXAMPLES))
    }
    faults |= {
        f"GET {name} ({path})": broke
        for path, (name, browser) in house.pages.items()
        if (
            broke := fuzz(
                asked, browser, "get", Form(path, {each: [""] for each in house.asks}), examples=max(2, EXAMPLES // 3)
            )
        )
    }

    fail_with(faults, len(house.forms) + len(house.pages))
    assert len(house.forms) > 100 and sender.answers[302] > len(house.forms), sender.answers
    assert len(house.pages) > 100 and asked.answers[200] > len(house.pages), asked.answers
