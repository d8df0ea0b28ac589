"""What points to somebody is found, whatever its case and accents; nothing crashes; nothing is changed unasked."""

from __future__ import annotations

import string
import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upwell.practice.micro.identifiers import KNOWN, Kind, Names, find, neutral

LETTERS = string.ascii_letters + "áéíóúñüçøłßÅÉŁİıžŠðæœΑΒΓαβγДжя"
NAME = st.text(LETTERS, min_size=2, max_size=12)
ACCENTS = ("\u0301", "\u0308", "\u0327")


def pieces(text, names=None):
    return [(text[each.start : each.end], each.kind) for each in find(text, names)]


@given(st.text(max_size=300), st.sets(st.text(max_size=20), max_size=4), st.sets(st.text(max_size=20), max_size=4))
def test_any_text_and_any_names_give_places_inside_the_text_in_order_and_apart(text, person, public):
    found = find(text, Names(person=frozenset(person), public=frozenset(public)))

    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert isinstance(neutral(text, found), str)


@given(NAME, st.sampled_from([str.upper, str.lower, str.title, str.swapcase, str]), st.sampled_from(["NFC", "NFD"]))
def test_a_known_name_is_found_in_any_case_and_form(name, change, form):
    text = f"On the phone {unicodedata.normalize(form, change(name))} said no."

    found = find(text, Names(person=frozenset({name})))

    assert any(each.kind == Kind.PERSON for each in found)


@given(NAME, st.sampled_from(ACCENTS), st.integers(0, 11))
def test_a_known_name_is_found_with_accents_that_the_file_does_not_have(name, accent, place):
    place = min(place, len(name) - 1) + 1
    written = name[:place] + accent + name[place:]

    found = find(f"({written})", Names(household=frozenset({name})))

    assert [each.kind for each in found] == [Kind.HOUSEHOLD]
    assert found[0].end == 1 + len(written)


@given(NAME, NAME)
def test_either_half_of_a_known_name_is_found(first, last):
    names = Names(workers=frozenset({f"{first} {last}"}))

    assert any(each.kind == Kind.WORKER for each in find(f"it was {last.lower()}.", names))
    assert any(each.kind == Kind.WORKER for each in find(f"it was {first.lower()}.", names))


@given(NAME, NAME)
def test_after_the_neutral_words_no_known_name_is_left(first, last):
    names = Names(person=frozenset({f"{first} {last}"}))
    text = f"=={first}== ({last}) {first.upper()} {last.upper()}"

    left = neutral(text, find(text, names))

    words = {"the", "person"}
    assert {each for each in left.replace("=", " ").replace("(", " ").replace(")", " ").split()} <= words


@pytest.mark.parametrize(
    "text, piece, kind",
    [
        ("born 1984-03-12 here", "1984-03-12", Kind.DATE),
        ("on 3/4/2026 they", "3/4/2026", Kind.DATE),
        ("am 3.4.26 da", "3.4.26", Kind.DATE),
        ("on March 3rd, 2026 they", "March 3rd, 2026", Kind.DATE),
        ("el 12 de marzo de 2024 fue", "12 de marzo de 2024", Kind.DATE),
        ("call 555-010-2233 now", "555-010-2233", Kind.PHONE),
        ("call +1 (555) 010 2233 now", "+1 (555) 010 2233", Kind.PHONE),
        ("write eve.o@example.org now", "eve.o@example.org", Kind.EMAIL),
        ("case 0012345 was", "0012345", Kind.NUMBER),
        ("lives at 12 Old Mill Road now", "12 Old Mill Road", Kind.ADDRESS),
        ("vive en calle Luna 14 ahora", "calle Luna 14", Kind.ADDRESS),
        ("lives in apt. 4b now", "apt. 4b", Kind.ADDRESS),
        ("yesterday Maria Lopez came", "Maria Lopez", Kind.NAME),
        ("with John A. Smith there", "John A. Smith", Kind.NAME),
        ("then Mr. Jones left", "Jones", Kind.NAME),
        ("with Jean-Luc O'Neill there", "Jean-Luc O'Neill", Kind.NAME),
    ],
)
def test_what_usually_points_to_somebody_is_found(text, piece, kind):
    assert pieces(text) == [(piece, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "The certificate takes eleven weeks.",
        "She paid 1,250 dollars in 2024.",
        "Since 2024-2025 nothing changed.",
        "SNAP and TANF were refused under HB 12.",
        "They waited 90 days, 3 of 4 were refused.",
        "In March 2025 they stopped.",
        "The Office said no. They left.",
        "",
    ],
)
def test_what_points_to_nobody_is_left_alone(text):
    assert pieces(text) == []


def test_a_name_inside_another_word_is_not_found():
    assert pieces("the average evening", Names(person=frozenset({"Eve"}))) == []


def test_a_name_with_an_s_behind_it_is_found():
    assert pieces("evelinas and Evelina's", Names(person=frozenset({"Evelina"}))) == [
        ("evelinas", Kind.PERSON),
        ("Evelina", Kind.PERSON),
    ]


def test_a_name_in_a_script_without_gaps_is_found():
    assert pieces("昨天王小明来了", Names(person=frozenset({"王小明"}))) == [("王小明", Kind.PERSON)]


def test_invisible_signs_do_not_hide_a_name():
    assert pieces("Ev\u200beli\u00adna", Names(person=frozenset({"Evelina"})))[0][1] == Kind.PERSON


def test_an_unknown_sister_goes_with_the_known_family_name():
    assert pieces("then Maria Ostrowska came", Names(person=frozenset({"Evelina Ostrowska"}))) == [
        ("Maria Ostrowska", Kind.PERSON)
    ]


def test_the_name_of_an_office_points_to_nobody_but_a_known_name_always_does():
    names = Names(person=frozenset({"Marlow"}), public=frozenset({"Marlow Bend Records Office", "County Court"}))

    assert pieces("the County Court and Marlow", names) == [("Marlow", Kind.PERSON)]


def test_the_earlier_kinds_are_the_known_ones():
    assert frozenset(list(Kind)[:3]) == KNOWN


def test_a_repr_of_names_holds_none():
    assert "Eve" not in repr(Names(person=frozenset({"Eve"})))


@pytest.mark.parametrize(
    "text", ["1 " * 5000, "12 a" + " b" * 3000, "A " * 5000, "@" * 9000, "x" * 9000 + "@", "a-" * 5000]
)
def test_a_text_made_to_be_slow_is_read_fast(text):
    began = time.perf_counter()

    find(text, Names(person=frozenset({"Eve Ostrowska"})))

    assert time.perf_counter() - began < 2
