"""Pages of the environment: what people live among. Everybody reads it; some keep it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.environment import actions, queries
from upwell.practice.environment.forms import (
    PlaceForm,
    PolicyChangeForm,
    PolicyForm,
    SearchForm,
    ServiceForm,
    SystemForm,
)

SHOWN = 50


@may("environment.see")
def environment(request: WorkerRequest) -> HttpResponse:
    """Institutions, services and policies, with a search box."""
    form = SearchForm(request.GET or None)
    words = form.words()
    found = {
        "policies": queries.policies(words),
        "systems": queries.systems(words),
        "services": queries.services(words),
    }
    lists = {name: {"rows": rows[:SHOWN], "of": rows.count()} for name, rows in found.items()}
    return render(request, "environment/environment.html", {"form": form, "words": words, "shown": SHOWN, **lists})


@may("environment.see")
def policy(request: WorkerRequest, policy_id: UUID) -> HttpResponse:
    """One policy and its history."""
    found = queries.policy_for(policy_id)
    facts = {"policy": found, "history": queries.policy_history(found), "form": PolicyChangeForm()}
    return render(request, "environment/policy.html", facts)


@may("environment.keep")
def policy_step(request: WorkerRequest, policy_id: UUID) -> HttpResponse:
    """Add what happened to a policy."""
    found = queries.policy_for(policy_id)
    form = PolicyChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.policy_change_add(policy=found, by=request.user, today=timezone.localdate(), **form.cleaned_data)
        messages.success(request, _("Added to the history."))
        return redirect("policy", policy_id)
    facts = {"policy": found, "history": queries.policy_history(found), "form": form}
    return render(request, "environment/policy.html", facts)


@may("environment.see")
def system(request: WorkerRequest, system_id: UUID) -> HttpResponse:
    """One institution, what it offers and the policies it applies."""
    found = queries.system_for(system_id)
    facts = {
        "system": found,
        "services": queries.services().filter(system=found),
        "policies": queries.policies().filter(system=found),
    }
    return render(request, "environment/system.html", facts)


@may("environment.keep")
def places(request: WorkerRequest) -> HttpResponse:
    """Every place, and a way to add one."""
    return render(request, "environment/places.html", {"places": queries.places()})


@may("environment.keep")
def place_add(request: WorkerRequest) -> HttpResponse:
    """Add a place."""
    form = PlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.place_add(by=request.user, **form.cleaned_data)
        return redirect("places")
    return _form_page(request, form, _("Add a place"))


@may("environment.keep")
def place_change(request: WorkerRequest, place_id: int) -> HttpResponse:
    """Correct a place."""
    form = PlaceForm(request.POST or None, instance=queries.place_for(place_id))
    if request.method == "POST" and form.is_valid():
        actions.place_change(place=queries.place_for(place_id), by=request.user, **form.cleaned_data)
        return redirect("places")
    return _form_page(request, form, _("Correct a place"))


@may("environment.keep")
def system_add(request: WorkerRequest) -> HttpResponse:
    """Add an institution."""
    form = SystemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("system", actions.system_add(by=request.user, **form.cleaned_data).pk)
    return _form_page(request, form, _("Add an institution"))


@may("environment.keep")
def system_change(request: WorkerRequest, system_id: UUID) -> HttpResponse:
    """Correct an institution."""
    form = SystemForm(request.POST or None, instance=queries.system_for(system_id))
    if request.method == "POST" and form.is_valid():
        actions.system_change(system=queries.system_for(system_id), by=request.user, **form.cleaned_data)
        return redirect("system", system_id)
    return _form_page(request, form, _("Correct an institution"))


@may("environment.keep")
def service_add(request: WorkerRequest) -> HttpResponse:
    """Add a service."""
    form = ServiceForm(request.POST or None, initial={"system": request.GET.get("system", "")[:36]})
    if request.method == "POST" and form.is_valid():
        return redirect("system", actions.service_add(by=request.user, **form.cleaned_data).system_id)
    return _form_page(request, form, _("Add a service"))


@may("environment.keep")
def service_change(request: WorkerRequest, service_id: UUID) -> HttpResponse:
    """Correct a service."""
    form = ServiceForm(request.POST or None, instance=queries.service_for(service_id))
    if request.method == "POST" and form.is_valid():
        changed = actions.service_change(service=queries.service_for(service_id), by=request.user, **form.cleaned_data)
        return redirect("system", changed.system_id)
    return _form_page(request, form, _("Correct a service"))


@may("environment.keep")
def policy_add(request: WorkerRequest) -> HttpResponse:
    """Add a policy."""
    form = PolicyForm(request.POST or None, initial={"system": request.GET.get("system", "")[:36]})
    if request.method == "POST" and form.is_valid():
        return redirect("policy", actions.policy_add(by=request.user, **form.cleaned_data).pk)
    return _form_page(request, form, _("Add a policy"))


@may("environment.keep")
def policy_change(request: WorkerRequest, policy_id: UUID) -> HttpResponse:
    """Correct how a policy is described."""
    form = PolicyForm(request.POST or None, instance=queries.policy_for(policy_id))
    if request.method == "POST" and form.is_valid():
        actions.policy_change(policy=queries.policy_for(policy_id), by=request.user, **form.cleaned_data)
        return redirect("policy", policy_id)
    return _form_page(request, form, _("Correct a policy"))


def _form_page(request: WorkerRequest, form: forms.BaseForm, heading: str) -> HttpResponse:
    return render(request, "environment/form.html", {"form": form, "heading": heading})
