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
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from practice.test_rights import Everybody, addresses, arguments, right_of
from upwell.web.logs import place

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("UPWELL_FUZZ_EXAMPLES", "10"))
SEED = int(os.environ.get("UPWELL_FUZZ_SEED") or random.SystemRandom().randrange(2**32))
ALLAUTH = ("account_", "mfa_")
NOT_FUZZED = {"account_logout", "sign_out"}
"""They end the session of whoever sends everything else."""
STEERS = ("form_key", "version", "window", "draft_kind", "do", "next", "on", "page", "q", "draft", "words", "text")
"""Names that forms have all over the house: sent to addresses that show no form of their own."""

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


@dataclass
class Form:
    """A form as a page shows it: where it is sent, what stands in it, the fields that take a file."""

    action: str
    told: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """Reads the POST forms of a page, and the names that its links and searches ask with."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.asks: set[str] = set()
        self.is_search = False
        self.found: list[Form] = []
        self.form: Form | None = None
        self.choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.asks.update(parse_qs(urlsplit(has.get("href", "")).query, keep_blank_values=True))
        if tag == "form":
            self.is_search = has.get("method", "").lower() != "post"
            self.form = Form(has.get("action") or self.path) if has.get("method", "").lower() == "post" else None
            self.found += [self.form] if self.form else []
        elif self.form:
            self._field(tag, has)
        elif self.is_search and has.get("name"):
            self.asks.add(has["name"])

    def _field(self, tag: str, has: dict[str, str]) -> None:
        assert self.form
        name = has.get("name", "")
        if tag == "select":
            self.choice = name
        if tag == "option" and self.choice:
            self._stands(self.choice, has.get("value", ""), is_it="selected" in has)
        if tag in {"input", "textarea", "button"} and name:
            if has.get("type") == "file":
                self.form.files.add(name)
            is_choice = has.get("type") in {"radio", "checkbox"}
            self._stands(name, has.get("value", ""), is_it="checked" in has or not is_choice)

    def _stands(self, name: str, what: str, *, is_it: bool) -> None:
        assert self.form
        told = self.form.told.setdefault(name, [])
        if is_it or not told or told == [""]:
            told[:] = [what]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form, self.is_search = None, False


def browser_for(everybody: Everybody, name: str, right: str) -> Client:
    """Somebody who may: a worker of every role, the client on her own page, a stranger on public ones."""
    if right == "open: client":
        return everybody.browsers["client"]
    is_public = right.startswith("open: ") or name == "account_login"
    return everybody.browsers["stranger"] if is_public else everybody.browsers["ben"]


@dataclass
class House:
    """Every address with who may open it, every form with who may send it, every name that addresses are asked with."""

    pages: dict[str, tuple[str, Client]] = field(default_factory=dict)
    forms: list[tuple[str, Client, Form]] = field(default_factory=list)
    asks: set[str] = field(default_factory=lambda: set(STEERS))


def walked(everybody: Everybody) -> House:
    """The house, found by opening every door. An address that shows no form of its own is sent common names."""
    everybody.with_every_role("ben")
    house = House()
    for one in addresses():
        name, right = str(one.name), right_of(one)
        path = everybody.path(one) if arguments(one) else reverse(name)
        if path and name not in NOT_FUZZED and (right or name.startswith(ALLAUTH)):
            house.pages[path] = (name, browser_for(everybody, name, right))
    shown: dict[str, list[Form]] = {}
    for path, (_, browser) in house.pages.items():
        reader = read(browser, path)
        house.asks |= reader.asks
        for form in reader.found:
            shown.setdefault(form.action.partition("?")[0], []).append(form)
    for path, (name, browser) in house.pages.items():
        there = shown.get(path) or [Form(path, {each: [""] for each in STEERS})]
        house.forms += [(name, browser, form) for form in there[:3]]
    return house


def read(browser: Client, path: str) -> Forms:
    with transaction.atomic():
        keys = browser.cookies.copy()
        answer = browser.get(path)
        browser.cookies = keys
        transaction.set_rollback(True)
    reader = Forms(path)
    if not answer.streaming and "html" in answer.headers.get("Content-Type", ""):
        reader.feed(answer.content.decode())
    return reader


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


def test_no_form_breaks_whatever_is_sent() -> None:
    everybody, sender = Everybody(), Sender()
    house = walked(everybody)

    faults = {
        f"POST {name} ({form.action})": broke
        for name, browser, form in house.forms
        if (broke := fuzz(sender, browser, "post", form, examples=EXAMPLES))
    }

    fail_with(faults, len(house.forms))
    assert len(house.forms) > 100 and sender.answers[302] > len(house.forms), sender.answers


def test_no_page_breaks_whatever_it_is_asked() -> None:
    everybody, sender = Everybody(), Sender()
    house = walked(everybody)

    faults = {
        f"GET {name} ({path})": broke
        for path, (name, browser) in house.pages.items()
        if (
            broke := fuzz(
                sender, browser, "get", Form(path, {each: [""] for each in house.asks}), examples=EXAMPLES // 3
            )
        )
    }

    fail_with(faults, len(house.pages))
    assert len(house.pages) > 100 and sender.answers[200] > len(house.pages), sender.answers
