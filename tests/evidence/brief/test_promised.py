"""The promise, what it does not cover and the one marker are the same words on every face of a release."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from factories import releases
from upwell.evidence.brief.make import make
from upwell.evidence.brief.package import table_csv
from upwell.evidence.brief.promised import promise, withheld
from upwell.evidence.disclosure.release import Row, Table, settled

TODAY = date(2025, 2, 3)


@pytest.fixture(scope="module", params=["en", "es"])
def faces(request):
    """The language, and what a reader sees of one release: page, plain text, paper and package."""
    release = releases.withheld()
    files = make(release, releases.signed(release), language=request.param, today=TODAY)
    page = re.sub(r"<[^>]+>", "", files["brief.html"].decode())
    paper = "".join(each.extract_text() for each in PdfReader(io.BytesIO(files["brief.pdf"])).pages)
    plain = re.sub(r"\\(.)", r"\1", files["brief.md"].decode())
    texts = {"page": page, "paper": paper, "plain": plain, "readme": files["release/README.txt"].decode()}
    package = json.loads(files["release/datapackage.json"])["protection"]
    return request.param, {face: bare(text) for face, text in texts.items()}, package


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text.replace("&#39;", "'"))


@pytest.mark.parametrize("face", ["page", "paper", "plain", "readme"])
def test_every_face_says_the_whole_promise_and_what_it_does_not_cover(faces, face):
    language, texts, _ = faces
    told = promise(releases.withheld(), language)

    lacking = [sentence for part in told for sentence in part if bare(sentence) not in texts[face]]

    assert lacking == []


@pytest.mark.parametrize("face", ["page", "paper", "plain", "readme"])
def test_every_face_explains_the_one_marker_with_the_threshold_of_the_release(faces, face):
    language, texts, _ = faces
    meaning = withheld(releases.withheld(), language).split(" ", 1)[1]

    assert "10" in meaning and bare(meaning) in texts[face]


def test_the_data_package_says_the_same_for_a_machine(faces):
    language, _, package = faces

    assert (tuple(package["promised"]), tuple(package["not_covered"])) == promise(releases.withheld(), language)
    assert package["withheld_marker"] == "withheld" and package["withheld_means"].startswith("withheld (")
    assert package["loss"]["share_of_large_shown_at_least"] == 0.7


def test_the_marker_follows_the_threshold():
    released = replace(releases.rich(), threshold=10)

    assert withheld(released) == "withheld (0 to 9, or hidden to protect another)"


def test_the_promise_names_how_many_values_stay_possible():
    assert "at least 4 possible values" in promise(releases.rich()).promised[0]
    assert "at least 11 possible values" in promise(replace(releases.rich(), width=10)).promised[0]


def test_an_older_release_promises_no_number_it_never_said():
    told = promise(replace(releases.rich(), width=0)).promised

    assert not [sentence for sentence in told[:1] if re.search(r"\d", sentence)]


@pytest.mark.parametrize(
    "what", ["take herself out", "others have published", "how it picks", "taken together", "Sums"]
)
def test_what_is_not_covered_is_said(what):
    assert [limit for limit in promise(releases.rich()).not_covered if what in limit]


def test_no_reader_is_told_which_of_the_two_reasons_a_cell_has():
    files = make(releases.withheld(), releases.signed(releases.withheld()), today=TODAY)
    page = files["brief.html"].decode()

    assert set(re.findall(r'class="withheld">([^<]*)<', page)) == {"withheld"}


def test_the_cost_is_told_as_a_bound_with_a_bar_for_each_size():
    files = make(releases.rich(), releases.signed(releases.rich()), today=TODAY)
    page = re.sub(r"<[^>]+>", "", files["brief.html"].decode())

    assert "(11 and more) at least 95\u00a0% are" in page
    assert "41 of at most 48" in page
    assert 'aria-label="Counts that are still shown' in files["brief.html"].decode()


def test_a_release_that_tells_no_sizes_has_no_bars_for_them():
    rich = releases.rich()
    old = settled(replace(rich, loss=replace(rich.loss, by_size=())))

    assert "of at most" not in make(old, releases.signed(old), today=TODAY)["brief.html"].decode()


def test_an_agencys_own_columns_shares_and_classes_stand_in_the_csv():
    rows = (
        Row("North, all ages", 40, 12, 28, values=("North", "")),
        Row("North, young", None, None, None, values=("North", "young"), percent="12.5"),
        Row("North, old", None, 11, None, values=("North", "old"), between=(50, -1)),
    )
    table = Table("t01", "counts", "x", "", "", rows, columns=("county", "=age"))

    lines = table_csv(table).decode().splitlines()

    assert lines[0] == "row,label,known,month,county,'=age,persons,yes,no,percent,least,most"
    assert lines[2].endswith("North,young,withheld,withheld,withheld,12.5,,")
    assert lines[3].endswith("North,old,withheld,11,withheld,,50,")
