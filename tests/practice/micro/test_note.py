"""Notes: signed once, never written over, and no word lost on the way."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from factories import micro
from factories.five import five
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError
from upwell.practice.micro.actions.note import draft_save, note_amend, note_sign
from upwell.practice.micro.models import Draft, Note

AS_SCRIPT = {"headers": {"accept": "application/json", "x-upwell-background": "1"}}


def form(text="We met at the office.", **more):
    sent = {"form_key": str(uuid4()), "version": "0", "window": str(uuid4()), "text": text, "kind": "visit"}
    return sent | {"on": str(timezone.localdate()), "draft_kind": "note"} | more


def save(client, case, sent):
    """Autosave as the page's script does; the form then goes on from what comes back."""
    answer = client.post(reverse("draft_save", args=[case.pk]), sent, **AS_SCRIPT)
    told = answer.json()
    return sent | {"form_key": told["form_key"], "version": str(told["version"])}, told


def texts():
    return sorted(json.loads(each.fields)["text"] for each in Draft.objects.all())


def test_a_note_is_signed_and_leads_to_the_one_question(client):
    world = five()
    client.force_login(world.ana)

    answer = client.post(reverse("note_write", args=[world.case.pk]), form(), follow=True)

    note = Note.objects.get()
    assert (note.text, note.by, note.kind) == ("We met at the office.", world.ana, "visit")
    assert "Is a rule or practice behind this?" in answer.content.decode()
    assert f"{reverse('concern_raise', args=[world.case.pk])}?note={note.pk}" in answer.content.decode()
    assert AuditEntry.objects.get(act="note.sign").subject == str(world.eve.pk)


def test_a_double_click_is_one_note(client):
    world = five()
    client.force_login(world.ana)
    sent = form()

    first = client.post(reverse("note_write", args=[world.case.pk]), sent)
    second = client.post(reverse("note_write", args=[world.case.pk]), sent)

    assert first.url == second.url
    assert Note.objects.count() == 1
    assert AuditEntry.objects.filter(act="note.sign").count() == 1


def test_a_note_is_dated_today_and_a_late_one_shows_both_days(client):
    world = five()
    client.force_login(world.ana)
    earlier = timezone.localdate() - timedelta(days=3)

    client.post(reverse("note_write", args=[world.case.pk]), form(on=str(earlier)))
    shown = client.get(reverse("case", args=[world.case.pk])).content.decode()

    assert Note.objects.get().is_late
    assert "written later" in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "   "},
        {"text": "a\x00b"},
        {"text": "x" * 100_001},
        {"kind": "seance"},
        {"on": "tomorrow"},
        {"on": "2999-01-01"},
        {"on": "0001-01-01"},
        {"on": ""},
        {"form_key": "no key"},
        {"version": "-1"},
        {"version": "99999999999999999999"},
        {"window": "x"},
    ],
)
def test_what_is_wrong_comes_back_with_the_words(client, wrong):
    world = five()
    client.force_login(world.ana)

    answer = client.post(reverse("note_write", args=[world.case.pk]), form() | wrong)

    assert answer.status_code == 422
    assert 'id="errors"' in answer.content.decode()
    assert Note.objects.count() == 0


def test_the_words_are_still_there_when_the_day_was_wrong(client):
    world = five()
    client.force_login(world.ana)

    answer = client.post(reverse("note_write", args=[world.case.pk]), form("Long and dear.", on="2999-01-01"))

    assert "Long and dear." in answer.content.decode()


def test_autosave_keeps_words_encrypted_and_tells_the_next_version(client):
    world = five()
    client.force_login(world.ana)

    sent, first = save(client, world.case, form("We met"))
    _, second = save(client, world.case, sent | {"text": "We met at"})

    assert (first["version"], second["version"]) == (1, 2)
    assert second["words"].startswith("Saved")
    assert texts() == ["We met at"]
    with connection.cursor() as cursor:
        cursor.execute("select fields from micro_draft")
        assert b"We met" not in bytes(cursor.fetchone()[0])


def test_after_a_crash_the_page_comes_back_as_it_was(client):
    world = five()
    client.force_login(world.ana)
    save(client, world.case, form("Half a sentence and"))

    again = client.get(reverse("note_write", args=[world.case.pk])).content.decode()
    case = client.get(reverse("case", args=[world.case.pk])).content.decode()

    assert "Half a sentence and" in again
    assert "You began this note" in again
    assert "You began a note:" in case


def test_an_empty_note_can_be_begun_beside_a_draft(client):
    world = five()
    client.force_login(world.ana)
    save(client, world.case, form("Half a sentence and"))

    empty = client.get(reverse("note_write", args=[world.case.pk]) + "?new").content.decode()

    assert "Half a sentence and" not in empty
    assert "1 other note you began" in empty


@pytest.mark.parametrize("junk", ["", "x", "\x00", "6f1c0e0a-7a3b-4c1d-8e2f-000000000001"])
def test_no_odd_draft_breaks_the_page(client, junk):
    world = five()
    client.force_login(world.ana)

    assert client.get(reverse("note_write", args=[world.case.pk]), {"draft": junk}).status_code == 200


def test_two_windows_on_one_note_are_both_kept_and_both_shown(client):
    world = five()
    client.force_login(world.ana)
    one, _ = save(client, world.case, form("Begun."))
    other = one | {"window": str(uuid4())}

    save(client, world.case, one | {"text": "Begun. From the desk."})
    _, told = save(client, world.case, other | {"text": "Begun. From the phone."})

    assert texts() == ["Begun. From the desk.", "Begun. From the phone."]
    assert "both are kept" in told["words"]
    assert told["form_key"] != one["form_key"]
    shown = client.get(reverse("note_write", args=[world.case.pk])).content.decode()
    assert "This note was also edited in another window; both are kept." in shown


def test_an_answer_lost_on_the_way_makes_no_second_draft(client):
    world = five()
    client.force_login(world.ana)
    sent, _ = save(client, world.case, form("One"))

    save(client, world.case, sent | {"text": "One two"})  # its answer never arrives
    save(client, world.case, sent | {"text": "One two three"})

    assert texts() == ["One two three"]


def test_signing_takes_the_draft_away_in_the_same_breath(client):
    world = five()
    client.force_login(world.ana)
    sent, _ = save(client, world.case, form("All of it."))

    client.post(reverse("note_write", args=[world.case.pk]), sent)

    assert (Note.objects.get().text, Draft.objects.count()) == ("All of it.", 0)


def test_signing_leaves_a_draft_that_another_window_wrote_on(client):
    world = five()
    client.force_login(world.ana)
    one, _ = save(client, world.case, form("Begun."))
    save(client, world.case, one | {"text": "Begun. And more, from the phone.", "window": str(uuid4())})

    client.post(reverse("note_write", args=[world.case.pk]), one | {"text": "Begun. Signed at the desk."})

    assert Note.objects.get().text == "Begun. Signed at the desk."
    assert texts() == ["Begun. And more, from the phone."]


def test_a_second_window_that_signs_other_words_keeps_them_as_a_draft(client):
    world = five()
    client.force_login(world.ana)
    one, _ = save(client, world.case, form("Begun."))
    client.post(reverse("note_write", args=[world.case.pk]), one)

    answer = client.post(
        reverse("note_write", args=[world.case.pk]), one | {"text": "Other words.", "window": str(uuid4())}, follow=True
    )

    assert Note.objects.get().text == "Begun."
    assert texts() == ["Other words."]
    assert "Other words." in answer.content.decode()
    assert "kept as a draft" in answer.content.decode()


def test_a_late_autosave_after_signing_leaves_no_ghost(client):
    world = five()
    client.force_login(world.ana)
    sent, _ = save(client, world.case, form("All of it."))
    client.post(reverse("note_write", args=[world.case.pk]), sent)

    save(client, world.case, sent | {"text": "All of"})

    assert Draft.objects.count() == 0


def test_an_autosave_after_signing_that_holds_more_is_kept(client):
    world = five()
    client.force_login(world.ana)
    sent, _ = save(client, world.case, form("All of it."))
    client.post(reverse("note_write", args=[world.case.pk]), sent)

    save(client, world.case, sent | {"text": "All of it. And this."})

    assert texts() == ["All of it. And this."]


def test_without_script_a_button_saves_the_draft_and_shows_it(client):
    world = five()
    client.force_login(world.ana)

    answer = client.post(reverse("draft_save", args=[world.case.pk]), form("By hand."), follow=True)

    assert "By hand." in answer.content.decode()
    assert texts() == ["By hand."]


@pytest.mark.parametrize(
    "wrong", [{"form_key": "x"}, {"version": "x"}, {"draft_kind": "poem"}, {"window": "x"}, {"text": "x" * 300_000}]
)
def test_a_draft_that_cannot_be_kept_says_so_and_gives_the_words_back(client, wrong):
    world = five()
    client.force_login(world.ana)

    by_script = client.post(reverse("draft_save", args=[world.case.pk]), form() | wrong, **AS_SCRIPT)
    by_button = client.post(reverse("draft_save", args=[world.case.pk]), form() | wrong)

    assert (by_script.status_code, by_button.status_code) == (400, 400)
    assert "open" in by_script.json()["words"]
    assert (form() | wrong)["text"] in by_button.content.decode()
    assert Draft.objects.count() == 0


def test_a_draft_survives_any_bytes(client):
    world = five()
    client.force_login(world.ana)

    save(client, world.case, form("a\x00b \U0001f600 \u202e </textarea><script>"))
    shown = client.get(reverse("note_write", args=[world.case.pk])).content.decode()

    assert "&lt;/textarea&gt;&lt;script&gt;" in shown


def test_nobody_else_can_read_take_or_drop_a_draft(client):
    world = five()
    client.force_login(world.ana)
    sent, _ = save(client, world.case, form("Anas."))
    draft = Draft.objects.get()
    client.force_login(world.ben)

    shown = client.get(reverse("note_write", args=[world.case.pk]), {"draft": sent["form_key"]}).content.decode()
    taken, _ = save(client, world.case, sent | {"text": "Bens."})
    dropped = client.post(reverse("draft_drop", args=[draft.pk]))

    assert "Anas." not in shown
    assert taken["form_key"] != sent["form_key"]
    assert dropped.status_code == 404
    assert texts() == ["Anas.", "Bens."]


def test_a_draft_can_be_thrown_away(client):
    world = five()
    client.force_login(world.ana)
    save(client, world.case, form())

    client.post(reverse("draft_drop", args=[Draft.objects.get().pk]))

    assert Draft.objects.count() == 0
    assert AuditEntry.objects.filter(act="draft.drop").count() == 1


def test_the_key_of_anothers_note_opens_nothing():
    world = five()
    bens = micro.note(world.case, world.ben, text="Bens words")

    with pytest.raises(ChangedMeanwhileError) as refused:
        note_sign(
            case=world.case,
            by=world.ana,
            text="Anas words",
            kind="visit",
            on=timezone.localdate(),
            today=timezone.localdate(),
            form_key=bens.form_key,
        )

    assert "Bens" not in str(refused.value)


def test_an_amendment_stands_beside_the_note_once(client):
    world = five()
    note = micro.note(world.case, world.ana, text="She has two girls.")
    client.force_login(world.ana)
    sent = {"form_key": str(uuid4()), "text": "She has three girls."}

    client.post(reverse("note_amend", args=[note.pk]), sent)
    client.post(reverse("note_amend", args=[note.pk]), sent)

    note.refresh_from_db()
    assert note.text == "She has two girls."
    assert [each.text for each in note.amendments.all()] == ["She has three girls."]
    shown = client.get(reverse("case", args=[world.case.pk])).content.decode()
    assert "Put right by Ana Alvarez" in shown


def test_a_used_key_amends_no_other_note():
    world = five()
    one, other = micro.note(world.case, world.ana), micro.note(world.case, world.ana)
    key = UUID(int=7)
    note_amend(note=one, by=world.ana, text="a", form_key=key)

    with pytest.raises(NotAllowedError):
        note_amend(note=other, by=world.ana, text="b", form_key=key)


@pytest.mark.parametrize("name", ["note_amend", "note_saved"])
def test_dov_gets_404_for_a_note(client, name):
    world = five()
    note = micro.note(world.case, world.ana)
    client.force_login(world.dov)

    assert client.get(reverse(name, args=[note.pk])).status_code == 404


def test_autosave_goes_through_while_the_screen_is_locked(client):
    world = five()
    client.force_login(world.ana)
    session = client.session
    session["lock_locked"] = True
    session.save()

    _, told = save(client, world.case, form("Typed just before."))

    assert told["version"] == 1
    assert texts() == ["Typed just before."]


@pytest.mark.django_db(transaction=True)
def test_on_a_full_disk_nothing_is_lost_and_it_is_said(client, transactional_db):
    world = five()
    client.force_login(world.ana)
    client.get(reverse("note_write", args=[world.case.pk]))
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            pytest.skip("Only SQLite can be told that its disk is full.")
        cursor.execute("vacuum")  # no free page that an earlier test left
        cursor.execute("pragma page_count")
        cursor.execute(f"pragma max_page_count = {cursor.fetchone()[0]}")
    long = "Nothing of this may be lost. " * 3000

    try:
        signed = client.post(reverse("note_write", args=[world.case.pk]), form(long))
        saved = client.post(reverse("draft_save", args=[world.case.pk]), form(long), **AS_SCRIPT)
        by_hand = client.post(reverse("draft_save", args=[world.case.pk]), form(long))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("pragma max_page_count = 1073741823")

    assert (signed.status_code, saved.status_code, by_hand.status_code) == (503, 503, 503)
    for page in (signed, by_hand):
        assert long.strip() in page.content.decode()
        assert "Keep this page open" in page.content.decode()
    assert (Note.objects.count(), Draft.objects.count()) == (0, 0)


def test_a_draft_is_begun_in_the_audit_once_and_not_at_every_save():
    world = five()
    key, window = uuid4(), uuid4()

    for version, text in enumerate(["a", "ab", "abc"]):
        draft_save(
            case=world.case,
            by=world.ana,
            kind="note",
            fields={"text": text},
            form_key=key,
            version=version,
            window=window,
        )

    assert AuditEntry.objects.filter(act="draft.begin").count() == 1
