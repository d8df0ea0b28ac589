"""A measure's answer is the same sentence wherever it is built, in the language of whoever reads it."""

import ast
from pathlib import Path

import pytest
from django.utils import translation

import upwell
from upwell.practice.bridge import measure_words
from upwell.practice.bridge.measure_words import BEFORE_ONE_REASON, NOT_TOLD, WITHHELD, Moved, sentences, told
from upwell.practice.micro.crossing import verdict

CROSSING = Path(upwell.__file__).parent / "practice" / "micro" / "crossing"


def moved(value: float, low: float, high: float, **more: object) -> Moved:
    return Moved(value, low, high, **({"smallest": 0.05, "compared": False} | more))


FIGURES = {"change": {"value": -0.1, "low": -0.2, "high": -0.02}}
KEPT = sentences(moved(-0.1, -0.2, -0.02, compared=True))


def shown(words: str, figures: dict[str, object] | None = None, *, compared: bool = True) -> str:
    return told(words, figures or {}, smallest=0.05, compared=compared)


@pytest.mark.parametrize(
    ("change", "kind", "begins"),
    [
        (moved(0.1, 0.02, 0.2), "rose", "It rose: +10.0 (+2.0 to +20.0) percentage points."),
        (moved(-0.1, -0.2, -0.02), "fell", "It fell: \u221210.0 (\u221220.0 to \u22122.0) percentage points."),
        (moved(-0.02, -0.03, -0.01), "fell a little", "It fell a little"),
        (moved(0.0, -0.2, 0.2), "too few", "We cannot tell whether it changed"),
        (moved(0.0, -0.02, 0.02), "no clear change", "There is no clear change"),
    ],
)
def test_each_kind_of_change_has_its_sentence(change: Moved, kind: str, begins: str):
    assert change.kind == kind
    assert sentences(change).startswith(begins)
    assert kind in verdict.VERDICTS


def in_spanish(text: str) -> str:
    """A stand-in for the Spanish catalogue, with one text in it."""
    first = "It fell: %(value)s (%(low)s to %(high)s) percentage points."
    return "Bajó: %(value)s (%(low)s a %(high)s)." if translation.get_language() == "es" and text == first else text


def test_a_page_builds_the_answer_again_in_the_readers_language(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(measure_words, "_", in_spanish)

    with translation.override("es"):
        words = shown(KEPT, FIGURES)

    assert words.startswith("Bajó: \u221210.0 (\u221220.0 a \u22122.0).")
    assert "The change in the other group is taken off." in words


def test_what_the_figures_do_not_give_again_stays_as_it_was_kept():
    assert shown("It fell, we wrote.", FIGURES) == "It fell, we wrote."
    assert shown(KEPT, FIGURES, compared=False) == KEPT
    assert shown("It rained.") == "It rained."


@pytest.mark.parametrize("words", NOT_TOLD)
def test_an_answer_without_numbers_is_translated_whole(words: str):
    assert shown(words) == words


def test_every_answer_without_numbers_that_the_case_side_gives_is_in_the_catalogues_reach():
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in CROSSING.glob("*.py")]
    texts = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))

    given = {text for text in texts if isinstance(text, str) and text.startswith("We cannot tell:")}

    assert WITHHELD in NOT_TOLD
    assert given <= set(NOT_TOLD)


def test_an_answer_kept_before_one_reason_was_given_is_read_with_the_one_reason():
    assert shown(BEFORE_ONE_REASON) == WITHHELD
    assert "is small" not in WITHHELD
