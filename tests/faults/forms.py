"""Every form of the house, found by opening every door as somebody who may, and reading what each page asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from practice.test_rights import Everybody, addresses, arguments, right_of

ALLAUTH = ("account_", "mfa_")
NOT_FUZZED = {"account_logout", "sign_out"}
"""They end the session of whoever sends everything else."""
STEERS = ("form_key", "version", "window", "draft_kind", "do", "next", "on", "page", "q", "draft", "words", "text")
"""Names that forms have all over the house: sent to addresses that show no form of their own."""


@dataclass
class Form:
    """A form as a page shows it: where it is sent, what stands in it, the fields that take a file."""

    action: str
    told: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)


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
            self.form.kinds[name] = "select"
        if tag == "option" and self.choice:
            self._stands(self.choice, has.get("value", ""), is_it="selected" in has)
        if tag in {"input", "textarea", "button"} and name:
            self.form.kinds.setdefault(name, has.get("type", tag))
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


def filled(form: Form) -> dict[str, str]:
    """The form with something sensible in whatever stands empty."""
    today = timezone.localdate()
    likely = {"date": today.isoformat(), "datetime-local": f"{today}T10:00", "number": "3", "email": "new@example.org"}
    told = {}
    for name, stands in form.told.items():
        kind = form.kinds.get(name, "")
        if kind == "hidden" or (stands and stands[0]):
            told[name] = stands[0] if stands else ""
        else:
            told[name] = likely.get(kind, "Certificates take eleven weeks")
    return told
