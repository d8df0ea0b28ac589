"""What server processes count together: exact, private, and thrown away when its time is over."""

import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import RequestFactory

from upwell.web.cache import SharedFiles
from upwell.web.portal.address import address_of

RACE = """
import sys
from upwell.web.cache import SharedFiles
cache = SharedFiles(sys.argv[1], {})
print(sum(cache.add(f"key {number}", True, 60) for number in range(200)))
"""


@pytest.fixture
def shared(tmp_path: Path) -> SharedFiles:
    return SharedFiles(str(tmp_path / "cache"), {})


def test_of_processes_that_add_at_once_exactly_one_is_first(tmp_path: Path) -> None:
    run = "from django.conf import settings; settings.configure(); " + RACE.strip().replace("\n", "; ")
    command = [sys.executable, "-c", run, str(tmp_path / "cache")]

    racers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    first = [int(racer.communicate(timeout=60)[0]) for racer in racers]

    assert sum(first) == 200


def test_two_processes_count_together(shared: SharedFiles) -> None:
    other = SharedFiles(str(shared.folder), {})

    shared.set("tries", [1.0, 2.0], 60)

    assert other.get("tries") == [1.0, 2.0]


def test_no_key_can_be_read_and_nobody_else_looks_in(shared: SharedFiles) -> None:
    shared.set("allauth:rl:login:ip:192.0.2.77", [1.0], 60)

    files = [path for path in shared.folder.iterdir() if path.name != "lock"]
    assert len(files) == 1
    assert b"192.0.2" not in files[0].name.encode() + files[0].read_bytes()
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(shared.folder.stat().st_mode) == 0o700


def test_what_is_over_is_dropped_and_what_holds_stays(shared: SharedFiles) -> None:
    shared.set("over", 1, 0.01)
    shared.set("holds", 2, 60)
    shared.set("for ever", 3, None)
    time.sleep(0.05)

    dropped = shared.drop_expired()

    assert dropped == 1
    assert (shared.get("holds"), shared.get("for ever")) == (2, 3)


def test_a_file_that_is_no_cache_of_ours_breaks_nothing(shared: SharedFiles) -> None:
    shared.set("holds", 2, 60)
    (shared.folder / "torn.djcache").write_bytes(b"\x80\x05torn")

    assert shared.drop_expired() == 0


def test_the_installation_counts_in_its_own_private_folder() -> None:
    held = caches["default"]

    assert isinstance(held, SharedFiles)
    assert held.folder == Path(settings.UPWELL_HOME) / "cache"
    assert stat.S_IMODE(held.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("proxies", "written", "address"),
    [
        (0, "198.51.100.1", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "192.0.2.1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings: object, proxies: int, written: str, address: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": written})

    assert address_of(request) == address
