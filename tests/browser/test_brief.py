"""The brief in a browser: WCAG by axe, phone width, dark and light, print. Needs Chromium; in CI its absence fails."""

from __future__ import annotations

import os
import re
import shutil
from datetime import date

import pytest

from factories import releases
from upwell.evidence.brief.make import make

pytestmark = pytest.mark.browser
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("rich", "empty", "withheld")
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have Chromium: install the package chromium.")
        pytest.skip("Chromium is not installed; the brief was not looked at in a browser.")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser to drive

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("briefs")
    for name in NAMES:
        release = getattr(releases, name)()
        html = make(release, releases.signed(release), today=date(2025, 2, 3))["brief.html"]
        (folder / f"{name}.html").write_bytes(html)
    return folder


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_to_say(browser, pages, name, width, scheme):
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - as above

    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto((pages / f"{name}.html").as_uri())
    page.evaluate(OPEN_ALL)

    found = Axe().run(page)

    page.close()
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 390, 768])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_scrolls_sideways_on_a_phone(browser, pages, name, width):
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto((pages / f"{name}.html").as_uri())
    page.evaluate(OPEN_ALL)

    wide = page.evaluate("document.documentElement.scrollWidth")

    page.close()
    assert wide <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_in_pictures_stands_out_from_the_page(browser, pages, scheme):
    page = browser.new_page(color_scheme=scheme)
    page.goto((pages / "rich.html").as_uri())

    colours = page.evaluate(
        "[getComputedStyle(document.documentElement).backgroundColor, ...new Set([...document.querySelectorAll("
        "'.picture text:not([stroke])')].map(each => getComputedStyle(each).fill))]"
    )

    page.close()
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
def test_page_one_prints_on_one_page(browser, pages, paper):
    import io  # noqa: PLC0415 - as pypdf

    from pypdf import PdfReader  # noqa: PLC0415 - only here

    page = browser.new_page()
    page.goto((pages / "rich.html").as_uri())

    printed = [each.extract_text() for each in PdfReader(io.BytesIO(page.pdf(format=paper))).pages]

    page.close()
    assert "who are not veterans" in re.sub(r"\s+", " ", printed[0])
    assert "Finding 1" in printed[1]


def test_tables_by_group_are_left_out_of_print_even_when_they_were_opened(browser, pages):
    import io  # noqa: PLC0415 - as pypdf

    from pypdf import PdfReader  # noqa: PLC0415 - only here

    page = browser.new_page()
    page.goto((pages / "rich.html").as_uri())
    page.evaluate(OPEN_ALL)

    printed = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages)

    page.close()
    assert "Every table by group" in printed
    assert "65 or older" not in printed
