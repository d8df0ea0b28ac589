"""The whole line on a real export of invented people: what comes out can be recomputed, and names nobody."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest

from factories.recompute import Package
from upwell.evidence.brief.outline import claims, outline
from upwell.evidence.brief.words import catalogue
from upwell.evidence.disclosure.release import read

EXPORT = Path(__file__).resolve().parents[3] / "shared" / "data" / "hmis_exports" / "fy2024_datalab_export.zip"


@pytest.mark.skipif(not EXPORT.exists(), reason="the shared data folder with the FY2024 export is absent")
def test_the_brief_of_the_real_export_can_be_recomputed_and_names_nobody(upwell, tmp_path):
    said = upwell("brief", EXPORT, "-o", tmp_path / "out", "--basis", "Privacy notice")

    assert said.code == 0, said.err
    share = tmp_path / "out" / "share"
    files = {str(path.relative_to(share)): path.read_bytes() for path in share.rglob("*") if path.is_file()}
    _recompute(files)
    _search_for_people(files, said.out + said.err)


def _recompute(files: dict[str, bytes]) -> None:
    signed = files["release/release.json"]
    released = read(signed, bytes.fromhex(json.loads(signed)["public_key"]))
    package = Package(files)

    found = claims(outline(released, catalogue("en"), today=date.fromisoformat(released.made_on)))

    assert len(found) > 500
    assert [claim for claim in found if claim.text != package.printed(claim.expression, claim.kind)] == []
    assert released.loss.share_large_shown >= 0.6


def _search_for_people(files: dict[str, bytes], said: str) -> None:
    with zipfile.ZipFile(EXPORT) as archive:
        clients = list(csv.DictReader(io.StringIO(archive.read("Client.csv").decode("utf-8-sig"))))
    numbers = {client[name] for client in clients for name in ("SSN", "DOB", "PersonalID") if len(client[name]) >= 6}
    names = {" ".join(filter(None, (client["FirstName"], client["LastName"]))) for client in clients}
    texts = [content.decode() for name, content in files.items() if not name.endswith(".pdf")]

    assert len(numbers) > 1000 and len(names) > 300
    for text in (*texts, said):
        assert not numbers & set(re.findall(r"[0-9A-Za-z-]+", text))
        assert not [name for name in names if " " in name and name in text]
