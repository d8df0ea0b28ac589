"""The lever table's words are in the catalogues' reach, and pages show them translated."""

from upwell.practice.environment.coding import levers
from upwell.practice.environment.lever_words import LEVER_WORDS


def test_every_text_of_the_table_is_there_and_no_other():
    table = {text for lever in levers().values() for text in (lever.meaning, lever.lever, lever.first_move)}

    assert set(LEVER_WORDS) == table
    assert len(LEVER_WORDS) == len(set(LEVER_WORDS))
