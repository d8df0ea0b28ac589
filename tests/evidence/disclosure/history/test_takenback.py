"""A reader of a release is told what of earlier ones was taken back, and what this one corrects."""

from dataclasses import replace

import pytest

from evidence.disclosure.history.test_ledger import withdrawn_second
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.takenback import MOST_NAMED, check_correction, sentences
from upwell.evidence.errors import LedgerError


def told(entries, *, corrects="", because="", free_text=True):
    return sentences(entries, corrects=corrects, because=because, free_text=free_text)


def test_nothing_is_said_where_nothing_was_taken_back_or_corrected():
    assert told(()) == ()
    assert told(ledger.read(withdrawn_second())[:2]) == ()


def test_what_was_taken_back_is_one_sentence_with_id_day_and_reason():
    (said,) = told(ledger.read(withdrawn_second()))

    assert said.startswith("Taken back by this agency: r1 of ")
    assert "(counted one shelter twice)" in said and "stays public" in said


def test_a_correction_names_the_release_its_day_and_why():
    entries = ledger.read(withdrawn_second())[:2]

    (said,) = told(entries, corrects="r0", because=" two  towns were mixed up. ")

    assert said == f"This corrects the release r0 of {entries[0].made_on}: two towns were mixed up."


def test_typed_reasons_stay_inside_where_no_free_text_may_be_told():
    entries = ledger.read(withdrawn_second())

    said = told(entries, corrects="r0", because="shelter in Elm Street", free_text=False)

    assert "Elm Street" not in "".join(said) and "shelter" not in "".join(said)
    assert "r0" in said[0] and "r1" in said[1]


def test_many_are_counted_and_the_last_ones_named():
    release, *_, back = ledger.read(withdrawn_second())
    many = [release, *(back for _ in range(MOST_NAMED + 3))]
    named = [each if each is release else _about(each, release.release_id) for each in many]

    (said,) = told(named)

    assert said.count(f"{release.release_id} of ") == MOST_NAMED
    assert "and 3 before them" in said


def _about(entry, release_id):
    return replace(entry, about=release_id)


@pytest.mark.parametrize(
    ("corrects", "because", "words"),
    [("r9", "why", "No release r9"), ("r0", "", "names the release and why"), ("", "why", "names the release and why")],
)
def test_a_correction_of_nothing_or_without_a_reason_is_refused(corrects, because, words):
    with pytest.raises(LedgerError, match=words):
        check_correction(ledger.read(withdrawn_second()), corrects, because)


def test_a_withdrawal_cannot_be_corrected():
    *_, back = ledger.read(withdrawn_second())

    with pytest.raises(LedgerError, match="No release"):
        check_correction(ledger.read(withdrawn_second()), back.release_id, "why")
