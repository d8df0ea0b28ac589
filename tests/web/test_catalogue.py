"""Spanish is complete, and the compiled catalogue says what the readable one says."""

import re

import pytest

from upwell.web import catalogue

PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]*\}")


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_every_text_is_translated(language):
    lacking = catalogue.missing(language)

    assert lacking == [], "Run `python -m upwell.web.catalogue`, then translate what it lists."


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_readable_one(language):
    compiled = (catalogue.LOCALE / language / "LC_MESSAGES" / "django.mo").read_bytes()

    assert compiled == catalogue.compiled(language), "Run `python -m upwell.web.catalogue`."


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_a_translation_keeps_every_placeholder(language):
    wrong = []
    for message in catalogue.held(language):
        originals = message.id if isinstance(message.id, tuple | list) else [message.id]
        translations = message.string if isinstance(message.string, tuple | list) else [message.string]
        wanted = {name for original in originals for name in PLACEHOLDER.findall(str(original))}
        for words in translations:
            found = set(PLACEHOLDER.findall(str(words)))
            if message.id and words and not (found <= wanted and (found == wanted or len(originals) > 1)):
                wrong.append(message.id)

    assert wrong == []
