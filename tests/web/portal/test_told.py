"""What became of what Eve told: only if she wants to know at this moment, in plain words, and never a small number."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.five import Five, concern, consent
from factories.person import given
from upwell.practice.accounts.models import Role
from upwell.practice.bridge.models import Crossed, Figure, Issue, IssueStatement, Reply, Stage
from upwell.practice.micro.actions.word import word_deliver
from upwell.practice.micro.models import Word
from upwell.practice.micro.queries import portal as queries
from upwell.practice.person import actions
from upwell.practice.person.models import Consent

TELL, COUNT = Consent.Purpose.TELL, Consent.Purpose.COUNT


def issue(world: Five, *numbers: int, days_ago: int = 0) -> Issue:
    """An issue with a released figure for each number of people."""
    day = timezone.localdate() - timedelta(days=days_ago)
    statement = IssueStatement.objects.create(
        agency=world.agency,
        title="Certificates by post take months",
        what_happens="They wait.",
        who="People without papers",
        domain="documents",
        barrier="too-slow",
        half_year="2026-H2",
        written_by=Role.PRIVACY_OFFICER,
        approved_on=day,
    )
    made = Issue.objects.create(agency=world.agency, statement=statement, stage=Stage.PROJECT, stage_since=day)
    crossed = Crossed.objects.create(
        agency=world.agency, release_id=made.pk.hex[:16], data=b"", public_key="00", received_on=day
    )
    for number in numbers:
        Figure.objects.create(
            issue=made, crossed=crossed, table="all", row=0, words="", with_trouble=number, people=number * 3
        )
    return made


def word(world: Five, of: Issue, to: str = Word.To.PERSON, **more: object) -> Word:
    """Word back about Eve's concern."""
    reply = Reply.objects.create(
        issue=of,
        stage=Stage.PROJECT,
        words="We have written down what must change.",
        what_next="In May the county board meets.",
        agency=world.agency,
        role=Role.ADVOCATE,
    )
    raised = concern(world.case, world.ana, issue=of, **more)
    return word_deliver(concern=raised, reply=reply, to=to, at=timezone.now())


def page(eve: Client) -> str:
    return eve.get(reverse("portal_told")).content.decode()


def test_she_reads_the_stage_the_words_and_what_comes_next(world: Five, eve: Client) -> None:
    given(world.eve, world.ana, TELL)
    word(world, issue(world, 47))

    told = page(eve)

    assert "There is a plan, with a date and a measure." in told
    assert "We have written down what must change." in told and "In May the county board meets." in told


def test_a_loss_is_called_one(world: Five, eve: Client) -> None:
    given(world.eve, world.ana, TELL)
    told = word(world, issue(world, 47))

    assert "It was not won this time." not in page(eve)
    told.reply.kind = "loss"
    told.reply.save()
    assert "It was not won this time." in page(eve)


@pytest.mark.parametrize("end", ["never given", "taken back", "expired"])
def test_without_her_consent_at_this_moment_nothing_is_told(world: Five, eve: Client, end: str) -> None:
    word(world, issue(world, 47))
    if end != "never given":
        consent_ = given(world.eve, world.ana, TELL)
        if end == "taken back":
            actions.consent_revoke(consent=consent_, at=timezone.now())
        else:
            consent_.expires_on = timezone.localdate() - timedelta(days=1)
            consent_.save()

    told = page(eve)

    assert "written down what must change" not in told
    assert "You have not said that you want to be told" in told
    assert Word.objects.get().seen_at is None


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((), None),
        ((11,), None),
        ((19,), None),
        ((20,), "20"),
        ((47,), "20"),
        ((12, 53), "50"),
        ((131,), "100"),
        ((4000,), "1000"),
    ],
)
def test_a_number_of_people_is_round_and_never_small(
    world: Five, eve: Client, numbers: tuple[int, ...], said: str
) -> None:
    given(world.eve, world.ana, TELL)
    word(world, issue(world, *numbers))

    told = page(eve)

    assert (f"At least {said} people live with the same trouble." in told) if said else ("t least" not in told)
    assert not any(f" {number} " in told for number in numbers if str(number) != said)


def test_her_experience_is_one_of_them_only_if_she_was_counted(world: Five, eve: Client) -> None:
    given(world.eve, world.ana, TELL)
    counted = consent(world.eve, COUNT)
    word(world, issue(world, 47))
    assert "Your experience is one of at least 20 that led to this." in page(eve)

    counted.given_at = timezone.now() + timedelta(days=3)  # the numbers were released before she agreed
    counted.save()
    assert "Your experience is one of" not in page(eve)

    actions.consent_revoke(consent=counted, at=timezone.now())
    assert "Your experience is one of" not in page(eve)


def test_words_for_her_worker_and_words_of_others_are_not_hers(world: Five, eve: Client) -> None:
    given(world.eve, world.ana, TELL)
    word(world, issue(world, 47), to=Word.To.WORKER)
    other = word(world, issue(world, 47))
    other.concern.case = world.dovs_case
    other.concern.save()

    assert not queries.words_for(world.eve, timezone.localdate())
    assert "written down what must change" not in page(eve)


def test_a_word_is_new_until_she_has_read_it(world: Five, eve: Client) -> None:
    given(world.eve, world.ana, TELL)
    word(world, issue(world, 47))
    assert "1 new" in eve.get(reverse("portal_home")).content.decode()

    first, second = page(eve), page(eve)

    assert ">New<" in first and ">New<" not in second
    assert Word.objects.get().seen_at is not None


def test_one_tap_says_how_useful_it_was(world: Five, eve: Client) -> None:
    given(world.eve, world.ana, TELL)
    back = word(world, issue(world, 47))

    eve.post(reverse("portal_told"), {"word": back.pk, "useful": 4})

    back.refresh_from_db()
    assert back.useful == 4


@pytest.mark.parametrize("useful", ["0", "6", "", "x", "-1"])
def test_a_rating_that_is_none_changes_nothing(world: Five, eve: Client, useful: str) -> None:
    given(world.eve, world.ana, TELL)
    back = word(world, issue(world, 47))

    assert eve.post(reverse("portal_told"), {"word": back.pk, "useful": useful}).status_code == 302

    back.refresh_from_db()
    assert back.useful is None


def test_nobody_rates_a_word_of_somebody_else(world: Five, eve: Client) -> None:
    given(world.eve, world.ana, TELL)
    other = word(world, issue(world, 47))
    other.concern.case = world.dovs_case
    other.concern.save()

    assert eve.post(reverse("portal_told"), {"word": other.pk, "useful": 4}).status_code == 404


def test_before_anything_moves_the_page_says_that_it_was_heard(world: Five, eve: Client) -> None:
    given(world.eve, world.ana, TELL)
    assert "Nothing yet." in page(eve)

    concern(world.case, world.ana)
    assert "What you told was heard." in page(eve)
