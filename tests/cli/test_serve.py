"""`upwell serve`: one command starts everything, one Ctrl-C stops it, and whatever ends by itself ends the rest."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

COMMAND = (sys.executable, "-c", "from upwell.cli.main import main; main()", "serve")
STAND_INS = """
from upwell.cli import serve, web
from upwell.cli.main import main
web.manage = lambda *words: None
web.begin_worker = lambda: web.begin("-c", "import time; time.sleep(600)")
serve._server = lambda host, port: ("-m", "http.server", "--directory", "/dev/null", "--bind", host, str(port))
main()
"""
"""The same command with two cheap children: what it does when it is stopped or one of them dies asks nothing else."""
PLENTY = 120  # seconds; a busy machine is slow, a hanging one is a fault
SECONDS = 12  # a stop that takes longer is no stop
ADMINISTRATOR = {
    "UPWELL_AGENCY": "Fennhaven Family Services",
    "UPWELL_ADMIN_NAME": "Ada Admin",
    "UPWELL_ADMIN_EMAIL": "ada@example.org",
    "UPWELL_ADMIN_PASSWORD": "a-long-enough-password",
}


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One state folder for all of them: tables are made once."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("UPWELL_", "DATABASE_", "DJANGO_"))
    }
    return {**kept, "UPWELL_HOME": str(tmp_path_factory.mktemp("serve") / "home")}


@pytest.fixture()
def port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Running:
    """A started `upwell serve`."""

    def __init__(self, port: int, surroundings: dict[str, str], command: tuple[str, ...] = COMMAND) -> None:
        self.port = port
        self.process = subprocess.Popen(
            [*command, "--port", str(port)], env=surroundings, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def get(self, address: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{address}", timeout=20) as answer:
            return str(answer.read().decode())

    def await_ready(self) -> dict[str, object]:
        end = time.monotonic() + PLENTY
        while time.monotonic() < end:
            assert self.process.poll() is None, self.process.communicate()
            with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                told: dict[str, object] = json.loads(self.get("/health/ready"))
                if told["worker"] == "up":
                    return told
            time.sleep(0.2)
        raise AssertionError("it never was ready")

    def await_said(self) -> None:
        """Until it says where it is."""
        address = f"Upwell is at http://127.0.0.1:{self.port}/"
        assert any(address in line for line in self.process.stdout or ()), self.process.communicate()

    def children(self) -> list[int]:
        """Process ids of the server and the worker."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(each) for each in listed.split()]

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.communicate(timeout=PLENTY)


@pytest.fixture()
def running(port: int, surroundings: dict[str, str]) -> Iterator[Running]:
    started = Running(port, {**surroundings, **ADMINISTRATOR})
    yield started
    started.end()


@pytest.fixture()
def standing_in(port: int, surroundings: dict[str, str]) -> Iterator[Running]:
    """A `serve` with two cheap children, which has said where it is."""
    started = Running(port, surroundings, (sys.executable, "-c", STAND_INS, "serve"))
    started.await_said()
    yield started
    started.end()


def is_gone(number: int) -> bool:
    status = Path(f"/proc/{number}/stat")
    return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def await_gone(numbers: list[int]) -> None:
    end = time.monotonic() + SECONDS
    while not all(is_gone(number) for number in numbers):
        assert time.monotonic() < end, "left running"
        time.sleep(0.1)


def test_without_a_terminal_and_without_answers_it_says_what_to_do(port: int, surroundings: dict[str, str]) -> None:
    run = Running(port, surroundings)
    out, err = run.process.communicate(timeout=PLENTY)

    assert run.process.returncode == 2 and out == ""
    assert "Nobody can sign in yet" in err and "UPWELL_ADMIN_EMAIL" in err and "Traceback" not in err


def test_a_password_that_is_too_short_is_a_sentence(port: int, surroundings: dict[str, str]) -> None:
    run = Running(port, {**surroundings, **ADMINISTRATOR, "UPWELL_ADMIN_PASSWORD": "short"})
    _, err = run.process.communicate(timeout=PLENTY)

    assert run.process.returncode == 2 and "at least 12 characters" in err and "short\n" not in err


def stopped(running: Running, sent: signal.Signals) -> None:
    """Asserts that one signal ends it and its children, within seconds and with a sentence."""
    children = running.children()
    assert len(children) == 2

    began = time.monotonic()
    running.process.send_signal(sent)
    _, err = running.process.communicate(timeout=PLENTY)

    assert time.monotonic() - began < SECONDS and running.process.returncode == 0
    assert "everything saved is kept" in err
    assert "Traceback" not in err
    await_gone(children)


def test_one_stop_signal_ends_server_and_worker_within_seconds(running: Running) -> None:
    told = running.await_ready()
    assert (told["database"], told["jobs"]) == ("up", 0)
    assert "Sign in" in running.get("/")
    running.await_said()

    stopped(running, signal.SIGINT)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_either_stop_signal_ends_it(standing_in: Running, sent: signal.Signals) -> None:
    stopped(standing_in, sent)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("which", [0, 1])
def test_a_child_that_dies_ends_the_other_with_a_sentence(standing_in: Running, which: int) -> None:
    children = standing_in.children()

    os.kill(children[which], signal.SIGKILL)
    _, err = standing_in.process.communicate(timeout=PLENTY)

    assert standing_in.process.returncode == 2
    assert f"The {('web server', 'job worker')[which]} ended by itself" in err and "Traceback" not in err
    await_gone(children)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent ended")
def test_a_killed_serve_takes_its_children_along(running: Running) -> None:
    running.await_ready()
    children = running.children()

    running.process.kill()
    running.process.communicate(timeout=PLENTY)

    await_gone(children)


def test_a_port_in_use_is_a_sentence(surroundings: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = Running(taken.getsockname()[1], surroundings)
        out, err = run.process.communicate(timeout=PLENTY)

    assert run.process.returncode == 2 and out == ""
    assert "cannot be used" in err and "another port" in err and len(err.strip().splitlines()) == 1


def test_an_address_that_is_not_ours_is_a_sentence(surroundings: dict[str, str]) -> None:
    words = [*COMMAND, "--host", "no-such-host.invalid"]
    run = subprocess.run(words, env=surroundings, capture_output=True, text=True, timeout=PLENTY, check=False)

    assert run.returncode == 2 and "no address of this machine" in run.stderr


def test_no_database_server_is_a_sentence(port: int, surroundings: dict[str, str], tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    run = Running(port, {**surroundings, "DATABASE_URL": f"postgresql://nobody@/nowhere?host={tmp_path}"})
    _, err = run.process.communicate(timeout=PLENTY)

    assert run.process.returncode == 2 and "The database cannot be used now" in err and "Traceback" not in err


def at_a_terminal(words: list[str], surroundings: dict[str, str], answers: list[str]) -> tuple[int, str]:
    """Run a command at a terminal of its own, give an answer whenever it asks; exit code and what it said."""
    number, terminal = pty.fork()
    if number == 0:
        os.execvpe(words[0], words, surroundings)
    said = ""
    with suppress(OSError):  # the end of a terminal
        while piece := os.read(terminal, 1000).decode():
            said += piece
            if said.endswith(": ") and answers:
                os.write(terminal, f"{answers.pop(0)}\n".encode())
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]), said


def test_asked_at_a_terminal_it_makes_the_administrator(tmp_path: Path, surroundings: dict[str, str]) -> None:
    asked = {**surroundings, "UPWELL_HOME": str(tmp_path / "home"), "TERM": "dumb"}
    manage = [sys.executable, "-m", "upwell.web.manage"]
    answers = ["Fennhaven", "Ada", "not an address", "ada@example.org", "short"]
    answers += ["a-long-enough-password", "another-long-password", "a-long-enough-password", "a-long-enough-password"]

    code, said = at_a_terminal([*manage, "prepare"], asked, answers)
    again, said_again = at_a_terminal([*manage, "prepare"], asked, [])

    assert code == 0 and "ada@example.org can sign in now" in said, said
    assert "valid email" in said and "12 characters" in said and "differ" in said
    assert "a-long-enough-password" not in said
    assert (again, said_again) == (0, "")
