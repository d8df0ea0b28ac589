"""Every act that is written into the audit anywhere has words, and the pages that list acts say these words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import upwell
from factories import micro
from factories.five import five
from upwell.practice.accounts import audit
from upwell.practice.accounts.acts import WORDS, words_of

SOURCE = Path(upwell.__file__).parent
ACT = re.compile(r"[a-z_]+\.[a-z_]+")


def recorders(module: ast.Module) -> set[str]:
    """Functions of a module that hand an act on to the audit: those with a parameter called act."""
    found = {"audit.record", "audit.look"}
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and any(
            arg.arg == "act" for arg in [*node.args.args, *node.args.kwonlyargs]
        ):
            found.add(node.name)
    return found


def acts_in(path: Path) -> Iterator[str]:
    module = ast.parse(path.read_text(encoding="utf-8"))
    names = recorders(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in names:
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            constants = (part for each in given for part in ast.walk(each) if isinstance(part, ast.Constant))
            yield from (each.value for each in constants if isinstance(each.value, str) and ACT.fullmatch(each.value))


RECORDED = {act for path in SOURCE.rglob("*.py") for act in acts_in(path)}


def test_every_act_that_is_recorded_has_words():
    assert sorted(RECORDED - set(WORDS)) == []


def test_no_words_stand_for_an_act_that_nobody_records():
    assert sorted(set(WORDS) - RECORDED) == []


def test_the_search_finds_acts_of_every_kind():
    assert {"case.open", "consent.give", "worker.switch_on", "place.add", "referral.why"} <= RECORDED


def test_an_act_that_has_gone_is_called_by_its_key():
    assert words_of("gone.act") == "gone.act"


def test_the_audit_says_acts_in_words(client: Client):
    world = five()
    audit.look(world.ana, "case.open", world.case, subject=world.eve.pk)
    client.force_login(world.ben)

    page = client.get(reverse("audit")).content.decode()

    assert "<td>Read the file</td>" in page
    assert '<option value="case.open">Read the file</option>' in page


@pytest.mark.parametrize("act", ["note.open", "case.open"])
def test_the_review_of_broken_glass_says_acts_in_words(client: Client, act: str):
    world = five()
    micro.glass(world.case, world.ana)
    audit.look(world.ana, act, world.case, subject=world.eve.pk)
    client.force_login(world.ben)

    page = client.get(reverse("glass_review")).content.decode()

    assert str(WORDS[act]) in page
    assert act not in page
