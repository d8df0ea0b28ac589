from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pypdf import PdfReader

from factories import releases
from upwell.evidence.brief.make import AudienceError, make
from upwell.evidence.brief.package import table_csv
from upwell.evidence.disclosure.release import Row, Table, read, settled

TODAY = date(2025, 2, 3)
NASTY = '<script>alert("x")</script> & #import "y" $z$ *b* [l](http://a.b) | _u_ {{ x }} {name}'


def made(release, **options):
    return make(release, releases.signed(release), today=TODAY, **options)


@pytest.fixture(scope="module")
def rich():
    return made(releases.rich())


def nasty():
    """A release in which every word that came from the records tries to be markup."""
    rich = releases.rich()
    tables = tuple(
        replace(table, rows=tuple(replace(row, label=NASTY + str(i)) for i, row in enumerate(table.rows)))
        for table in rich.tables
    )
    pattern = replace(rich.patterns[0], where=((NASTY, (NASTY,)),), group=NASTY, when=NASTY, onset=NASTY)
    questions = tuple(replace(question, happened=NASTY) for question in rich.questions)
    return settled(
        replace(rich, source=NASTY, tables=tables, patterns=(pattern, *rich.patterns[1:]), questions=questions)
    )


def test_the_files_are_those_of_a_brief(rich):
    tables = {f"release/{table.id}.csv" for table in releases.rich().tables}

    assert set(rich) == tables | {
        "brief.html",
        "brief.pdf",
        "brief.md",
        "release/release.json",
        "release/datapackage.json",
        "release/README.txt",
    }


def test_the_same_release_on_the_same_day_gives_the_same_bytes(rich):
    assert made(releases.rich()) == rich


def test_the_page_needs_nothing_from_outside(rich):
    page = rich["brief.html"].decode()

    assert not re.search(r"<script|<link|<iframe|@import|https?://(?!www\.w3\.org)|\bsrc=", page)
    links = re.findall(r'href="([^"]+)"', page)
    assert links
    assert all(link.startswith("#") or link.removeprefix("./") in rich for link in links)


def test_every_inner_link_has_its_place(rich):
    page = rich["brief.html"].decode()
    ids = re.findall(r'\bid="([^"]+)"', page)

    assert len(ids) == len(set(ids))
    assert {link[1:] for link in re.findall(r'href="(#[^"]+)"', page)} <= set(ids)
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_words_from_the_records_never_become_markup():
    files = made(nasty())
    page = files["brief.html"].decode()

    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<script" not in files["brief.md"].decode().replace("\\<", "")
    text = re.sub(r"\s+", "", "".join(part.extract_text() for part in PdfReader(io.BytesIO(files["brief.pdf"])).pages))
    assert re.sub(r"\s+", "", '<script>alert("x")</script>') in text


def test_the_pdf_is_tagged_and_says_its_language_title_and_day(rich):
    reader = PdfReader(io.BytesIO(rich["brief.pdf"]))
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert reader.metadata.title == "Evidence brief: Invented County continuum of care"
    assert reader.metadata.creation_date.date() == TODAY
    assert b"pdfuaid:part" in rich["brief.pdf"]


@pytest.mark.parametrize("name", ["rich", "empty", "withheld"])
def test_page_one_is_one_page_on_paper(name):
    release = getattr(releases, name)()
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made(release)["brief.pdf"])).pages]
    first = 0 if release.basis else 1

    assert "Where people live" in pages[first]
    assert pages[first + 1].strip().startswith(("Evidence", "What the records say"))


def test_tables_by_group_stand_on_the_page_and_in_the_plain_text_and_not_on_paper(rich):
    paper = re.sub(r"\s+", " ", "".join(page.extract_text() for page in PdfReader(io.BytesIO(rich["brief.pdf"])).pages))
    page, plain = rich["brief.html"].decode(), rich["brief.md"].decode()

    assert "65 or older" in page
    assert "65 or older" in plain
    assert "65 or older" not in paper
    assert "On paper they are left out. Their numbers are in release/" in paper
    assert page.count('<details id="tables-') == len(releases.rich().questions)


def test_a_brief_without_basis_opens_with_the_warning():
    files = made(releases.withheld())

    page = PdfReader(io.BytesIO(files["brief.pdf"])).pages[0].extract_text()

    assert "no basis was named" in page
    assert "Where people live" not in page
    assert files["brief.html"].index(b'id="warning"') < files["brief.html"].index(b'id="page-one"')


def test_the_signed_bytes_are_passed_on_and_still_verify(rich):
    public = Ed25519PrivateKey.from_private_bytes(releases.KEY).public_key().public_bytes_raw()

    assert read(rich["release/release.json"], public) == releases.rich()


def test_the_data_package_names_each_table_with_its_digest(rich):
    package = json.loads(rich["release/datapackage.json"])

    assert package["protection"]["withheld_marker"] == "withheld"
    assert len(package["resources"]) == len(releases.rich().tables)
    for resource in package["resources"]:
        content = rich[f"release/{resource['path']}"]
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        head = next(csv.reader(io.StringIO(content.decode())))
        assert [field["name"] for field in resource["schema"]["fields"]] == head
        assert "withheld" in resource["schema"]["missingValues"]
    assert hashlib.sha256(rich["release/release.json"]).hexdigest() in rich["release/README.txt"].decode()


def test_a_withheld_count_is_a_word_in_every_file_and_never_a_blank_or_zero():
    table = Table("t01", "by", "x", "q", "age", (Row("young", None, None, None), Row("old", 0, 0, 0)))

    rows = list(csv.DictReader(io.StringIO(table_csv(table).decode())))

    assert [rows[0][name] for name in ("persons", "yes", "no")] == ["withheld"] * 3
    assert [rows[1][name] for name in ("persons", "yes", "no")] == ["0"] * 3


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_label_that_looks_like_a_formula_is_made_harmless(sign):
    table = Table("t01", "by", "x", "q", "place", (Row(f"{sign}HYPERLINK(1)", 20, 11, 9),))

    label = next(iter(csv.DictReader(io.StringIO(table_csv(table).decode()))))["label"]

    assert label == f"'{sign}HYPERLINK(1)"


def test_withheld_on_the_page_has_its_footnote():
    page = made(releases.withheld())["brief.html"].decode()

    assert page.count('class="withheld"') > 10
    assert "hidden to protect another number" in page


def test_progress_is_told_in_words():
    told: list[str] = []

    made(releases.empty(), progress=told.append)

    assert told[0] == "writing the sentences"
    assert len(told) == 5


def test_an_audience_nobody_wrote_for_is_refused():
    with pytest.raises(AudienceError, match="legislator"):
        made(releases.empty(), audience="martians")
