"""`upwell backup` and `upwell restore` as people run them: whole or not at all, whatever happens."""

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from upwell.web.backup import restore

ROOT = Path(__file__).resolve().parents[3]
COMMAND = (sys.executable, "-c", "from upwell.cli.main import main; main()")
PHRASE = "a phrase that is long enough"
PLENTY = 120
KILLS = 12 if os.environ.get("UPWELL_SLOW") == "full" else 3
FILL = """
import django; django.setup()
from tests.factories.five import concern, five
from upwell.practice.micro.models import Note
from uuid import uuid4
from django.utils import timezone
world = five()
for number in range(300):
    concern(world.case, world.ana)
    Note.objects.create(case=world.case, by=world.ana, on="2026-11-20", text="Words of a note. " * 40,
                        form_key=uuid4(), signed_at=timezone.now())
"""
READ = """
import django; django.setup()
from upwell.practice.person.models import Person
print(sorted(person.called for person in Person.objects.all()))
"""


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A state folder with the five people in it; read by the tests, never changed."""
    folder = tmp_path_factory.mktemp("backup")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UPWELL_", "DATABASE_"))}
    made = {**kept, "UPWELL_HOME": str(folder / "home"), "UPWELL_BACKUP_PASSPHRASE": PHRASE}
    made["DJANGO_SETTINGS_MODULE"] = "upwell.web.settings"
    subprocess.run([sys.executable, "-m", "upwell.web.manage", "migrate", "-v", "0"], env=made, check=True)
    subprocess.run([sys.executable, "-c", FILL], env=made, check=True, cwd=ROOT)
    source = folder / "home" / "agencies" / "fennhaven" / "sources" / "s1"
    source.mkdir(parents=True)
    (source / "ledger.jsonl").write_text('{"line": 1}\n')
    (source / "mark.json").write_text("{}")
    (folder / "home" / "static").mkdir()
    (folder / "home" / "static" / "made-again.css").write_text("x")
    return made


def run(surroundings: dict[str, str], *words: object, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, words)], env={**surroundings, **more}, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, timeout=PLENTY, check=False,
    )  # fmt: skip


def dump(home: Path) -> list[str]:
    """Every table, index and row."""
    connection = sqlite3.connect(home / "upwell.sqlite3")
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def files(home: Path) -> dict[str, bytes]:
    """What of a state folder is kept: name -> content."""
    found = {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if not name.startswith(("static", "upwell.sqlite3"))}


@dataclass(frozen=True)
class Kept:
    """One backup of the five people's folder, and the home it was restored into; read by the tests, never changed."""

    file: Path
    back: Path
    made: subprocess.CompletedProcess[str]
    restored: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def kept(surroundings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("kept")
    made = run(surroundings, "backup", folder / "one")
    return Kept(
        folder / "one", folder / "back", made, run(surroundings, "restore", folder / "one", "--into", folder / "back")
    )


def test_everything_comes_back_to_the_byte(surroundings: dict[str, str], kept: Kept) -> None:
    home, back = Path(surroundings["UPWELL_HOME"]), kept.back

    assert kept.made.returncode == 0 and "read back and whole" in kept.made.stdout, kept.made.stderr
    assert kept.restored.returncode == 0 and "newer copy of the ledgers" in kept.restored.stdout, kept.restored.stderr
    assert dump(back) == dump(home) and len(dump(home)) > 500
    assert files(back) == files(home) and "agencies/fennhaven/sources/s1/ledger.jsonl" in files(back)
    assert not (back / "static").exists()
    assert (back.stat().st_mode & 0o777, kept.file.stat().st_mode & 0o777) == (0o700, 0o600)
    assert {path.name for path in kept.file.parent.iterdir()} == {"one", "back"}
    assert not [path for path in home.iterdir() if path.name.startswith(".")]


def test_what_was_encrypted_can_be_read_in_the_restored_home(surroundings: dict[str, str], kept: Kept) -> None:
    read = subprocess.run(
        [sys.executable, "-c", READ], env={**surroundings, "UPWELL_HOME": str(kept.back)},
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip

    assert "Eve Ostrowska" in read.stdout


def test_nothing_of_anybody_is_readable_in_the_file(kept: Kept) -> None:
    content = kept.file.read_bytes()

    assert not [word for word in (b"ana@example.org", b"Northside", b"Fennhaven", b"SQLite format") if word in content]


def test_a_backup_is_of_one_moment_while_people_write(surroundings: dict[str, str], tmp_path: Path) -> None:
    live = {**surroundings, "UPWELL_HOME": str(shutil.copytree(surroundings["UPWELL_HOME"], tmp_path / "live"))}
    begun = subprocess.Popen([*COMMAND, "backup", str(tmp_path / "one")], env=live, stdout=subprocess.DEVNULL)
    connection = sqlite3.connect(tmp_path / "live" / "upwell.sqlite3", timeout=20)
    while begun.poll() is None:
        with connection:  # two rows, always together
            for domain in ("a", "b"):
                connection.execute(
                    "INSERT INTO django_content_type (app_label, model) VALUES (?, ?)", [domain, time.time()]
                )
    connection.close()

    run(live, "restore", tmp_path / "one", "--into", tmp_path / "back")

    back = sqlite3.connect(tmp_path / "back" / "upwell.sqlite3")
    counts = {
        back.execute("SELECT count(*) FROM django_content_type WHERE app_label = ?", [each]).fetchone() for each in "ab"
    }
    assert begun.returncode == 0 and len(counts) == 1
    assert back.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_backup_never_replaces_a_file(surroundings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "one").write_text("precious")

    told = run(surroundings, "backup", tmp_path / "one")

    assert told.returncode == 2 and "never replaces a file" in told.stderr and "Traceback" not in told.stderr
    assert (tmp_path / "one").read_text() == "precious"


@pytest.mark.parametrize("phrase", ["", "short"])
def test_a_backup_without_a_good_passphrase_is_not_made(
    surroundings: dict[str, str], tmp_path: Path, phrase: str
) -> None:
    told = run(surroundings, "backup", tmp_path / "one", UPWELL_BACKUP_PASSPHRASE=phrase)

    assert told.returncode == 2 and list(tmp_path.iterdir()) == []
    assert "passphrase" in told.stderr and "Traceback" not in told.stderr


Refused = Callable[..., None]


@pytest.fixture()
def refused(
    surroundings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Refused:
    """The restore of tmp_path/one, in this process, is refused with these words, and nothing is left behind."""

    def refuse(words: str, **more: str) -> None:
        before = {path.name for path in tmp_path.iterdir()}
        with monkeypatch.context() as patched:
            for name, value in {"UPWELL_BACKUP_PASSPHRASE": surroundings["UPWELL_BACKUP_PASSPHRASE"], **more}.items():
                patched.setenv(name, value)
            code = restore.main([str(tmp_path / "one"), str(tmp_path / "back")])

        told = capsys.readouterr().err
        assert code == 2 and words in told and "Traceback" not in told, told
        assert {path.name for path in tmp_path.iterdir()} == before

    return refuse


def test_a_restore_refuses_what_it_cannot_trust(kept: Kept, tmp_path: Path, refused: Refused) -> None:
    whole = kept.file.read_bytes()
    (tmp_path / "one").write_bytes(whole)

    refused("passphrase is wrong", UPWELL_BACKUP_PASSPHRASE="another phrase, long enough")
    refused("unset DATABASE_URL", DATABASE_URL="postgresql://x@/y")
    for changed, words in (
        (whole[: len(whole) // 2], "ends too early"),
        (whole[:-1], "ends too early"),
        (whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:], "changed or damaged"),
        (whole + b"x", "changed or damaged"),
        (b"a letter to somebody", "no backup of Upwell"),
        (b"", "no backup of Upwell"),
    ):
        (tmp_path / "one").write_bytes(changed)
        refused(words)
    (tmp_path / "one").unlink()
    refused("There is no file")


def test_a_refused_restore_is_a_sentence_at_the_door(surroundings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"a letter to somebody")

    told = run(surroundings, "restore", tmp_path / "one", "--into", tmp_path / "back")

    assert told.returncode == 2 and "no backup of Upwell" in told.stderr and "Traceback" not in told.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_restore_never_writes_into_a_home_in_use(kept: Kept, tmp_path: Path, refused: Refused) -> None:
    shutil.copy(kept.file, tmp_path / "one")
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "ring.json").write_text("theirs")

    refused("is not empty")

    assert (tmp_path / "back" / "ring.json").read_text() == "theirs"


def test_a_restore_takes_an_empty_folder(surroundings: dict[str, str], kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "back").mkdir()

    assert run(surroundings, "restore", kept.file, "--into", tmp_path / "back").returncode == 0


def small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, 700_000))


@pytest.mark.parametrize("what", ["backup", "restore"])
def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    surroundings: dict[str, str], kept: Kept, tmp_path: Path, what: str
) -> None:
    home = Path(surroundings["UPWELL_HOME"])
    words: tuple[object, ...] = ("backup", tmp_path / "one")
    if what == "restore":
        words = ("restore", kept.file, "--into", tmp_path / "back")
    before = {path.name for path in [*tmp_path.iterdir(), *home.iterdir()]}

    told = subprocess.run(
        [*COMMAND, *map(str, words)], env=surroundings, capture_output=True, text=True, preexec_fn=small_files,
        stdin=subprocess.DEVNULL, timeout=PLENTY, check=False,
    )  # fmt: skip

    assert told.returncode == 2 and "Traceback" not in told.stderr, told.stderr
    assert "File too large" in told.stderr or "disk" in told.stderr
    assert {path.name for path in [*tmp_path.iterdir(), *home.iterdir()]} == before


def test_a_backup_killed_at_any_moment_leaves_no_file_that_looks_whole(
    surroundings: dict[str, str], tmp_path: Path
) -> None:
    started = time.monotonic()
    assert run(surroundings, "backup", tmp_path / "first").returncode == 0
    took = time.monotonic() - started
    for number in range(KILLS):  # one in each equal part of the time it takes
        target = tmp_path / f"killed-{number}"
        moment = 0.3 + 0.7 * (number + random.SystemRandom().random()) / KILLS
        begun = subprocess.Popen(
            [*COMMAND, "backup", str(target)], env=surroundings, stdout=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(took * moment)
        os.killpg(begun.pid, signal.SIGKILL)
        begun.wait()

        if target.exists():
            back = tmp_path / f"back-{number}"
            assert run(surroundings, "restore", target, "--into", back).returncode == 0, f"killed at {moment:.3f}"
    again = run(surroundings, "backup", tmp_path / "again")
    assert again.returncode == 0, again.stderr
    assert not [path for path in Path(surroundings["UPWELL_HOME"]).iterdir() if path.name.startswith(".")]
