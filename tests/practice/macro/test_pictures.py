"""Pictures: inside their frame, escaped, without styles, and the same in words."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from upwell.practice.macro import pictures

SHARES = st.floats(0, 1)


@given(st.lists(st.tuples(SHARES, SHARES, SHARES, st.none() | SHARES), min_size=1, max_size=5), st.text(max_size=30))
def test_a_picture_is_well_formed_and_keeps_everything_inside(rows, words):
    words = "".join(letter for letter in words if letter.isprintable())
    dots = [pictures.Dot(words, share, min(low, high), max(low, high), hoped) for share, low, high, hoped in rows]

    root = ElementTree.fromstring(pictures.dots(dots, words))

    width, height = (float(each) for each in root.attrib["viewBox"].split()[2:])
    for circle in root.iter("{http://www.w3.org/2000/svg}circle"):
        assert 0 <= float(circle.attrib["cx"]) <= width
        assert 0 <= float(circle.attrib["cy"]) <= height


def test_no_picture_has_a_style_an_id_or_a_script():
    drawn = pictures.dots([pictures.Dot("<script>", 0.3, 0.2, 0.4, 0.1, "stone")], 'a "quote"')
    drawn += pictures.stages(11, 3, [0, 1], "Stage 4 of 11")

    assert not re.search(r"\b(style|id|onload)=|<script", drawn)
    assert "&lt;script&gt;" in drawn


def test_nothing_is_drawn_of_no_rows():
    assert pictures.dots([], "nothing") == ""


def test_the_line_of_stages_shows_where_it_is_and_was():
    drawn = pictures.stages(11, 3, [0, 1, 2], "Stage 4 of 11: Initiative")

    assert drawn.count('r="10"') == 1
    assert drawn.count('stroke-width="3"') == 3
    assert drawn.count('stroke-width="1"') == 7
    assert 'aria-label="Stage 4 of 11: Initiative"' in drawn


def test_numbers_in_a_picture_never_have_a_comma(settings):
    from django.utils import translation  # noqa: PLC0415 - only here

    with translation.override("es"):
        drawn = pictures.dots([pictures.Dot("x", 1 / 3, 0.2, 0.4)], "x")

    assert not re.search(r'="\d+,\d', drawn)
