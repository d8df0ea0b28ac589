"""Killed with SIGKILL in the middle: the next run completes it. Nothing is lost, nothing doubled, every chain holds.

Each test does three things in a process of its own: the act, killed; the act again; the act once more, which must
change nothing.
"""

from __future__ import annotations

from typing import Any

import pytest

from faults.conftest import ON_BOTH, ON_SQLITE, Stage

TEXT, JOINED = "Eve still waits for her birth certificate.", 10
"""As faults.acts makes them: Ana's draft, and how many concerns belong to the issue before."""
MICRO = "upwell.practice.micro"
NOTIFY = "upwell.practice.accounts.notify:tell"


def killed(stage: Stage, act: str, point: str, *, times: int = 1, after: bool = False) -> tuple[Any, Any]:
    """(what a killed act left, what the next run made of it)."""
    told = stage("faults.acts", act, point, str(times), "after" if after else "before")
    assert told["killed"], "The act lived through: the point is never passed."
    assert told["again"] == told["after"], "Done once more, it changed something."
    assert told["audit"] == "" and told["after"]["whole"]
    assert told["after"]["doubled"] == 0 and told["after"]["errors"] == []
    return told["between"], told["after"]


def grew(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}


@ON_BOTH
@pytest.mark.parametrize(
    ("point", "after"),
    [
        (f"{MICRO}.actions.note:_spend_draft", False),
        (f"{MICRO}.actions.note:_spend_draft", True),
        ("upwell.practice.accounts.audit:record", True),
    ],
    ids=["before the draft goes", "between draft and commit", "before the commit"],
)
def test_a_note_is_signed_once_or_its_draft_is_there(stage: Stage, point: str, after: bool) -> None:
    left, made = killed(stage, "note", point, after=after)

    assert (left["notes"], left["drafts"]) == (0, 1)
    assert (made["notes"], made["drafts"], made["texts"]) == (1, 0, [TEXT])
    assert grew(left["acts"], made["acts"]) == {"note.sign": 1}


@ON_SQLITE
@pytest.mark.parametrize(
    ("point", "after", "stored"),
    [
        (f"{MICRO}.crossing.gather:make", True, 0),
        (NOTIFY, False, 0),
        (f"{MICRO}.crossing.gather:store", True, 1),
    ],
    ids=["when it is computed", "while it is put on the desk", "before the row is done"],
)
def test_a_gathering_puts_one_candidate_on_the_desk(stage: Stage, point: str, after: bool, stored: int) -> None:
    left, made = killed(stage, "gather", point, after=after)

    assert left["waiting"] == stored
    assert (made["waiting"], made["candidates"], made["notices"]) == (1, 2, {"desk": 1})
    assert (made["lines"], made["crossed"]) == (0, 0)
    assert made["acts"]["candidate.make"] == 2


@ON_BOTH
@pytest.mark.parametrize(
    ("point", "after", "lines"),
    [
        (f"{MICRO}.crossing.actions:_enter", False, 0),
        (f"{MICRO}.crossing.actions:_enter", True, 1),
        (f"{MICRO}.crossing.finish:join_matching", False, 1),
        (f"{MICRO}.crossing.actions:finish", True, 1),
    ],
    ids=["before the ledger", "between ledger and database", "amid the transaction", "after the transaction"],
)
def test_a_release_crosses_once_with_one_line_in_the_ledger(stage: Stage, point: str, after: bool, lines: int) -> None:
    left, made = killed(stage, "approve", point, after=after)

    through = point.endswith(":finish")
    assert (left["lines"], left["crossed"], left["approved"]) == (lines, through, through)
    assert (made["lines"], made["crossed"], made["approved"]) == (1, 1, 1)
    assert (made["issues"], made["figures"], made["replies"]) == (2, 1, 3)
    once = {"release.receive", "issue.open", "candidate.approve"}
    assert {act: made["acts"][act] for act in once} == dict.fromkeys(once, 1)
    assert made["joined"] - JOINED == made["acts"]["concern.join"] > 0


@ON_BOTH
@pytest.mark.parametrize(
    ("point", "times", "after", "words"),
    [
        (f"{MICRO}.crossing.deliver:_deliver_one", 4, False, range(3, 7)),
        (NOTIFY, 3, False, range(2, 5)),
        ("upwell.practice.person.contact:send", 2, True, range(10, 1000)),
    ],
    ids=["between two concerns", "between word and notice", "while people are reached"],
)
def test_everyone_hears_a_word_once(stage: Stage, point: str, times: int, after: bool, words: range) -> None:
    left, made = killed(stage, "deliver", point, times=times, after=after)

    assert left["words"] in words
    assert made["words"] == made["joined"] + made["telling"] and made["to_person"] == made["telling"]
    assert made["messages"] == made["acts"]["contact.send"] == made["people_telling"] > 0


@ON_SQLITE
@pytest.mark.parametrize("after", [False, True], ids=["when it is computed", "before the row is done"])
def test_a_measure_comes_to_the_desk_once(stage: Stage, after: bool) -> None:
    left, made = killed(stage, "measure", f"{MICRO}.crossing.measure:store", after=after)

    assert left["candidates"] == 1 + after
    assert made["candidates"] == 2 and made["notices"] == {"desk": 1}


@ON_SQLITE
@pytest.mark.parametrize(
    ("point", "came"),
    [(f"{MICRO}.caseload.bring:_households", False), (f"{MICRO}.caseload.files:forget", True)],
    ids=["amid the rows", "after the rows"],
)
def test_a_caseload_comes_in_whole_and_once(stage: Stage, point: str, came: bool) -> None:
    left, made = killed(stage, "bring", point)

    assert left["imports"] == ["applied" if came else "applying"]
    assert made["imports"] == ["applied"]
    assert made["people"] == made["cases"] == left["people"] + (0 if came else 6)
    assert made["acts"]["caseload.apply"] == 1
