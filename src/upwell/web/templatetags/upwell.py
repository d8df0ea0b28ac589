"""What our templates need beyond Django's: rights, fields with their label, help and error, and plain dates."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context

from upwell.practice.accounts.models import Worker
from upwell.practice.accounts.permissions import holds

register = template.Library()


@register.simple_tag(takes_context=True)
def can(context: Context, right: str) -> bool:
    """Whether the signed-in worker holds a right: `{% can "goal.write" as may_write %}`."""
    worker = getattr(context.get("request"), "user", None)
    return isinstance(worker, Worker) and holds(worker.roles, right)


@register.inclusion_tag("_field.html")
def field(bound: BoundField, **attributes: Any) -> dict[str, Any]:
    """A form field: label above, help under it, error beside it. attributes: further HTML attributes, _ as -."""
    about = [f"{bound.auto_id}_help"] if bound.help_text else []
    about += [f"{bound.auto_id}_error"] if bound.errors else []
    extra: dict[str, Any] = {name.replace("_", "-"): value for name, value in attributes.items()}
    if about:
        extra["aria-describedby"] = " ".join(about)
    if bound.errors:
        extra["aria-invalid"] = "true"
    drawn = bound.field.widget
    kind = getattr(drawn, "input_type", "") or type(drawn).__name__.lower()
    group = kind == "radio" or (kind == "checkbox" and bool(getattr(drawn, "allow_multiple_selected", False)))
    return {"field": bound, "widget": bound.as_widget(attrs=extra), "kind": kind, "group": group}


@register.inclusion_tag("_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """The summary of a form's errors for the top of the page, each linked to its field."""
    return {"form": form}
