"""Every number that a brief prints is recomputed from release/ alone."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from pypdf import PdfReader

from factories import releases
from factories.recompute import Package
from upwell.evidence.brief.charts import draw, spec
from upwell.evidence.brief.make import figures, make
from upwell.evidence.brief.model import Grid, text_of
from upwell.evidence.brief.outline import claims, outline, sentences
from upwell.evidence.brief.words import catalogue

TODAY = date(2025, 2, 3)
MADE = {}
RELEASES = ("rich", "empty", "withheld")


def made(name):
    """The files of a brief, made once a session: a PDF takes a while."""
    if name not in MADE:
        release = getattr(releases, name)()
        MADE[name] = make(release, releases.signed(release), today=TODAY)
    return MADE[name]


def document(name):
    return outline(getattr(releases, name)(), catalogue("en"), today=TODAY)


@pytest.mark.parametrize("name", RELEASES)
def test_every_claimed_number_is_what_its_cells_give(name):
    package = Package(made(name))

    found = claims(document(name))

    assert len(found) > 100
    for claim in found:
        assert claim.text == package.printed(claim.expression, claim.kind), claim.expression


class Page(HTMLParser):
    """Collects the text of the page with the source of each piece, "" where it has none."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[tuple[str, str, str]] = []
        self.open: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag, attrs):
        if tag in ("meta", "path", "line", "rect", "circle", "link", "img"):
            return
        named = dict(attrs)
        attribute = next((name for name in ("data-cell", "data-from", "data-field") if name in named), "")
        kind = "axis" if named.get("class") in ("axis",) else attribute
        self.open.append((tag, kind, named.get(attribute, "") or ""))

    def handle_endtag(self, tag):
        if self.open and self.open[-1][0] == tag:
            self.open.pop()

    def handle_data(self, data):
        if any(tag in ("style", "svg", "title") for tag, _, _ in self.open):
            return
        kind, source = next(((kind, source) for _, kind, source in reversed(self.open) if kind), ("", ""))
        self.pieces.append((data, kind, source))


def pieces(name):
    page = Page()
    page.feed(made(name)["brief.html"].decode())
    return page.pieces


@pytest.mark.parametrize("name", RELEASES)
def test_a_cell_named_on_the_page_holds_the_number_beside_it(name):
    package = Package(made(name))

    cells = [(text, source) for text, kind, source in pieces(name) if kind == "data-cell"]

    assert len(cells) > 40
    for text, source in cells:
        assert text == package.printed(source, "count")


@pytest.mark.parametrize("name", RELEASES)
def test_no_digit_stands_on_the_page_without_a_source(name):
    constants = re.compile(r"95\s%|discovery rate 5\s%|means 0 to|withheld \(0 to|^ ?\(0 to")

    bare = [text for text, kind, _ in pieces(name) if not kind and re.search(r"\d", constants.sub("", text))]
    contents = {text_of(section.heading) for section in document(name).sections}

    assert [text for text in bare if text not in contents] == []


@pytest.mark.parametrize("name", RELEASES)
def test_a_picture_holds_no_number_but_claimed_ones_and_its_axis(name):
    for figure, svg in zip(figures(document(name)), draw(figures(document(name))).values(), strict=True):
        drawn = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg)) | set(re.findall(r"<tspan[^>]*>([^<]*)<", svg))
        said = {text_of(point.text) for point in figure.points} | {text_of(figure.marked.expected_text)}
        said |= {text_of(figure.marked.onset_text)}
        labels = " ".join(text_of(point.label) for point in figure.points)
        axis = re.compile(r"[\d.]+\u00a0%|[\d.]+")

        strange = {text for text in drawn if text not in said and text not in labels and not axis.fullmatch(text)}

        assert strange == set(), figure.id


@pytest.mark.parametrize("name", RELEASES)
def test_a_picture_is_drawn_at_the_values_of_its_cells(name):
    package = Package(made(name))

    for figure in figures(document(name)):
        if figure.kind == "ratios":
            continue  # these are fields of gaps, claimed as text
        for point in figure.points:
            yes, persons = (int(package.cell(part)) for part in point.text[0].source[6:-1].split(","))
            assert point.value == pytest.approx(yes / persons)
            assert point.low <= point.value <= point.high
            assert str(point.value) in str(spec(figure))


@pytest.mark.parametrize("name", RELEASES)
def test_a_bar_in_a_table_is_as_long_as_its_share(name):
    package = Package(made(name))
    grids = [block for section in document(name).every_section for block in section.blocks if isinstance(block, Grid)]

    for line in (line for grid in grids if grid.bars and grid.ids for line in grid.lines if line.bar):
        yes, persons = (int(package.cell(part)) for part in line.cells[0][0].source[6:-1].split(","))
        assert line.bar.share == pytest.approx(yes / persons)


@pytest.mark.parametrize("name", RELEASES)
def test_the_bar_of_a_size_is_what_is_shown_of_what_was_asked_at_most(name):
    package = Package(made(name))
    grids = [block for section in document(name).every_section for block in section.blocks if isinstance(block, Grid)]

    bars = [line for grid in grids if not grid.ids for line in grid.lines]

    assert len(bars) == 3
    for line in bars:
        shown, asked = (package.field(run.source) for run in line.cells[0] if run.source)
        assert line.bar.share == pytest.approx(shown / asked)


@pytest.mark.parametrize("name", RELEASES)
def test_pdf_and_plain_text_print_the_same_numbers_as_the_page(name):
    plain = re.sub(r"\\(.)", r"\1", made(name)["brief.md"].decode())
    pdf = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made(name)["brief.pdf"])).pages)
    squeezed = re.sub(r"\s+", "", pdf)
    for sentence in sentences(document(name)):
        for run in sentence:
            assert run.kind in ("text", "words") or run.text in plain
    for sentence in printed(document(name)):
        for run in sentence:
            assert run.kind in ("text", "words") or re.sub(r"\s+", "", run.text) in squeezed


def printed(whole):
    """The sentences that stand on paper: no appendix, and no table that is folded away."""
    sections = tuple(
        replace(each, blocks=tuple(block for block in each.blocks if not (isinstance(block, Grid) and block.folded)))
        for each in whole.sections
        if not each.detail
    )
    return sentences(replace(whole, sections=sections))
