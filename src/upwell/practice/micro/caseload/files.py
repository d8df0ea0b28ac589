"""The files of an import on their way: an upload in a private folder until it is read, then what was read, sealed.

The upload holds more than is wanted (social security numbers, answers on health), so it is removed as soon as it was
read, whatever came of it. What waits between the preview and "Bring it in" is encrypted with the key ring.
"""

from __future__ import annotations

import json
import re
import shutil
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from upwell.practice.errors import PracticeError
from upwell.practice.person.fields import UnreadableFieldError, seal, unseal
from upwell.records.cases.hmis.people import Arrivals, SetAside, Someone, Stay
from upwell.state import durable, folder, keys

Upload: TypeAlias = "UploadedFile[Any]"
MOST_UNPACKED = 20
"""A zip may unpack to this many times the allowed upload; more is no export but a trap."""
KEPT_SECONDS = 24 * 60 * 60
"""An import that nobody brings in within a day is forgotten with what was read."""
_CSV = re.compile(r"[A-Za-z0-9_-]{1,60}\.[Cc][Ss][Vv]")


def incoming() -> Path:
    """The private folder of what is on its way."""
    return folder.ready(Path(settings.UPWELL_HOME) / "incoming")


def agency_keys(slug: str) -> keys.Keys:
    """The keys of an agency: its pseudonym key makes the digests by which a person is met again."""
    return keys.load_or_make(folder.ready(Path(settings.UPWELL_HOME) / "agencies" / slug))


def receive(batch_id: UUID, uploads: Iterable[Upload]) -> None:
    """Put uploaded files into the import's own folder, chunk by chunk. Raises PracticeError for what is no export."""
    at = incoming() / str(batch_id)
    at.mkdir(mode=0o700)
    try:
        for upload in uploads:
            _put(at, upload)
        export(batch_id)
    except BaseException:
        shutil.rmtree(at, ignore_errors=True)
        raise


def _put(at: Path, upload: Upload) -> None:
    name = Path(upload.name or "").name
    path = at / (name if _CSV.fullmatch(name) else "export.zip")
    if path.exists():
        raise PracticeError(_("Choose one zip, or CSV files with different names."))
    with path.open("xb") as out:
        path.chmod(0o600)
        for chunk in upload.chunks():
            out.write(chunk)


def export(batch_id: UUID) -> Path:
    """What the reader reads: the zip, or the folder of CSV files. Raises PracticeError for a zip that is a trap."""
    at = incoming() / str(batch_id)
    zipped = at / "export.zip"
    if not zipped.exists():
        return at
    if len(list(at.iterdir())) > 1:
        raise PracticeError(_("Choose one zip, or several CSV files, not both."))
    try:
        with zipfile.ZipFile(zipped) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        raise PracticeError(
            _("This is neither a zip nor CSV files. Choose what your HMIS wrote as HUD CSV export.")
        ) from None
    if unpacked > MOST_UNPACKED * settings.UPWELL_UPLOAD_BYTES:
        raise PracticeError(_("This zip unpacks to more than any export needs. Export it again."))
    return zipped


@contextmanager
def read_once(batch_id: UUID) -> Iterator[tuple[Path, Path]]:
    """The export and a private folder to work in; when it is over the upload is gone, also after an error."""
    work = incoming() / f"{batch_id}.work"
    try:
        yield export(batch_id), work
    finally:
        for path in (incoming() / str(batch_id), work):
            shutil.rmtree(path, ignore_errors=True)


def keep(batch_id: UUID, arrivals: Arrivals) -> None:
    """Seal what was read until it is brought in."""
    text = json.dumps(asdict(arrivals), default=_day)
    durable.replace(_sealed(batch_id), seal(text, _place(batch_id)))


def kept(batch_id: UUID) -> Arrivals:
    """What was read. Raises PracticeError when it was forgotten meanwhile."""
    try:
        text = unseal(_sealed(batch_id).read_bytes(), _place(batch_id))
    except (FileNotFoundError, UnreadableFieldError):
        raise PracticeError(_("What was read is kept for a day only. Choose the export again.")) from None
    said: dict[str, Any] = json.loads(text)  # Any: JSON; it ends here
    people = tuple(_someone(each) for each in said.pop("people"))
    set_aside = tuple(SetAside(**each) for each in said.pop("set_aside"))
    return Arrivals(people=people, set_aside=set_aside, until=date.fromisoformat(said.pop("until")), **said)


def forget(batch_id: UUID) -> None:
    """Remove all that lies here of an import."""
    for path in (incoming() / str(batch_id), incoming() / f"{batch_id}.work"):
        shutil.rmtree(path, ignore_errors=True)
    _sealed(batch_id).unlink(missing_ok=True)


def tidy(now: float | None = None) -> None:
    """Remove what has lain here for a day: imports that nobody brought in, and uploads that were cut off."""
    for path in incoming().iterdir():
        with suppress(OSError):  # removed by somebody else at this moment
            if (now or time.time()) - path.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _someone(said: dict[str, Any]) -> Someone:  # Any: JSON
    stays = tuple(Stay(**{**each, "entered_on": date.fromisoformat(each["entered_on"])}) for each in said.pop("stays"))
    return Someone(stays=stays, **said)


def _sealed(batch_id: UUID) -> Path:
    return incoming() / f"{batch_id}.sealed"


def _place(batch_id: UUID) -> str:
    return f"caseload.{batch_id}"


def _day(value: date) -> str:
    return value.isoformat()
