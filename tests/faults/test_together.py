"""Two at the same moment: one effect, nobody's words lost, and no fault of ours."""

from __future__ import annotations

from faults.conftest import ON_BOTH, Stage

JOINED = 10
"""Concerns that belong to the issue before, as faults.acts makes it."""


@ON_BOTH
def test_two_approvals_are_one_release(stage: Stage) -> None:
    made = stage("faults.together", "approve")["state"]

    assert (made["lines"], made["crossed"], made["approved"], made["issues"], made["figures"]) == (1, 1, 1, 2, 1)
    assert made["acts"]["issue.open"] == made["acts"]["candidate.approve"] == 1


@ON_BOTH
def test_two_workers_on_one_row_are_one_too_many(stage: Stage) -> None:
    told = stage("faults.together", "outbox")

    made = told["state"]
    assert told["got"] == ["None", "None", "1"], "the row was begun more than once"
    assert made["doubled"] == 0 and made["words"] == made["joined"] + made["telling"]
    assert made["messages"] == made["people_telling"] > 0


@ON_BOTH
def test_two_replies_at_once_are_one_word_each(stage: Stage) -> None:
    """One of them even by two workers, as after a job that was silent for too long."""
    told = stage("faults.together", "replies")

    made = told["state"]
    assert told["got"] == ["None"] * 3
    assert made["doubled"] == 0 and made["words"] == 2 * (made["joined"] + made["telling"])
    assert made["joined"] > JOINED and made["acts"]["concern.join"] == made["joined"] - JOINED


@ON_BOTH
def test_two_windows_on_one_draft_are_two_drafts(stage: Stage) -> None:
    told = stage("faults.together", "draft")

    assert told["texts"] == ["one", "two"], told["got"]


@ON_BOTH
def test_two_windows_that_begin_one_draft_lose_nothing(stage: Stage) -> None:
    told = stage("faults.together", "begun")

    assert {"one", "two"} <= set(told["texts"]), told["got"]


@ON_BOTH
def test_every_form_may_be_sent_twice_at_once(stage: Stage) -> None:
    *faults, sent = stage("faults.together", "forms")["got"]

    assert not faults, "\n".join(faults)
    assert int(sent.split()[0]) > 40
