"""Form for a question to macro. Its few free words may hold nothing that points to somebody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upwell.practice.bridge.models import Ask
from upwell.practice.micro import identifiers
from upwell.practice.micro.forms.about import CodedForm
from upwell.practice.micro.forms.parts import chips, day, text_box
from upwell.practice.micro.identifiers import Kind, Names


class AskForm(CodedForm):
    """A question. looked: the asker says that what looks like a name or a number points to nobody.

    A name that stands in the file is refused whatever the asker says.
    """

    kind = chips(_("What do you want to know?"), Ask.Kind.choices)
    words = text_box(
        _("A few words more"),
        limit=300,
        rows=3,
        required=False,
        help_text=_("No names, dates or numbers: the privacy officer reads these words before they go on."),
    )
    needed_by = day(_("Needed by"), required=False)
    looked = forms.BooleanField(label=_("I looked: none of this points to a person"), required=False)
    seen = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(self, *args: Any, names: Names, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        self.names = names
        self.kinds_found: list[Kind] = []

    def clean_needed_by(self) -> Any:  # Any: a day or none
        """A day that is still to come."""
        wanted = self.cleaned_data["needed_by"]
        if wanted is not None and wanted < self.today:
            raise forms.ValidationError(_("This day is over. Choose one that is still to come, or none."))
        return wanted

    def clean(self) -> dict[str, Any]:
        """Refuse words that point to somebody; only guesses may be overruled."""
        cleaned = super().clean()
        found = {each.kind for each in identifiers.find(str(cleaned.get("words") or ""), self.names)}
        self.kinds_found = [kind for kind in Kind if kind in found]
        refused = [kind for kind in self.kinds_found if kind in identifiers.KNOWN or not cleaned.get("looked")]
        if refused:
            kinds = ", ".join(str(kind.label) for kind in refused)
            self.add_error("words", _("These words hold %(kinds)s. Say it without, and ask again.") % {"kinds": kinds})
        return cleaned

    def may_overrule(self) -> bool:
        """Whether what was found are guesses alone, which the asker may call wrong."""
        return bool(self.kinds_found) and not identifiers.KNOWN.intersection(self.kinds_found)
