"""Victim services and substance use: the lawful path is open, every other is shut with a sentence that names it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from hashlib import blake2b
from pathlib import Path

import pytest
from pypdf import PdfReader

from upwell.state import keys, ledgers

ONE = ("--question", "exit_homeless", "--basis", "Board decision, section 1")
OURS = ("--protection", "victim-services")
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "hmis_exports" / "fy2024_datalab_export.zip"


def own(county: Path, folder: Path) -> Path:
    """The invented county as a victim service provider's own database: every organization says that it is one."""
    export = shutil.copytree(county, folder)
    path = export / "Organization.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"VictimServiceProvider": "1"} for row in rows)
    return export


def column(export: Path, file: str, name: str) -> set[str]:
    return {row[name] for row in csv.DictReader(io.StringIO((export / file).read_text())) if len(row[name]) > 3}


def texts(share: Path) -> str:
    """All that leaves, as text."""
    pages = [page.extract_text() for page in PdfReader(share / "brief.pdf").pages]
    files = [path.read_text() for path in share.rglob("*") if path.is_file() and path.suffix != ".pdf"]
    return re.sub(r"\s+", " ", " ".join([*pages, *files]))


@pytest.fixture(scope="module")
def provider(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return own(county, tmp_path_factory.mktemp("provider") / "export")


def test_a_providers_own_records_make_a_brief_that_names_nobody_and_no_place(provider, upwell, home, tmp_path) -> None:
    said = upwell("brief", provider, "-o", tmp_path / "out", *ONE, *OURS)

    assert said.code == 0, said.err
    told = texts(tmp_path / "out" / "share")
    names = (
        column(provider, "Organization.csv", "OrganizationName")
        | column(provider, "Project.csv", "ProjectName")
        | column(provider, "ProjectCoC.csv", "City")
        | column(provider, "ProjectCoC.csv", "ZIP")
        | column(provider, "ProjectCoC.csv", "CoCCode")
        | column(provider, "Export.csv", "SourceName")
    )
    assert len(names) > 20 and [name for name in sorted(names) if name in told] == []
    assert "A provider that is not named" in told and "non-identifying totals" in told
    released = json.loads((tmp_path / "out/share/release/release.json").read_bytes())["release"]
    assert released["protection"] == "victim-services" and "not where" in released["place_words"]
    assert {table["column"] for table in released["tables"]}.isdisjoint(
        {"where help was sought", "programme", "agency"}
    )


def test_its_ledger_stands_apart_under_a_digest_that_nobody_can_try_names_on(provider, upwell, home, tmp_path) -> None:
    upwell("brief", provider, "-o", tmp_path / "out", *ONE, *OURS)
    again = upwell("brief", provider, "-o", tmp_path / "two", "--again", tmp_path / "out/inside/run.json")

    (source,) = ledgers.sources(home)
    plain = _digest_of_the_names(provider)
    assert again.code == 0, again.err
    assert source.endswith("-victim-services") and not source.startswith(plain)
    assert keys.load(home).pseudonym.hex() not in source


def _digest_of_the_names(export: Path) -> str:
    row = next(csv.DictReader(io.StringIO((export / "Export.csv").read_text())))
    parts = (row["ImplementationID"], row["SourceID"], row["SourceName"], row["SoftwareName"])
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


@pytest.mark.parametrize("name", ["hmis-agency", "full", "sud"])
def test_any_other_protection_is_refused_for_them_and_nothing_is_written(
    provider, upwell, home, tmp_path, name
) -> None:
    said = upwell("brief", provider, "-o", tmp_path / "out", *ONE, "--protection", name)

    assert said.code == 2 and "--protection victim-services" in said.err and "non-identifying totals" in said.err
    assert ledgers.sources(home) == () and not (tmp_path / "out").exists()


def test_substance_use_and_usual_releases_of_the_same_records_exclude_each_other(
    county, upwell, home, tmp_path
) -> None:
    sud = upwell("brief", county, "-o", tmp_path / "sud", *ONE, "--protection", "sud")
    usual = upwell("brief", county, "-o", tmp_path / "usual", *ONE)

    assert sud.code == 0, sud.err
    assert usual.code == 2 and "a ledger of its own" in usual.err
    (source,) = ledgers.sources(home)
    assert source.endswith("-apart") and not (tmp_path / "usual").exists()


def test_after_a_usual_release_no_ledger_apart_is_begun(county, upwell, home, tmp_path) -> None:
    usual = upwell("brief", county, "-o", tmp_path / "usual", *ONE)
    sud = upwell("brief", county, "-o", tmp_path / "sud", *ONE, "--protection", "sud")

    assert usual.code == 0, usual.err
    assert sud.code == 2 and "no ledger of its own" in sud.err
    assert len(ledgers.sources(home)) == 1


def test_under_part_2_nobody_everybody_and_zero_are_hidden(county, upwell, tmp_path) -> None:
    upwell("brief", county, "-o", tmp_path / "out", *ONE, "--protection", "sud")

    released = json.loads((tmp_path / "out/share/release/release.json").read_bytes())["release"]
    counts = [row[name] for table in released["tables"] for row in table["rows"] for name in ("persons", "yes", "no")]
    assert [count for count in counts if count is not None and count < 11] == []


def test_the_assessment_of_a_scottish_run_lies_in_its_record(county, upwell, tmp_path) -> None:
    upwell("brief", county, "-o", tmp_path / "out", *ONE, "--protection", "public-health-scotland")

    run = json.loads((tmp_path / "out/inside/run.json").read_bytes())
    assert {"small counts", "small population"} <= {met["trigger"] for met in run["assessment"]}
    assert not list((tmp_path / "out/share").rglob("*assessment*"))


def test_check_reads_a_providers_own_records_on_its_own_computer(provider, county, upwell) -> None:
    own_records, others = (json.loads(upwell("check", export, "--json").out) for export in (provider, county))

    assert own_records["persons"] == others["persons"]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data folder with the FY2024 export is absent")
def test_a_real_export_told_as_a_providers_own_names_no_project(upwell, tmp_path) -> None:
    shutil.unpack_archive(SHARED, tmp_path / "unpacked")
    export = own(tmp_path / "unpacked", tmp_path / "export")

    said = upwell("brief", export, "-o", tmp_path / "out", *ONE, *OURS)

    assert said.code == 0, said.err
    told = texts(tmp_path / "out" / "share")
    names = column(export, "Project.csv", "ProjectName") | column(export, "Organization.csv", "OrganizationName")
    assert [name for name in sorted(names) if len(name) > 5 and name in told] == []
