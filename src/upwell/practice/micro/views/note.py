"""Notes: write, keep as a draft, sign, and put right beside what was signed."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upwell.practice.accounts import audit
from upwell.practice.accounts.lock import keeps_while_locked
from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.refused import said_on
from upwell.practice.errors import ChangedMeanwhileError
from upwell.practice.micro.actions import note as actions
from upwell.practice.micro.forms.note import AmendForm, DraftForm, NoteForm, initial_of
from upwell.practice.micro.models import Case, Draft, Note
from upwell.practice.micro.queries.case import case_for, cases_for
from upwell.practice.micro.queries.left import own_draft
from upwell.practice.micro.queries.written import drafts_for, note_for
from upwell.practice.micro.views.left import PAGES, keeps_what_was_typed


@may("note.write")
@keeps_what_was_typed
def note_write(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """One big box. What was begun is there again; nothing is lost when the browser or the server dies."""
    case = case_for(request.user, case_id)
    if request.method == "POST":
        return _sign(request, case)
    drafts = list(drafts_for(request.user, "note").filter(case=case))
    draft = _chosen(drafts, request.GET.get("draft", ""), starts_empty="new" in request.GET)
    begun = {"on": timezone.localdate(), "kind": Note.Kind.MEETING}
    form = NoteForm(
        initial=begun | (initial_of(draft) if draft else {}) | {"window": uuid4()}, today=timezone.localdate()
    )
    audit.look(request.user, "note.begin", case, subject=case.person_id)
    return _page(request, case, form, draft=draft, others=[each for each in drafts if each != draft])


@may("note.write")
@keeps_while_locked
@require_POST
@keeps_what_was_typed
def draft_save(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """Keep what is being written: for the page's own script as JSON, for a button as the page again."""
    case = case_for(request.user, case_id)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _not_kept(request, case, _("This cannot be kept as a draft. Keep this page open."), 400)
    try:
        draft = actions.draft_save(case=case, by=request.user, **form.told())
    except OperationalError:
        return _not_kept(request, case, _not_saved(), 503)
    if _is_script(request):
        return JsonResponse(_kept(draft))
    return redirect(f"{reverse(PAGES[draft.kind], args=[case.pk])}?draft={draft.form_key}")


@may("note.write")
@require_POST
def draft_drop(request: WorkerRequest, draft_id: int) -> HttpResponse:
    """Throw away what was begun."""
    draft = own_draft(request.user, draft_id)
    actions.draft_drop(draft=draft, by=request.user)
    messages.success(request, _("The draft was thrown away."))
    may_open = cases_for(request.user).filter(pk=draft.case_id).exists()
    return redirect("case", draft.case_id) if may_open else redirect("today")


@may("note.write")
def note_saved(request: WorkerRequest, note_id: UUID) -> HttpResponse:
    """The one question after every note: is a rule or practice behind this?"""
    note = note_for(request.user, note_id)
    return render(request, "micro/note_saved.html", {"case": note.case, "note": note})


@may("note.write")
def note_amend(request: WorkerRequest, note_id: UUID) -> HttpResponse:
    """A correction beside a note."""
    note = note_for(request.user, note_id)
    form = AmendForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            actions.note_amend(note=note, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your correction stands beside the note."))
            return redirect("case", note.case_id)
    audit.look(request.user, "note.open", note, subject=note.case.person_id)
    return render(request, "micro/note_amend.html", {"case": note.case, "note": note, "form": form})


def _sign(request: WorkerRequest, case: Case) -> HttpResponse:
    form = NoteForm(request.POST, today=timezone.localdate())
    status = 422
    if form.is_valid():
        try:
            note = actions.note_sign(case=case, by=request.user, today=form.today, **form.cleaned_data)
        except ChangedMeanwhileError as error:
            return _keep_beside(request, case, form, str(error))
        except OperationalError:  # the disk is full, or the database is gone for the moment
            form.add_error(None, _not_saved())
            status = 503
        else:
            return redirect("note_saved", note.pk)
    return _page(request, case, form, status=status)


def _keep_beside(request: WorkerRequest, case: Case, form: NoteForm, why: str) -> HttpResponse:
    """Another window signed this note with other words: what came now becomes a draft of its own."""
    written = {name: str(form.data.get(name, "")) for name in ("text", "kind", "on")}
    kept = actions.draft_save(
        case=case, by=request.user, kind="note", fields=written, form_key=uuid4(), version=0, window=None
    )
    messages.warning(request, why)
    return redirect(f"{reverse('note_write', args=[case.pk])}?draft={kept.form_key}")


def _not_kept(request: WorkerRequest, case: Case, why: str, status: int) -> HttpResponse:
    """A draft could not be kept: the page's script hears why; a button's page comes back with every word in it."""
    if _is_script(request):
        return JsonResponse({"words": why}, status=status)
    form = NoteForm(request.POST, today=timezone.localdate())
    form.add_error(None, why)
    return _page(request, case, form, status=status)


def _is_script(request: WorkerRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _page(
    request: WorkerRequest,
    case: Case,
    form: NoteForm,
    *,
    draft: Draft | None = None,
    others: list[Draft] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"case": case, "form": form, "draft": draft, "others": others or [], "today": timezone.localdate()}
    return render(request, "micro/note_write.html", context, status=status)


def _chosen(drafts: list[Draft], key: str, *, starts_empty: bool) -> Draft | None:
    """The draft asked for, or else the newest: who comes back after a crash finds the page as it was."""
    for draft in drafts:
        if str(draft.form_key) == key:
            return draft
    return drafts[0] if drafts and not starts_empty else None


def _kept(draft: Draft) -> dict[str, object]:
    when = date_format(timezone.localtime(draft.saved_at), "TIME_FORMAT")
    forked = _("This note was also edited in another window; both are kept. Saved %(time)s.") % {"time": when}
    words = forked if draft.fork_of else _("Saved %(time)s, not yet signed.") % {"time": when}
    return {"form_key": str(draft.form_key), "version": draft.version, "words": words}


def _not_saved() -> str:
    return _(
        "This could not be saved: the server cannot write at the moment. Your words are still here. "
        "Keep this page open, and try again in a minute."
    )
