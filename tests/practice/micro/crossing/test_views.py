"""The release desk as Ben meets it, and as nobody else does."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from factories import crossing
from factories.five import five
from upwell.practice.accounts.models import AuditEntry, Role, RoleHeld
from upwell.practice.bridge.models import Ask, Crossed, Issue
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.micro.crossing import shown
from upwell.practice.micro.models import AskMade, Candidate, Outbox
from upwell.practice.person.index import tokens
from upwell.practice.person.models import NameToken


@pytest.fixture
def crowd():
    return crossing.crowded()


def address(name, *args):
    return reverse(name, args=args)


def signed_in(client, worker):
    client.force_login(worker)
    return client


def an_ask(world, words="It says the post takes ten weeks. Is that so?"):
    ask = Ask.objects.create(
        agency=world.agency,
        kind=Ask.Kind.LAWFUL,
        domain=Domain.DOCUMENTS,
        barrier=Barrier.TOO_SLOW,
        asked_on=crossing.TODAY,
    )
    return AskMade.objects.create(
        case=world.case,
        by=world.ana,
        ask=ask,
        words=words,
        words_state=AskMade.State.WAITING,
        form_key=uuid4(),
        at=timezone.now(),
    )


def a_form(candidate, **more):
    key = shown.items(crossing.release(candidate))[0].key
    fields = {
        "title": "Certificates take eleven weeks",
        "what_happens": "They come by post only.",
        "who": "People without papers",
        "domain": Domain.DOCUMENTS,
        "barrier": Barrier.TOO_SLOW,
        "half_year": "2026-H2",
    }
    posted = {f"{key}-{name}": value for name, value in (fields | more).items()}
    return key, posted | {"chosen": key, "approve": "yes"}


def test_an_empty_desk_says_what_will_stand_there(client):
    world = five()

    page = signed_in(client, world.ben).get(address("desk"))

    assert page.status_code == 200
    assert "Nothing waits" in page.content.decode()


@pytest.mark.parametrize("who", ["ana", "cleo", "dov"])
def test_whoever_is_no_privacy_officer_is_not_let_in(client, crowd, who):
    candidate = crossing.gathered(crowd.five.agency)
    made = an_ask(crowd.five)
    signed_in(client, getattr(crowd.five, who))

    for page in ("desk", "desk_release", "desk_ask"):
        args = {"desk": (), "desk_release": (candidate.pk,), "desk_ask": (made.pk,)}[page]
        assert client.get(address(page, *args)).status_code == 403
    assert client.post(address("desk_gather")).status_code == 403
    assert client.post(address("desk_return", candidate.pk)).status_code == 403


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get(address("desk")).status_code == 302


def test_another_agencys_desk_is_not_there(client, crowd):
    candidate = crossing.gathered(crowd.five.agency)
    made = an_ask(crowd.five)
    RoleHeld.objects.create(worker=crowd.five.dov, role=Role.PRIVACY_OFFICER)
    signed_in(client, crowd.five.dov)

    assert client.get(address("desk_release", candidate.pk)).status_code == 404
    assert client.post(address("desk_return", candidate.pk), {"why": "x"}).status_code == 404
    assert client.get(address("desk_ask", made.pk)).status_code == 404
    assert str(candidate.pk) not in client.get(address("desk")).content.decode()


def test_ben_sees_what_would_cross_and_what_would_not(client, crowd):
    candidate = crossing.gathered(crowd.five.agency)

    page = signed_in(client, crowd.five.ben).get(address("desk_release", candidate.pk)).content.decode()

    assert "withheld" in page
    assert "Linear programming" in page
    assert "Nothing has crossed before" in page
    assert "Marlow Bend" in page
    assert AuditEntry.objects.filter(act="desk.release", is_read=True, worker=crowd.five.ben).count() == 1


def test_a_statement_begins_with_what_the_question_says(client, crowd):
    candidate = crossing.gathered(crowd.five.agency)
    items = shown.items(crossing.release(candidate))
    item = next(each for each in items if each.question.startswith("policy"))

    page = signed_in(client, crowd.five.ben).post(address("desk_release", candidate.pk), {"add": item.key})

    text = page.content.decode()
    assert "Birth certificates by post only" in text
    assert f'name="{item.key}-what_happens"' in text
    assert not Crossed.objects.exists()


def test_adding_a_second_statement_loses_nothing_of_the_first(client, crowd):
    candidate = crossing.gathered(crowd.five.agency)
    first, second = (each.key for each in shown.items(crossing.release(candidate))[:2])
    posted = {"chosen": first, f"{first}-title": "Half a title", "add": second}

    page = signed_in(client, crowd.five.ben).post(address("desk_release", candidate.pk), posted)

    text = page.content.decode()
    assert "Half a title" in text
    assert f'name="{second}-title"' in text


def test_ben_lets_it_cross_with_an_issue(client, crowd):
    candidate = crossing.gathered(crowd.five.agency)
    _, posted = a_form(candidate, policy=str(crowd.five.policy.pk), county=str(crowd.five.county.pk))

    answer = signed_in(client, crowd.five.ben).post(address("desk_release", candidate.pk), posted)

    assert answer.status_code == 302
    issue = Issue.objects.get()
    assert issue.statement.title == "Certificates take eleven weeks"
    assert issue.statement.written_by == "privacy_officer"
    assert issue.figures.exists()
    assert "with 1 issue" in client.get(address("desk")).content.decode()


def test_approving_twice_is_one_issue(client, crowd):
    candidate = crossing.gathered(crowd.five.agency)
    _, posted = a_form(candidate)
    signed_in(client, crowd.five.ben)

    client.post(address("desk_release", candidate.pk), posted)
    client.post(address("desk_release", candidate.pk), posted)

    assert Issue.objects.count() == 1


@pytest.mark.parametrize(
    "words",
    ["Evelina waited eleven weeks.", "It was so for evelina ostrowska.", "Ask Ana Alvarez.", "Write to a@example.org."],
)
def test_a_name_in_a_statement_stops_it(client, crowd, words):
    eve = crowd.five.eve
    for token in tokens(crowd.five.agency.pk, eve.first_name, eve.last_name, eve.preferred_name):
        NameToken.objects.create(person=eve, agency=crowd.five.agency, token=token)
    candidate = crossing.gathered(crowd.five.agency)
    _, posted = a_form(candidate, what_happens=words)

    page = signed_in(client, crowd.five.ben).post(address("desk_release", candidate.pk), posted)

    assert page.status_code == 200
    assert "Say it without" in page.content.decode()
    assert not Crossed.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 121),
        ("title", "a\x00b"),
        ("what_happens", "x" * 501),
        ("domain", "nowhere"),
        ("barrier", "9" * 40),
        ("policy", "not-a-uuid"),
        ("county", "99999999999999999999999"),
        ("half_year", "2026-11"),
    ],
)
def test_bad_input_is_said_and_nothing_crosses(client, crowd, field, value):
    candidate = crossing.gathered(crowd.five.agency)
    _, posted = a_form(candidate, **{field: value})

    page = signed_in(client, crowd.five.ben).post(address("desk_release", candidate.pk), posted)

    assert page.status_code == 200
    assert "Please look at this again" in page.content.decode()
    assert not Crossed.objects.exists()


def test_a_town_cannot_be_named(client, crowd):
    candidate = crossing.gathered(crowd.five.agency)
    _, posted = a_form(candidate, county=str(crowd.five.town.pk))

    page = signed_in(client, crowd.five.ben).post(address("desk_release", candidate.pk), posted)

    assert page.status_code == 200
    assert not Issue.objects.exists()


def test_an_unknown_finding_is_no_statement(client, crowd):
    candidate = crossing.gathered(crowd.five.agency)

    page = signed_in(client, crowd.five.ben).post(address("desk_release", candidate.pk), {"add": "p99\x00"})

    assert page.status_code == 200


def test_ben_returns_it_with_a_reason(client, crowd):
    candidate = crossing.gathered(crowd.five.agency)

    signed_in(client, crowd.five.ben).post(address("desk_return", candidate.pk), {"why": "One town is too small."})

    candidate.refresh_from_db()
    assert candidate.state == Candidate.State.RETURNED
    assert "One town is too small." in client.get(address("desk")).content.decode()


def test_a_return_without_a_reason_is_asked_again(client, crowd):
    candidate = crossing.gathered(crowd.five.agency)

    page = signed_in(client, crowd.five.ben).post(address("desk_return", candidate.pk), {"why": ""})

    assert page.status_code == 200
    candidate.refresh_from_db()
    assert candidate.state == Candidate.State.WAITING


def test_a_stale_candidate_offers_to_gather_again(client, crowd):
    candidate = crossing.gathered(crowd.five.agency)
    Candidate.objects.update(state=Candidate.State.STALE)
    _, posted = a_form(candidate)

    answer = signed_in(client, crowd.five.ben).post(address("desk_release", candidate.pk), posted, follow=True)

    assert "Gather again" in answer.content.decode()
    assert not Crossed.objects.exists()


def test_gather_now_sends_for_a_job_once(client, crowd, django_capture_on_commit_callbacks):
    signed_in(client, crowd.five.ben)

    with django_capture_on_commit_callbacks():
        client.post(address("desk_gather"))
        client.post(address("desk_gather"))

    assert Outbox.objects.filter(kind="gather").count() == 1
    assert "under way" in client.get(address("desk")).content.decode()


def test_the_words_of_an_ask_cross_as_ben_leaves_them(client):
    world = five()
    made = an_ask(world)

    signed_in(client, world.ben).post(address("desk_ask", made.pk), {"words": "Is a wait of ten weeks lawful?"})

    made.refresh_from_db()
    assert made.words_state == AskMade.State.RELEASED
    assert Ask.objects.get().words == "Is a wait of ten weeks lawful?"
    assert AuditEntry.objects.filter(act="ask.release", subject=str(world.eve.pk)).exists()


def test_the_words_of_an_ask_go_back_with_a_reason(client):
    world = five()
    made = an_ask(world)

    signed_in(client, world.ben).post(address("desk_ask", made.pk), {"return": "yes", "why": "It names the street."})

    made.refresh_from_db()
    assert (made.words_state, made.why_returned) == (AskMade.State.RETURNED, "It names the street.")
    assert Ask.objects.get().words == ""


def test_words_are_decided_once(client):
    world = five()
    made = an_ask(world)
    signed_in(client, world.ben).post(address("desk_ask", made.pk), {"return": "yes", "why": "No."})

    client.post(address("desk_ask", made.pk), {"words": "Is it lawful?"})

    assert Ask.objects.get().words == ""


@pytest.mark.parametrize("number", [0, 10**30])
def test_an_ask_that_is_not_there_is_404(client, number):
    assert signed_in(client, five().ben).get(address("desk_ask", number)).status_code == 404


def test_a_title_of_the_desk_names_nobody(client, crowd):
    made = an_ask(crowd.five, words="Evelina asks whether it is lawful.")
    signed_in(client, crowd.five.ben)

    for page in (client.get(address("desk")), client.get(address("desk_ask", made.pk))):
        title = page.content.decode().split("<title>")[1].split("</title>")[0]
        assert "Evelina" not in title


def test_a_statement_begins_without_the_place_that_a_pattern_found(client, crowd):
    candidate = crossing.gathered(crowd.five.agency)
    pattern = next(each for each in shown.items(crossing.release(candidate)) if each.group)

    page = signed_in(client, crowd.five.ben).post(address("desk_release", candidate.pk), {"add": pattern.key})

    begun = page.context["chosen"][0].form["title"].value()
    assert begun and pattern.group not in begun
    assert pattern.group in page.content.decode()


def test_no_statement_is_offered_about_what_happened_to_nobody(client, crowd):
    candidate = crossing.gathered(crowd.five.agency)
    items = shown.items(crossing.release(candidate))

    text = signed_in(client, crowd.five.ben).get(address("desk_release", candidate.pk)).content.decode()

    offered = {each.key for each in items if f'name="add" value="{each.key}"' in text}
    assert offered == {each.key for each in items if each.figures[0].with_trouble}
