"""Every address, tried by everybody: the right decides, another agency's row is not there, and nothing breaks.

A new address is covered by itself. If it takes an argument that `factories.everything` does not know, the test says so:
add a row of its kind there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from factories.accounts import administrator
from factories.everything import everything
from factories.five import Five, five
from upwell.practice.accounts.models import Role, RoleHeld, Worker
from upwell.practice.accounts.permissions import RIGHTS, holds
from upwell.practice.person.models import PortalAccess
from upwell.web.portal import session

SHARED_BY_EVERY_AGENCY = {
    "place_change",
    "policy",
    "policy_change",
    "policy_step",
    "service_change",
    "system",
    "system_change",
}
"""The environment is public knowledge: whoever holds the right meets it, whatever the agency."""

SIGN_IN = "/account/login/"
PEOPLE = ("ana", "ben", "cleo", "dov", "fay")
ANSWERS = {200, 302, 303, 400, 404, 405, 409, 410, 422, 423}
"""What somebody may get who holds the right: a page, a way on, not there, not like this, overtaken, no longer."""


def addresses(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one)
        else:
            yield one


def arguments(one: URLPattern) -> list[str]:
    return list(one.pattern.converters)


def right_of(one: URLPattern) -> str:
    return str(getattr(one.callback, "right", ""))


OURS = [one for one in addresses() if right_of(one)]
PLAIN = [one for one in OURS if not arguments(one)]
WITH_ARGUMENTS = [one for one in OURS if arguments(one)]


class Everybody:
    """The world, one row of everything in it, and a browser for each. Made once a test: it takes a while."""

    def __init__(self) -> None:
        self.world: Five = five()
        self.values, self.special = everything(self.world)
        self.workers = {name: getattr(self.world, name) for name in PEOPLE if name != "fay"}
        self.workers["fay"] = administrator(self.world.agency)
        self.browsers = {who: self._browser(who) for who in (*PEOPLE, "stranger", "client")}

    def path(self, one: URLPattern) -> str | None:
        """The address with its arguments filled in; None where the factory does not know one."""
        values = {name: self.special.get((one.name, name), self.values.get(name)) for name in arguments(one)}
        return None if None in values.values() else reverse(str(one.name), kwargs=values)

    def with_every_role(self, who: str) -> Client:
        worker = self.workers[who]
        for role in set(Role) - worker.roles:
            RoleHeld.objects.create(worker=worker, role=role)
        worker.forget_roles()
        return self.browsers[who]

    def _browser(self, who: str) -> Client:
        browser = Client(raise_request_exception=False)
        if who == "client":
            access = PortalAccess.objects.create(
                person=self.world.eve, code_sha256="0" * 64, issued_at=timezone.now(), handle=uuid4()
            )
            browser.cookies = session.begin(HttpResponse(), access.handle, now=timezone.now()).cookies
        elif who != "stranger":
            browser.force_login(self.workers[who])
        return browser


@pytest.fixture
def everybody() -> Everybody:
    return Everybody()


def try_all(found: list[URLPattern], wrong_with: Callable[[URLPattern], list[str]]) -> None:
    """Try each address in a world that is put back afterwards; fail with one line for each fault."""
    faults: list[str] = []
    for one in found:
        cache.clear()
        with transaction.atomic():
            faults += wrong_with(one)
            transaction.set_rollback(True)
    if faults:
        pytest.fail(f"{len(faults)} faults:\n  " + "\n  ".join(faults), pytrace=False)


def answers(browser: Client, path: str) -> Iterator[tuple[str, HttpResponse]]:
    for method in ("get", "post"):
        keys = browser.cookies.copy()
        yield method, getattr(browser, method)(path)
        browser.cookies = keys


def wrong(one: URLPattern, answer: HttpResponse, worker: Worker | None) -> str:
    """What is wrong with an answer, "" when nothing is."""
    right = right_of(one)
    if answer.status_code >= 500:
        return "broken"
    if answer.status_code == 405:
        return ""  # only sent to, never opened: it tells nobody anything
    if right.startswith("open: "):
        return "" if answer.status_code in {*ANSWERS, 403, 429} else "strange"
    if worker is None:
        sent_off = answer.status_code == 302 and answer.headers["Location"].startswith(SIGN_IN)
        return "" if sent_off else "not sent to sign in"
    if not holds(worker.roles, right):
        return "" if answer.status_code == 403 else f"let in without {right}"
    if answer.status_code == 403:
        return f"kept out, though {right} is held"
    return "" if answer.status_code in ANSWERS else "strange"


def test_the_right_decides_who_opens_what(everybody: Everybody) -> None:
    def faults(one: URLPattern) -> list[str]:
        path = everybody.path(one)
        return [
            f"{method} {one.name} as {who}: {answer.status_code}, {fault}"
            for who, browser in everybody.browsers.items()
            for method, answer in answers(browser, path or "/")
            if (fault := wrong(one, answer, everybody.workers.get(who)))
        ]

    try_all([one for one in OURS if everybody.path(one)], faults)


def test_every_argument_has_a_row_to_be_tried_with(everybody: Everybody) -> None:
    unknown = [f"{one.name}: {arguments(one)}" for one in WITH_ARGUMENTS if everybody.path(one) is None]

    assert not unknown, f"Add rows for these to factories.everything: {unknown}"


def test_another_agencys_row_is_not_there_whatever_the_role(everybody: Everybody) -> None:
    """Dov with every role there is: the right lets him through, the row is not his."""
    browser = everybody.with_every_role("dov")

    def faults(one: URLPattern) -> list[str]:
        allowed = {200, 302, 404, 405} if one.name in SHARED_BY_EVERY_AGENCY else {404, 405}
        return [
            f"{method} {one.name} as Dov: {answer.status_code}"
            for method, answer in answers(browser, everybody.path(one) or "/")
            if answer.status_code not in allowed
        ]

    closed = [one for one in WITH_ARGUMENTS if not right_of(one).startswith("open: ")]
    try_all([one for one in closed if everybody.path(one)], faults)


def test_whoever_has_every_role_meets_the_own_rows(everybody: Everybody) -> None:
    """The test above is no test if nobody is let in: Ben, with every role, meets nearly all of them."""
    browser = everybody.with_every_role("ben")
    closed = [one for one in WITH_ARGUMENTS if not right_of(one).startswith("open: ")]

    met = []
    for one in closed:
        with transaction.atomic():
            met += [
                one.name for method, answer in answers(browser, everybody.path(one) or "/") if answer.status_code < 404
            ]
            transaction.set_rollback(True)

    assert len(set(met)) > 0.9 * len({one.name for one in closed})


def test_a_row_that_was_never_there_breaks_nothing(everybody: Everybody) -> None:
    never = {"UUIDConverter": uuid4(), "IntConverter": 10**30, "StringConverter": "x" * 300, "SlugConverter": "x-y"}
    browser = everybody.with_every_role("ben")

    def faults(one: URLPattern) -> list[str]:
        values = {name: never[type(kind).__name__] for name, kind in one.pattern.converters.items()}
        return [
            f"{method} {one.name}: {answer.status_code}"
            for method, answer in answers(browser, reverse(str(one.name), kwargs=values))
            if answer.status_code not in {302, 404, 405, 410}
        ]

    try_all(WITH_ARGUMENTS, faults)


def test_every_role_is_somebodys_and_every_right_too() -> None:
    held = {role for right in RIGHTS.values() for role in right.roles}

    assert held == set(Role)
    assert all(right.roles for right in RIGHTS.values())
