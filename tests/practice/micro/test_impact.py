"""What comes back: words once each, seen when read, useful in one tap, losses said plainly; notes for own cases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from factories import thread
from factories.five import case as case_of
from factories.five import concern as concern_of
from factories.five import consent, five, person, worker
from upwell.practice.accounts.models import AuditEntry, Role
from upwell.practice.bridge.models import Reply, Stage
from upwell.practice.errors import NotAllowedError
from upwell.practice.micro.actions import word as actions
from upwell.practice.micro.models import Case, Concern, TeamWord, Word
from upwell.practice.micro.queries import thread as queries
from upwell.practice.person.models import Consent


@pytest.fixture
def world():
    return five()


@pytest.fixture
def joined(world):
    return concern_of(world.case, world.ana, policy=world.policy, issue=thread.issue(world), state="joined")


def test_a_reply_reaches_the_worker_of_a_concern_once(world, joined):
    said, now = thread.reply(joined.issue), timezone.now()

    first = actions.word_deliver(concern=joined, reply=said, to="worker", at=now)
    second = actions.word_deliver(concern=joined, reply=said, to="worker", at=now + timedelta(hours=1))

    assert first == second
    assert Word.objects.count() == 1
    assert AuditEntry.objects.filter(act="word.deliver", actor="system", agency=world.agency).count() == 1


def test_the_card_says_the_stage_the_word_and_what_is_next(client, world, joined):
    thread.word(joined, thread.reply(joined.issue, what_next="The council sits in May."))
    client.force_login(world.ana)

    text = client.get(reverse("impact")).content.decode()

    assert "The same trouble was found in many lives." in text
    assert "Two hundred people wait as long." in text
    assert "The council sits in May." in text


def test_opening_the_page_reads_the_words_on_it(client, world, joined):
    word = thread.word(joined, thread.reply(joined.issue))
    client.force_login(world.ana)

    first = client.get(reverse("impact"))
    second = client.get(reverse("impact"))

    word.refresh_from_db()
    assert word.seen_at is not None
    assert first.context["cards"][0].new and not second.context["cards"][0].new
    assert AuditEntry.objects.filter(act="word.seen", worker=world.ana).count() == 1


def test_a_loss_is_said_plainly(client, world, joined):
    thread.word(joined, thread.reply(joined.issue, "The council said no.", kind=Reply.Kind.LOSS))
    client.force_login(world.ana)

    text = client.get(reverse("impact")).content.decode()

    assert "It was not won this time." in text
    assert "The council said no." in text


def test_usefulness_is_one_tap_and_the_newer_holds(client, world, joined):
    word = thread.word(joined, thread.reply(joined.issue))
    client.force_login(world.ana)

    client.post(reverse("word_rate", args=[word.pk]), {"useful": 5})
    client.post(reverse("word_rate", args=[word.pk]), {"useful": 2})

    word.refresh_from_db()
    assert word.useful == 2


@pytest.mark.parametrize("useful", ["0", "6", "x", "", "9" * 400, "\0"])
def test_a_wrong_usefulness_changes_nothing(client, world, joined, useful):
    word = thread.word(joined, thread.reply(joined.issue))
    client.force_login(world.ana)

    answer = client.post(reverse("word_rate", args=[word.pk]), {"useful": useful})

    word.refresh_from_db()
    assert (answer.status_code, word.useful) == (302, None)


def test_usefulness_outside_its_scale_is_refused(joined):
    word = thread.word(joined, thread.reply(joined.issue))

    with pytest.raises(NotAllowedError):
        actions.word_rate(word=word, useful=6)


def test_a_person_reads_and_rates_without_being_a_worker(joined):
    word = thread.word(joined, thread.reply(joined.issue), to="person")

    actions.word_seen(word=word, at=timezone.now())
    actions.word_rate(word=word, useful=4)

    assert set(AuditEntry.objects.values_list("actor", flat=True)) == {"client"}


@pytest.mark.parametrize("who, status", [("ben", 404), ("dov", 404), ("cleo", 403), ("stranger", 302)])
def test_nobody_else_rates_a_word(client, world, joined, who, status):
    word = thread.word(joined, thread.reply(joined.issue))
    if who != "stranger":
        client.force_login(getattr(world, who))

    assert client.post(reverse("word_rate", args=[word.pk]), {"useful": 1}).status_code == status


def test_a_word_to_the_person_is_not_the_workers(client, world, joined):
    word = thread.word(joined, thread.reply(joined.issue), to="person")
    client.force_login(world.ana)

    assert client.post(reverse("word_rate", args=[word.pk]), {"useful": 1}).status_code == 404


def test_the_sums_are_of_oneself_alone(world, joined):
    deb = worker("Deb Dale", world.agency, world.team, Role.CASE_WORKER)
    concern_of(world.case, deb)
    concern_of(world.case, world.ana, issue=thread.issue(world, Stage.DECISION))
    answered = concern_of(world.case, world.ana)
    for words in ("Call them.", "And write."):
        TeamWord.objects.create(concern=answered, by=world.ben, kind="answer", words=words, at=timezone.now())
    thread.word(joined, thread.reply(joined.issue))

    sums = queries.sums_for(world.ana)

    assert (sums.raised, sums.joined, sums.answered, sums.decided, sums.words) == (3, 2, 1, 1, 1)


def test_the_page_shows_no_box_of_a_case_that_is_no_longer_hers(client, world, joined):
    world.case.assignments.update(until=date(2020, 1, 1))
    client.force_login(world.ana)

    text = client.get(reverse("impact")).content.decode()

    assert "Too slow" in text
    assert "eleven weeks" not in text
    assert "Open the concern" not in text
    assert client.get(reverse("concern", args=[joined.pk])).status_code == 404


def test_a_concern_of_a_case_that_is_hers_can_be_opened_from_its_card(client, world, joined):
    client.force_login(world.ana)

    assert reverse("concern", args=[joined.pk]) in client.get(reverse("impact")).content.decode()


def test_an_empty_page_says_what_will_stand_there(client, world):
    client.force_login(world.ana)

    assert "also when it was not won" in client.get(reverse("impact")).content.decode()


def test_many_concerns_cost_no_more_queries(client, world, django_assert_max_num_queries):
    issue = thread.issue(world)
    for _ in range(25):
        concern_of(world.case, world.ana, issue=issue, policy=world.policy)
    client.force_login(world.ana)

    with django_assert_max_num_queries(20):
        page = client.get(reverse("impact"), {"page": "nonsense"})

    assert len(page.context["cards"]) == 20


def test_today_shows_what_came_back_and_nothing_that_was_read(world, joined):
    word = thread.word(joined, thread.reply(joined.issue))
    thread.ask_made(world, answer="No.")
    thread.match(world)
    consent(world.eve)

    came = queries.today_thread(world.ana)

    assert [len(each) for each in (came.words, came.answers, came.matches, came.consents)] == [1, 1, 1, 1]
    actions.word_seen(word=word, at=timezone.now(), by=world.ana)
    assert queries.today_thread(world.ana).words == []


def test_todays_thread_is_empty_for_everybody_else(world, joined):
    thread.word(joined, thread.reply(joined.issue))
    thread.ask_made(world, answer="No.")
    thread.match(world)
    consent(world.eve)

    assert not queries.today_thread(world.ben)
    assert not queries.today_thread(world.dov)
    assert not queries.today_thread(world.cleo)


def test_todays_thread_takes_eight_queries_however_much_came(world, joined, django_assert_max_num_queries):
    for _ in range(10):
        thread.word(joined, thread.reply(joined.issue))
        thread.match(world)
        consent(world.eve)

    with django_assert_max_num_queries(8):
        came = queries.today_thread(world.ana)

    assert len(came.words) == 10


def test_a_consent_taken_back_is_shown(world):
    given = consent(world.eve)
    given.state, given.ended_at = Consent.State.REVOKED, timezone.now()
    given.save()

    assert [each.state for each in queries.today_thread(world.ana).consents] == ["revoked"]


def test_a_practice_note_is_shown_with_own_open_cases_alone(client, world):
    thread.match(world)
    deb = worker("Deb Dale", world.agency, world.team, Role.CASE_WORKER)
    thread.match(world, case_of(person(world.agency, "Someone", "Else"), world.team, deb))
    client.force_login(world.ana)

    text = client.get(reverse("matches")).content.decode()

    assert "Certificates at the counter" in text
    assert "Eve Ostrowska" in text
    assert "Someone" not in text


def test_a_closed_case_is_touched_by_nothing(world):
    thread.match(world)
    Case.objects.filter(pk=world.case.pk).update(state=Case.State.CLOSED)

    assert queries.matches_for(world.ana).count() == 0


@pytest.mark.parametrize("said, used", [("looked", None), ("used", True), ("not", False)])
def test_what_a_worker_says_of_a_note_takes_it_off_today(client, world, said, used):
    match = thread.match(world)
    client.force_login(world.ana)

    client.post(reverse("match_look", args=[match.pk]), {"said": said, "back": "today"})

    match.refresh_from_db()
    assert match.looked_at is not None
    assert match.used is used
    assert queries.today_thread(world.ana).matches == []
    assert AuditEntry.objects.filter(act="match.look", subject=str(world.eve.pk)).count() == 1


@pytest.mark.parametrize("said", ["", "x", "\0"])
def test_a_wrong_word_about_a_note_changes_nothing(client, world, said):
    match = thread.match(world)
    client.force_login(world.ana)

    client.post(reverse("match_look", args=[match.pk]), {"said": said})

    match.refresh_from_db()
    assert match.looked_at is None


@pytest.mark.parametrize("who, status", [("ben", 404), ("dov", 404), ("cleo", 403), ("stranger", 302)])
def test_nobody_else_says_something_of_a_match(client, world, who, status):
    match = thread.match(world)
    if who != "stranger":
        client.force_login(getattr(world, who))

    assert client.post(reverse("match_look", args=[match.pk]), {"said": "used"}).status_code == status


def test_the_fragment_of_today_renders_everything_that_came(world, joined, rf):
    from django.template.loader import render_to_string  # noqa: PLC0415 - the page it stands on is another's

    thread.word(joined, thread.reply(joined.issue, kind=Reply.Kind.LOSS))
    TeamWord.objects.create(concern=joined, by=world.ben, kind="read", words="Read it.", at=timezone.now())
    thread.ask_made(world, answer="No.")
    thread.match(world)
    consent(world.eve)

    text = render_to_string("micro/_today_thread.html", {"thread": queries.today_thread(world.ana)})

    for words in ("It was not won this time.", "Read it.", "Macro has answered:", "at the counter", "Eve Ostrowska"):
        assert words in text


def test_open_calls_appear_with_a_way_to_answer(world):
    from django.template.loader import render_to_string  # noqa: PLC0415 - as above

    asked = thread.call(world)
    thread.call(world, closes_on=timezone.localdate() - timedelta(days=1))

    text = render_to_string("micro/_calls.html", {"user": world.ana, "case": world.case})

    assert text.count("I have seen this") == 1
    assert f"?call={asked.pk}" in text
    assert "I have seen this" not in render_to_string("micro/_calls.html", {"user": world.dov, "case": world.dovs_case})


def test_concerns_of_another_agency_are_never_ones_own(world, joined):
    Concern.objects.filter(pk=joined.pk).update(by=world.dov)

    assert queries.sums_for(world.dov).raised == 0


def test_today_says_a_reply_once_however_many_own_concerns_it_answers(client, world, joined):
    said = thread.reply(joined.issue)
    other = concern_of(world.case, world.ana, policy=world.policy, issue=joined.issue, state="joined")
    for concern in (joined, other):
        thread.word(concern, said)
    client.force_login(world.ana)

    text = client.get(reverse("today")).content.decode()

    assert text.count(said.words) == 1


def test_today_leads_to_the_practice_note_and_lists_its_cases_under_it_once(client, world):
    match = thread.match(world)
    second = case_of(person(world.agency, "Someone", "Else"), world.team, world.ana)
    thread.match(world, second, note=match.practice_note)
    client.force_login(world.ana)

    text = client.get(reverse("today")).content.decode()

    assert text.count(match.practice_note.title) == 1
    assert reverse("practice_note", args=[match.practice_note.pk]) in text
    assert match.practice_note.what_changed in text
