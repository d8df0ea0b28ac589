"""The parts inside a backup: listed, checked, and never leading out of the folder they are unpacked into."""

import io
import json

import pytest

from upwell.web.backup import archive, sealed
from upwell.web.backup.errors import BackupError

PHRASE = "a phrase that is long enough"
ABOUT = archive.About("sqlite", "2026-11-22T00:00:00+00:00", "0.1.0", (("micro", "0001_initial"),))


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "LOG2_N", 4)


def begun() -> tuple[io.BytesIO, archive.Writer]:
    out = io.BytesIO()
    return out, archive.Writer(out, PHRASE, ABOUT)


def read(out: io.BytesIO) -> dict[str, bytes]:
    return dict(archive.read(io.BytesIO(out.getvalue()), PHRASE))


def test_parts_come_back_in_order_with_what_the_backup_is() -> None:
    out, writer = begun()
    writer.put("home/ring.json", b"{}")
    writer.put_all("database/upwell.sqlite3", [b"a" * 3_000_000, b"b"])
    writer.finish()

    parts = read(out)

    assert list(parts) == [
        "about.json",
        "home/ring.json",
        "database/upwell.sqlite3/00000000",
        "database/upwell.sqlite3/00000001",
    ]
    assert archive.about(parts["about.json"]) == ABOUT and parts["database/upwell.sqlite3/00000001"] == b"b"


def test_without_its_list_it_is_refused() -> None:
    out, writer = begun()
    writer.put("home/ring.json", b"{}")
    writer._tar.close()
    writer._sealer.finish()

    with pytest.raises(BackupError, match="changed or damaged"):
        read(out)


@pytest.mark.parametrize("name", ["../outside", "home/../../outside", "/etc/outside", "elsewhere/file"])
def test_a_part_that_leads_out_of_the_folder_is_refused(name: str) -> None:
    out, writer = begun()
    writer.put(name, b"x")
    writer.finish()

    with pytest.raises(BackupError):
        read(out)


def test_another_form_is_refused_with_what_to_do() -> None:
    with pytest.raises(BackupError, match="another version"):
        archive.about(json.dumps({"form": "upwell backup 9"}).encode())
