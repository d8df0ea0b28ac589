"""The brief in a browser: WCAG by axe, phone width, dark and light, print. Needs Chromium; in CI its absence fails."""

from __future__ import annotations

import re
from datetime import date

import pytest

from factories import releases
from factories.browsers import SIZES, faults_in_both_schemes, unfold
from upwell.evidence.brief.make import make

pytestmark = pytest.mark.browser
NAMES = ("rich", "empty", "withheld")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("briefs")
    for name in NAMES:
        release = getattr(releases, name)()
        html = make(release, releases.signed(release), today=date(2025, 2, 3))["brief.html"]
        (folder / f"{name}.html").write_bytes(html)
    return folder


@pytest.mark.parametrize("size", ["desk", "large-phone"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_to_say(opened, pages, name, size):
    page = opened(size)
    page.goto((pages / f"{name}.html").as_uri())
    unfold(page, "body")

    assert faults_in_both_schemes(page, name) == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_scrolls_sideways_on_a_phone(opened, pages, name):
    page = opened()
    page.goto((pages / f"{name}.html").as_uri())
    unfold(page, "body")

    for size in ("small-phone", "large-phone", "tablet"):
        page.set_viewport_size(SIZES[size])
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"], size


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_in_pictures_stands_out_from_the_page(opened, pages, scheme):
    page = opened(scheme=scheme)
    page.goto((pages / "rich.html").as_uri())

    colours = page.evaluate(
        "[getComputedStyle(document.documentElement).backgroundColor, ...new Set([...document.querySelectorAll("
        "'.picture text:not([stroke])')].map(each => getComputedStyle(each).fill))]"
    )
    ground, *inks = [[int(part) for part in colour[4:-1].split(",")] for colour in colours]
    assert inks
    assert all(contrast(ground, ink) >= 4.5 for ink in inks)


def contrast(one, other):
    """WCAG contrast of two colours, each red, green, blue from 0 to 255."""

    def light(colour):
        parts = [part / 255 for part in colour]
        lit = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * lit[0] + 0.7152 * lit[1] + 0.0722 * lit[2]

    bright, dim = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_page_one_prints_on_one_page(opened, pages, paper):
    import io  # noqa: PLC0415 - as pypdf

    from pypdf import PdfReader  # noqa: PLC0415 - only here

    page = opened()
    page.goto((pages / "rich.html").as_uri())

    printed = [each.extract_text() for each in PdfReader(io.BytesIO(page.pdf(format=paper))).pages]

    assert "who are not veterans" in re.sub(r"\s+", " ", printed[0])
    assert "Finding 1" in printed[1]


def test_tables_by_group_are_left_out_of_print_even_when_they_were_opened(opened, pages):
    import io  # noqa: PLC0415 - as pypdf

    from pypdf import PdfReader  # noqa: PLC0415 - only here

    page = opened()
    page.goto((pages / "rich.html").as_uri())
    unfold(page, "body")

    printed = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages)

    assert "Every table by group" in printed
    assert "65 or older" not in printed
