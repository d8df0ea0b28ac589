"""The web application under load: a large agency, 200 workers, two cores; a bare Django list view beside it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from bench.rows import Options, Row
from bench.spent import Spent, spend

PEOPLE, NOTES, WORKERS, CONCERNS = 100_000, 1_000_000, 200, 100_000
SECONDS, THINK = 60, 15.0
"""How long the load lasts, and how many seconds a worker looks at a page: 200 workers ask for 13 pages a second."""

CSRF = "benchbenchbenchbenchbenchbench12"
PYTHON = sys.executable


@dataclass
class Seen:
    """Milliseconds a page took, by kind; and pages that failed."""

    took: dict[str, list[float]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, milliseconds: float, status: int) -> None:
        """Note one page."""
        with self.lock:
            self.took.setdefault(kind, []).append(milliseconds)
            if status >= 400:
                self.failed.append(f"{kind} {status}")

    def p95(self, kind: str) -> float:
        """The time that 95 of 100 such pages stay under."""
        ordered = sorted(self.took[kind])
        return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]


def run(options: Options) -> list[Row]:
    """Every figure of the web application."""
    home = options.work / "web" / "home"
    home.mkdir(parents=True, mode=0o700)
    environment = {
        **os.environ,
        "UPWELL_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "bench.site.settings",
        "UPWELL_LOG": "ERROR",
    }
    for command in (("migrate", "-v", "0"), ("collectstatic", "--noinput", "-v", "0")):
        subprocess.run([PYTHON, "-m", "upwell.web.manage", *command], env=environment, check=True)
    filled = spend(
        [PYTHON, "-m", "bench.site.fill", str(PEOPLE), str(NOTES), str(WORKERS)], home=home, environment=environment
    )
    world = json.loads(filled.out)
    with _served(environment) as port:
        seen = _load(port, world, options.seed)
    return [*_pages(seen), _gather(home, environment)]


def _pages(seen: Seen) -> list[Row]:
    size = f"{PEOPLE:,} people, {NOTES:,} notes, {WORKERS} workers on 2 cores that also make the load"
    bare = seen.p95("bare")
    rows = []
    for kind, words in (("today", "Today"), ("case", "a case"), ("save", "saving a note")):
        p95 = seen.p95(kind)
        pages = f"{len(seen.took[kind])} pages, {len(seen.failed)} failed"
        figure = f"p95 {p95:.0f} ms, {p95 / bare:.1f}x the bare list ({bare:.0f} ms); {pages}"
        rows.append(Row(f"{words}: {size}", "p95 under 300 ms", figure, p95 < 300 and not seen.failed))
    return rows


def _gather(home: Path, environment: dict[str, str]) -> Row:
    spent: Spent = spend([PYTHON, "-m", "bench.site.gather", str(CONCERNS)], home=home, environment=environment)
    aim, wanted = f"gathering over {CONCERNS:,} concerns of {PEOPLE:,} people", "under 2 minutes"
    if spent.code:
        return Row(aim, wanted, spent.told.decode(errors="replace").strip().splitlines()[-1][:200], False)
    told = json.loads(spent.out)
    figure = f"{told['seconds']:.0f} s ({told['cpu']:.0f} CPU s), peak {spent.peak / 1e9:.1f} GB"
    return Row(aim, wanted, figure, told["seconds"] < 120)


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [PYTHON, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2",
         "--blocking-threads", "2", "--no-access-log", "bench.site.wsgi:application"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/health/live")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start.")


def _load(port: int, world: dict[str, list[str] | list[list[str]]], seed: int) -> Seen:
    seen, stop = Seen(), time.monotonic() + SECONDS
    threads = [
        threading.Thread(target=Someone(port, session, cases).live, args=(Random(seed + number), seen, stop))
        for number, (session, cases) in enumerate(zip(world["sessions"], world["cases"], strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


@dataclass(frozen=True)
class Someone:
    """One worker at a browser: the server's port, a session, the own cases."""

    port: int
    session: str
    cases: list[str]

    def live(self, chance: Random, seen: Seen, stop: float) -> None:
        """A minute: mostly Today and cases, now and then a note; always a while to read."""
        time.sleep(chance.random() * THINK)
        while time.monotonic() < stop:
            kind = chance.choices(("today", "case", "save", "bare"), (3, 4, 2, 1))[0]
            began = time.perf_counter()
            status = self._ask(kind, chance.choice(self.cases))
            seen.add(kind, 1000 * (time.perf_counter() - began), status)
            time.sleep(chance.expovariate(1 / THINK))

    def _ask(self, kind: str, case: str) -> int:
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={CSRF}", "Host": "127.0.0.1"}
        method, address, body = "GET", {"today": "/today", "bare": "/bare/"}.get(kind, f"/cases/{case}"), None
        if kind == "save":
            method, address, body = "POST", f"/cases/{case}/note", urlencode(_note()).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except OSError:
            return 599
        finally:
            connection.close()


def _note() -> dict[str, str]:
    seen_on = (date.today() - timedelta(days=1)).isoformat()  # past everywhere, whatever the time zone
    fields = {"kind": "meeting", "on": seen_on, "text": "Seen today.", "form_key": str(uuid.uuid4()), "version": "0"}
    return {"csrfmiddlewaretoken": CSRF, "draft_kind": "note", "window": str(uuid.uuid4()), **fields}
