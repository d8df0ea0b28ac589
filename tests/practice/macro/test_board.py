"""The board and the radar: every number with its denominator, and what is not known in words."""

from __future__ import annotations

from datetime import timedelta

from factories import bridge, macro
from factories.five import TODAY, five
from factories.pages import without_keys
from upwell.practice.bridge.models import Stage
from upwell.practice.macro import actions


def test_the_board_shows_size_place_age_and_next_step(client):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)

    page = client.get("/board").content.decode()

    assert f'href="/issue/{issue.pk}"' in page
    assert "131 of 412" in page
    assert "Fenn County" in page
    assert "Next step: Policy advocate" in page
    assert [
        page.index(f'id="column-{key}"') for key in ("heard", "checked", "initiative", "project", "changed")
    ] == sorted(page.index(f'id="column-{key}"') for key in ("heard", "checked", "initiative", "project", "changed"))


def test_an_issue_that_waited_too_long_says_so_in_words(client):
    world = five()
    bridge.issue(world, on=TODAY - timedelta(days=200))
    client.force_login(world.cleo)

    assert "waited too long" in client.get("/board").content.decode()


def test_an_empty_board_says_what_will_stand_there(client):
    world = five()
    client.force_login(world.cleo)

    for address in ("/board", "/radar"):
        assert "Nothing has crossed yet" in client.get(address).content.decode()


def test_the_radar_ranks_by_excess_and_draws_the_numbers_of_its_table(client):
    world = five()
    bridge.issue(world)
    client.force_login(world.cleo)

    page = client.get("/radar").content.decode()

    assert "131 of 412" in page
    assert "32 % (27 to 36)" in page
    assert "18 %" in page
    assert "We cannot tell whether it grows" in page
    assert "How long people waited who never came back." in page
    assert "Usual lever: Administrative standard, oversight" in page
    assert "Birth certificates take too long: 32\u00a0% (131/412)</text>" in page
    assert "stroke-dasharray" in page  # the expected share


def test_an_issue_whose_release_was_changed_shows_no_number(client):
    world = five()
    issue = bridge.issue(world)
    crossed = issue.figures.get().crossed
    crossed.data = bytes(crossed.data).replace(b'"yes":131', b'"yes":132')
    crossed.save()
    client.force_login(world.cleo)

    page = without_keys(client.get("/radar"))

    assert "No number may be shown" in page
    assert "131" not in page


def test_what_offices_wait_for_stands_on_top_for_those_who_answer(client):
    world = five()
    link = macro.link(world)
    actions.aide_ask(link=link, words="How many?", form_key=link.pk, now=link.made_at)
    client.force_login(world.cleo)
    hers = client.get("/board").content.decode()
    client.force_login(world.ana)
    anas = client.get("/board").content.decode()

    assert "Answer a question" in hers
    assert "Offices wait for you" not in anas


def test_the_board_takes_few_queries_however_many_issues(client, django_assert_max_num_queries):
    world = five()
    for seed, barrier in enumerate(("too-slow", "too-dear", "not-there", "treated-unfairly")):
        bridge.issue(world, seed=seed + 1, barrier=barrier)
    client.force_login(world.cleo)
    client.get("/board")

    with django_assert_max_num_queries(12):
        client.get("/board")


def test_an_issue_stands_in_the_column_of_its_stage(client):
    world = five()
    issue = bridge.issue(world)
    actions.issue_tell(issue=issue, by=world.cleo, seen="pattern", to=Stage.INITIATIVE, words=macro.TELL)
    client.force_login(world.ana)

    page = client.get("/board").content.decode()

    assert page.index('id="column-initiative"') < page.index("131 of 412") < page.index('id="column-project"')
