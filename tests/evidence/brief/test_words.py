from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upwell.evidence.brief.intervals import wilson
from upwell.evidence.brief.model import Run, text_of
from upwell.evidence.brief.words import LANGUAGES, LanguageError, begun, catalogue, within

WORDS = catalogue("en")


def texts(found):
    """Every text of a catalogue."""
    if isinstance(found, dict):
        return [text for value in found.values() for text in texts(value)]
    if isinstance(found, list):
        return [text for value in found for text in texts(value)]
    return [found] if isinstance(found, str) else []


def test_a_language_without_a_catalogue_is_refused_by_name():
    with pytest.raises(LanguageError, match="Choose one of: en"):
        catalogue("xx")


def test_no_sentence_of_the_brief_claims_a_cause():
    claiming = re.compile(
        r"\b(caus(es|ed|ing)|because of|leads? to|results? in|shocking|proves?|proven)\b", re.IGNORECASE
    )

    assert [text for text in texts(WORDS.catalogue) if claiming.search(text)] == []


def test_every_sentence_is_short_enough_to_be_read_when_tired():
    spoken = {name: value for name, value in WORDS.catalogue.items() if name != "package"}
    sentences = [part for text in texts(spoken) for part in re.split(r"[.!?:;]\s", text) if part.strip()]
    lengths = sorted(len(sentence.split()) for sentence in sentences)

    assert lengths[len(lengths) // 2] <= 15
    assert [sentence for sentence in sentences if len(sentence.split()) > 32] == []


def test_every_place_in_a_sentence_has_a_plain_name():
    for text in texts(WORDS.catalogue):
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
        assert all(re.fullmatch(r"[a-z_]+", name) for name in names), text


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1.05, "slightly more than expected"),
        (1.33, "about a third more than expected"),
        (1.77, "nearly twice as many as expected"),
        (2.0, "about twice as many as expected"),
        (3.0, "about three times as many as expected"),
        (40.0, "more than four times as many as expected"),
    ],
)
def test_a_ratio_is_said_in_plain_words(ratio, words):
    assert WORDS.more_than(ratio) == words


@given(st.floats(0.01, 100), st.floats(0.01, 100))
def test_a_larger_ratio_never_has_words_further_up_the_list(one, other):
    order = [step["words"] for step in WORDS.catalogue["ratio"]]
    small, large = sorted((one, other))

    assert order.index(WORDS.more_than(small)) <= order.index(WORDS.more_than(large))


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (4210, "count", "4,210"),
        (0.318, "percent", "32\u00a0%"),
        (0.0456, "percent", "4.6\u00a0%"),
        (0.0949, "percent", "9.5\u00a0%"),
        (0.0996, "percent", "10\u00a0%"),
        (0.0004, "percent", "below 0.1\u00a0%"),
        (0, "percent", "0\u00a0%"),
        (0.18, "percent_whole", "18\u00a0%"),
        (-0.04, "points", "\u22124"),
        (1.4493, "ratio", "1.45"),
        (0.004, "p", "0.004"),
        (0.00001, "p", "below 0.0001"),
        (0.03, "p", "0.03"),
    ],
)
def test_a_number_is_printed_as_its_kind_asks(value, kind, text):
    assert WORDS.printed(value, kind) == text


@given(st.floats(1e-6, 0.999))
def test_a_share_above_none_is_never_printed_as_none(share):
    assert WORDS.printed(share, "percent") not in ("0\u00a0%", "0.0\u00a0%", "10.0\u00a0%")


def test_a_date_is_written_out():
    assert WORDS.day("2024-12-31") == "31 December 2024"


def test_a_sentence_keeps_the_source_of_what_fills_it():
    filled = WORDS.say(
        "finding.who", group="adults", yes=Run("131", "t20:0:yes", "count"), persons="412", share="32", happened="left"
    )

    assert text_of(filled) == "Of 412 adults, 131 (32) left."
    assert Run("131", "t20:0:yes", "count") in filled


def test_a_list_reads_as_a_person_would_say_it():
    assert text_of(WORDS.joined(["a", "b", "c"], "or")) == "a, b or c"
    assert text_of(WORDS.joined(["a"], "and")) == "a"
    assert text_of(WORDS.joined(["a, 1", "b, 2", "c, 3"], "and_next")) == "a, 1; b, 2; c, 3"


def test_a_label_inside_a_sentence_loses_its_capital_unless_it_is_an_abbreviation():
    assert within(Run("Not collected")).text == "not collected"
    assert within(Run("HIV status")).text == "HIV status"
    assert text_of(begun((Run("people left"),))) == "People left"


def test_wilson_gives_the_interval_of_the_textbook():
    assert wilson(3, 20) == pytest.approx((0.052, 0.360), abs=0.0005)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 10**6).flatmap(lambda persons: st.tuples(st.integers(0, persons), st.just(persons))))
def test_a_wilson_interval_holds_its_share_and_stays_between_none_and_all(counts):
    yes, persons = counts

    low, high = wilson(yes, persons)

    assert 0 <= low <= yes / persons + 1e-12
    assert yes / persons - 1e-12 <= high <= 1


def test_all_catalogues_have_the_same_keys_and_places():
    folder = files("upwell.evidence.brief").joinpath("text")
    english = WORDS.catalogue

    def shape(found):
        if isinstance(found, dict):
            return {key: shape(value) for key, value in found.items()}
        return sorted(name for _, name, _, _ in Formatter().parse(found) if name) if isinstance(found, str) else None

    catalogues = [tomllib.loads(entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith("toml")]

    assert {entry.name for entry in folder.iterdir() if entry.name.endswith("toml")} == {
        f"{each}.toml" for each in LANGUAGES
    }
    assert all(shape(each) == shape(english) for each in catalogues)


def test_no_sentence_of_the_catalogue_is_unused():
    folder = files("upwell.evidence.brief")
    code = "".join(entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".py"))
    looked_up = {
        "barrier",
        "baseline",
        "baseline_among",
        "baseline_short",
        "steps",
        "ratio",
        "number",
    }  # by a field's value

    unused = [
        f"{name}.{key}"
        for name, section in WORDS.catalogue.items()
        if isinstance(section, dict) and name not in looked_up
        for key in section
        if not re.search(rf'["._]{key}"|\b{key.split("_")[0]}_', code)
    ]

    assert unused == []


def test_spanish_says_as_many_sentences_as_english_and_none_in_english():
    spanish = catalogue("es").catalogue
    said = [
        (f"{name}.{key}", text, spanish[name][key])
        for name, section in WORDS.catalogue.items()
        if isinstance(section, dict)
        for key, text in section.items()
        if key != "clauses"  # words of the release, which is in English
    ]

    assert [key for key, text, other in said if isinstance(text, list) and len(text) != len(other)] == []
    places = re.compile(r"\{\w+\}|[^A-Za-z]")
    same = [key for key, text, other in said if text == other and len(places.sub("", str(text))) > 3]
    assert same == []
    assert [step["below"] for step in spanish["ratio"]] == [step["below"] for step in WORDS.catalogue["ratio"]]
