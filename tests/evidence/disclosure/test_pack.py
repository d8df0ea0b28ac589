"""A rule pack is refused with its file and key unless every number has a source, a date and a sense."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.pack import PackError

DAY = date(2026, 1, 1)
WORDS = "No count from 1 to 14 is shown or can be worked out from what is shown."
NUMBERS = {
    "threshold": '{ from = 2024-01-01, value = 15, source = "County board, resolution 12" }',
    "width": '{ from = 2024-01-01, value = 4, source = "County board, resolution 12" }',
    "sparse_share": '{ from = 2024-01-01, value = 0.5, source = "our own choice" }',
}


def pack(*lines: str, words: str = WORDS, **changed: str) -> bytes:
    """A whole pack, with lines put first and some numbers' values changed ("" leaves the number away)."""
    numbers = {**NUMBERS, **changed}
    tables = [f'[{what}]\nunit = "persons"\nvalues = [{value}]\n' for what, value in numbers.items() if value]
    return "\n".join([*lines, f'words = "{words}"', *tables]).encode()


def own(content: bytes, file: str = "our-county.toml", on: date = DAY) -> protection.Protection:
    return protection.own(content, file=file, on=on)


def test_an_agencys_own_pack_is_used_with_its_words_and_source():
    found = own(pack("group_disclosure = true"))

    assert (found.name, found.threshold, found.width, found.group_disclosure) == ("our-county", 15, 4, True)
    assert found.words == WORDS and found.since == date(2024, 1, 1)
    assert found.source.startswith("County board, resolution 12; ")


def test_the_source_that_a_release_prints_holds_the_digest_of_the_pack():
    content = pack()

    source = own(content).source

    assert "our-county.toml" in source and hashlib.sha256(content).hexdigest()[:16] in source
    assert own(pack("full = false")).source != source


def test_the_value_of_the_day_is_taken():
    later = '{ from = 2025-07-01, value = 15, source = "new rule" }'
    two = pack(threshold=f'{{ from = 2024-01-01, value = 15, source = "old rule" }}, {later}')

    assert own(two, on=date(2025, 6, 30)).source.startswith("old rule")
    assert own(two, on=date(2025, 7, 1)).source.startswith("new rule")


def test_amounts_have_their_two_rules():
    ruled = pack(
        p_percent='{ from = 2024-01-01, value = 10, source = "usual practice" }',
        dominance='{ from = 2024-01-01, value = [2, 80], source = "usual practice" }',
    )

    assert (own(ruled).p_percent, own(ruled).dominance) == (10.0, (2, 80.0))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{ from = 2024-01-01, value = 15 }", "has no source"),
        ('{ from = 2024-01-01, value = 15, source = " " }', "has no source"),
        ('{ value = 15, source = "board" }', "has no date"),
        ('{ from = "2024-01-01", value = 15, source = "board" }', "has no date"),
        ('{ from = 2024-01-01T10:00:00, value = 15, source = "board" }', "has no date"),
        ('{ from = 2024-01-01, value = 1, source = "board" }', "2 or more"),
        ('{ from = 2024-01-01, value = 11.5, source = "board" }', "whole number"),
        ('{ from = 2024-01-01, value = true, source = "board" }', "whole number"),
        ('{ from = 2024-01-01, value = "15", source = "board" }', "whole number"),
        ('{ from = 2024-01-01, source = "board" }', "whole number"),
        ('{ from = 2024-01-01, value = 15, source = "board", page = 3 }', "no key 'page'"),
        ('{ from = 2024-01-01, value = 15, source = "a b" }, { from = 2024-01-01, value = 9, source = "b c" }', "same"),
        ('{ from = 2027-01-01, value = 15, source = "board" }', "later day"),
        ("15", "is a table"),
    ],
)
def test_a_threshold_that_is_not_whole_is_refused_with_file_and_key(value, said):
    with pytest.raises(PackError, match=rf"^our-county\.toml: threshold.*{said}"):
        own(pack(threshold=value))


@pytest.mark.parametrize(
    ("what", "value", "said"),
    [
        ("width", "0", "1 or more"),
        ("sparse_share", "1.5", "at most 1"),
        ("sparse_share", "0", "more than 0"),
        ("p_percent", "0", "more than 0"),
        ("p_percent", "101", "at most 100"),
        ("dominance", "75", "n, k"),
        ("dominance", "[0, 75]", "n, k"),
        ("dominance", "[1, 120]", "n, k"),
        ("dominance", "[1, 2, 3]", "n, k"),
        ("small_population", "0", "1 or more"),
    ],
)
def test_a_number_without_sense_is_refused_with_file_and_key(what, value, said):
    wrong = f'{{ from = 2024-01-01, value = {value}, source = "board" }}'

    with pytest.raises(PackError, match=rf"^our-county\.toml: {what}, value 1: .*{said}"):
        own(pack(**{what: wrong}))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("treshold = 11", "no key 'treshold'"),
        ('full = "yes"', "full is true or false"),
        ("instead = 3", "instead is a text"),
        ('coarsest_place = "city"', "coarsest_place"),
        ("full = true", "its width is 14"),
        ("words", "is no TOML"),
    ],
)
def test_a_key_that_is_unknown_or_of_another_kind_is_refused(line, said):
    with pytest.raises(PackError, match=rf"our-county\.toml.*{said}"):
        own(pack(line))


@pytest.mark.parametrize("what", list(NUMBERS))
def test_a_pack_without_one_of_its_numbers_is_refused(what):
    with pytest.raises(PackError, match=f"{what} is missing"):
        own(pack(**{what: ""}))


def test_a_promise_must_name_what_is_hidden():
    with pytest.raises(PackError, match="must name 14"):
        own(pack(words="Nobody can ever find out anything."))


def test_a_pack_that_is_no_text_is_a_sentence():
    with pytest.raises(PackError, match=r"our-county\.toml is not UTF-8"):
        own(b"words = '\xff'")


@pytest.mark.parametrize("file", ["cms.toml", "Our County.toml", "../x.toml", "x.txt", ".toml"])
def test_a_name_that_is_taken_or_could_mislead_is_refused(file):
    with pytest.raises(PackError, match=r"Give your own another name|small letters"):
        own(pack(), file=file)


def test_no_message_repeats_a_value_of_the_file():
    with pytest.raises(PackError) as told:
        own(pack(threshold='{ from = 2024-01-01, value = "Jane Roe", source = "board" }'))

    assert "Jane" not in str(told.value)
