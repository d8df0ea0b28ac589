"""The forms of macro: what each asks, how long it may be, and what goes with what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypedDict
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upwell.practice.bridge.actions.measure import MeasureFields
from upwell.practice.bridge.models import Issue, Stage
from upwell.practice.bridge.stages import order
from upwell.practice.environment.models import Policy
from upwell.practice.macro.actions import DecisionFields, ProjectFields, ProposalFields
from upwell.practice.macro.models import AideAction, LobbyingClass, Project, Proposal, Target
from upwell.practice.macro.queries import QuestionOffered
from upwell.practice.macro.rules import LOBBYING_HELP

EVERYONE = ""


def text(label: Any, longest: int, rows: int = 3, **more: Any) -> forms.CharField:
    """A box of several lines. longest: characters."""
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **more)


def day(label: Any, **more: Any) -> forms.DateField:
    """A date, picked or typed."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


class OnceForm(forms.Form):
    """A form that works once: sent twice, it makes one row."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_key"].initial = uuid4


class WordForm(forms.Form):
    """What everyone who raised the issue will hear."""

    words = text(
        _("What everyone who raised it will hear"),
        500,
        help_text=_("Short and plain. Workers read it, and clients who agreed to be told."),
    )
    what_next = forms.CharField(label=_("What comes next"), max_length=200, required=False)


class MoveForm(WordForm):
    """Where an issue goes, and what is said about it. seen: the stage that was shown."""

    to = forms.ChoiceField(label=_("Where does it stand now?"))
    is_loss = forms.BooleanField(
        label=_("This is a loss"), required=False, help_text=_("It will be told as one. People notice when it is not.")
    )
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)
    field_order = ("to", "words", "what_next", "is_loss", "seen")

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [  # type: ignore[attr-defined]  # a ChoiceField, as declared above
            (key, _("It stays here; only word goes back") if key == issue.stage else Stage(key).label)
            for key in order()
            if key != Stage.CONCERN
        ]
        self.fields["seen"].initial = issue.stage
        self.fields["to"].initial = issue.stage


class ParkForm(forms.Form):
    """Until when an issue rests, and what is said about it."""

    review_on = day(_("Look at it again on"))
    words = text(_("What everyone who raised it will hear"), 500, help_text=_("Say why it rests, and until when."))


class ProjectForm(OnceForm):
    """A project and its declared measure. question: the one that was chosen on the page."""

    title = forms.CharField(label=_("Name of the project"), max_length=120)
    goal = forms.CharField(label=_("Goal"), max_length=300, help_text=_("What will be different, and for whom?"))
    how = text(
        _("How it should work"),
        1500,
        5,
        required=False,
        help_text=_("If we do this, then that will change, because ... Name what must be true for it."),
    )
    risks = text(_("What could go wrong, or do harm"), 1000, required=False)
    starts_on = day(_("Start"))
    question = forms.CharField(max_length=80, widget=forms.HiddenInput)
    group = forms.ChoiceField(label=_("Whose share do we watch?"), required=False)
    reference = forms.ChoiceField(label=_("Compared with"), required=False)
    before_from = day(_("Time before: from"))
    before_to = day(_("Time before: to"))
    after_from = day(_("Time after: from"))
    after_to = day(_("Time after: to"))
    smallest = forms.DecimalField(
        label=_("Smallest change that counts, in percentage points"),
        min_value=Decimal("0.5"),
        max_value=Decimal(100),
        max_digits=4,
        decimal_places=1,
        initial=5,
        help_text=_("From 40 % to 35 % is 5 points. Say it now, so that nobody can move the line later."),
    )
    due_on = day(_("The answer is due on"))

    def __init__(self, *args: Any, offered: QuestionOffered, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = _usual_times(today) | {"question": offered.name} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.offered = offered
        self._known = {group.key: group for group in offered.groups}
        groups = _grouped(offered)
        self.fields["group"].choices = [(EVERYONE, _("Everyone who was asked")), *groups]  # type: ignore[attr-defined]
        self.fields["reference"].choices = [(EVERYONE, _("Nobody: before and after only")), *groups]  # type: ignore[attr-defined]

    def clean_question(self) -> str:
        """The question must be the one whose groups are offered: a form made up by hand names another."""
        if self.cleaned_data["question"] != self.offered.name:
            raise forms.ValidationError(_("Choose a question that stands in a release of this issue."))
        return self.offered.name

    def clean(self) -> dict[str, Any]:
        """A reference stands in the same table as the group, and is another row of it."""
        cleaned = super().clean() or self.cleaned_data
        group, reference = cleaned.get("group", ""), cleaned.get("reference", "")
        if reference and not group:
            self.add_error("group", _("Name whose share is compared."))
        elif reference and self._known[group].column != self._known[reference].column:
            self.add_error("reference", _("Compare within one list: two places, or two ages."))
        return cleaned

    def plan(self) -> ProjectFields:
        """What the project wants, from a form that is valid."""
        names = ("title", "goal", "how", "risks", "starts_on", "due_on")
        return ProjectFields(**{name: self.cleaned_data[name] for name in names})

    def measure(self) -> MeasureFields:
        """What is measured, from a form that is valid."""
        cleaned = self.cleaned_data
        group, reference = self._known.get(cleaned["group"]), self._known.get(cleaned["reference"])
        return {
            "before_from": cleaned["before_from"],
            "before_to": cleaned["before_to"],
            "after_from": cleaned["after_from"],
            "after_to": cleaned["after_to"],
            "question": self.offered.name,
            "question_words": self.offered.words[:200],
            "column": group.column if group else "",
            "group": group.label if group else "",
            "reference": reference.label if reference else "",
            "smallest": float(cleaned["smallest"]) / 100,
        }


def project_initial(project: Project, offered: QuestionOffered) -> dict[str, Any]:
    """What a form for changing a project begins with."""
    names = ("title", "goal", "how", "risks", "starts_on", "due_on", "form_key")
    begin: dict[str, Any] = {name: getattr(project, name) for name in names}
    measure = project.measure
    if measure is None or measure.question != offered.name:
        return begin
    keys = {(group.column, group.label): group.key for group in offered.groups}
    times = {name: getattr(measure, name) for name in ("before_from", "before_to", "after_from", "after_to")}
    return (
        begin
        | times
        | {
            "group": keys.get((measure.column, measure.group), ""),
            "reference": keys.get((measure.column, measure.reference), ""),
            "smallest": round(measure.smallest * 100, 1),
        }
    )


def _grouped(offered: QuestionOffered) -> list[tuple[str, list[tuple[str, str]]]]:
    columns: dict[str, list[tuple[str, str]]] = {}
    for group in offered.groups:
        columns.setdefault(group.column, []).append((group.key, group.label))
    return list(columns.items())


def _usual_times(today: date) -> dict[str, Any]:
    """A year before the first of next month, a year after, and an answer a month later."""
    start = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    end = start.replace(year=start.year + 1)
    return {
        "starts_on": start,
        "before_from": start.replace(year=start.year - 1),
        "before_to": start - timedelta(days=1),
        "after_from": start,
        "after_to": end - timedelta(days=1),
        "due_on": (end + timedelta(days=32)).replace(day=1),
    }


class NewOffice(TypedDict):
    """An office that was not in the list (see Target)."""

    office: str
    role: str
    holder: str


class ProposalForm(OnceForm):
    """One ask to one office about one policy."""

    ask = forms.CharField(
        label=_("The ask, in one sentence"),
        max_length=300,
        help_text=_("One thing that one office can do. For example: accept a receipt until the certificate is there."),
    )
    policy = forms.ModelChoiceField(
        label=_("The law, rule or practice it would change"), queryset=Policy.objects.none(), empty_label=_("Choose")
    )
    target = forms.ModelChoiceField(
        label=_("Who is asked"), queryset=Target.objects.none(), required=False, empty_label=_("Choose")
    )
    office = forms.CharField(label=_("Not in the list: the office"), max_length=160, required=False)
    role = forms.CharField(
        label=_("Not in the list: the role in it"),
        max_length=120,
        required=False,
        help_text=_("A role that decides, such as chair of the health committee."),
    )
    holder = forms.CharField(
        label=_("Who holds that role now"), max_length=120, required=False, help_text=_("Only what is public.")
    )
    why = text(_("Why this would help"), 400, required=False)
    cost = forms.CharField(label=_("What it costs or saves, with the source"), max_length=300, required=False)
    show_cost = forms.BooleanField(label=_("Show the cost to the office"), required=False, initial=True)
    equity = forms.CharField(label=_("Who gains most, and could anybody lose?"), max_length=300, required=False)
    limits = forms.CharField(
        label=_("What we do not know"), max_length=500, help_text=_("Say it yourself, before others do.")
    )
    contact = forms.CharField(
        label=_("How the office reaches the agency"),
        max_length=200,
        help_text=_("The agency's own number or address, never a worker's."),
    )
    lobbying = forms.ChoiceField(label=_("How do the tax rules see this ask?"), widget=forms.RadioSelect)
    lobbying_why = forms.CharField(label=_("Why that class"), max_length=200, required=False)

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["policy"].queryset = Policy.objects.all()  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["target"].queryset = offices  # type: ignore[attr-defined]
        self.fields["lobbying"].choices = lobbying_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Exactly one office: one of the list, or a new one with its role."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("target") and not (cleaned.get("office") and cleaned.get("role")):
            self.add_error("target", _("Choose who is asked, or name an office and a role."))
        return cleaned

    def new_office(self) -> NewOffice | None:
        """The office that was typed; None when one of the list was chosen."""
        cleaned = self.cleaned_data
        if cleaned["target"]:
            return None
        return {"office": cleaned["office"], "role": cleaned["role"], "holder": cleaned["holder"]}

    def asked_of(self, target: Target) -> ProposalFields:
        """The proposal to that office, from a form that is valid."""
        names = [name for name in ProposalFields.__dataclass_fields__ if name != "target"]
        return ProposalFields(target=target, **{name: self.cleaned_data[name] for name in names})


def lobbying_choices() -> Sequence[tuple[str, Any]]:
    """The classes with what they mean."""
    says = gettext("{name}: {meaning}")
    return [(key, says.format(name=label, meaning=LOBBYING_HELP[key])) for key, label in LobbyingClass.choices]


class DeliverForm(WordForm):
    """The day a proposal was handed over."""

    on = day(_("Delivered on"))
    field_order = ("on", "words", "what_next")


class BringForm(WordForm):
    """The number under which it lies before officials."""

    formal_id = forms.CharField(
        label=_("Formal number"), max_length=80, help_text=_("Bill, docket, agenda item or budget line.")
    )
    field_order = ("formal_id", "words", "what_next")


class DecideForm(WordForm):
    """What was decided."""

    decision = forms.ChoiceField(
        label=_("What was decided?"), choices=Proposal.Decision.choices, widget=forms.RadioSelect
    )
    decided_on = day(_("On which day"))
    official_record = forms.CharField(
        label=_("Official record"),
        max_length=300,
        required=False,
        help_text=_("Where it is written: journal, minutes, address."),
    )
    our_reading = text(
        _("Our reading of it"), 1000, required=False, help_text=_("What it changes, and what it leaves as it was.")
    )
    field_order = ("decision", "decided_on", "official_record", "our_reading", "words", "what_next")

    def made(self) -> DecisionFields:
        """The decision, from a form that is valid."""
        return DecisionFields(**{name: self.cleaned_data[name] for name in DecisionFields.__dataclass_fields__})


class ContactForm(OnceForm):
    """One contact with the office that is asked."""

    on = day(_("On which day"))
    words = forms.CharField(label=_("What was said"), max_length=500, help_text=_("Nothing about any client."))
    hours = forms.DecimalField(
        label=_("Hours of paid time"), min_value=0, max_value=999, max_digits=6, decimal_places=2
    )
    cost = forms.DecimalField(
        label=_("Cost in dollars, pay included"),
        min_value=0,
        max_value=Decimal("9999999"),
        max_digits=10,
        decimal_places=2,
    )
    lobbying = forms.ChoiceField(label=_("How do the tax rules see it?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lobbying"].choices = lobbying_choices()  # type: ignore[attr-defined]  # a ChoiceField


class SpendingForm(forms.Form):
    """What the agency spends in a year, to know what may go to lobbying."""

    spent = forms.DecimalField(
        label=_("What the agency spends on its purpose in a year, in dollars"),
        min_value=0,
        max_value=Decimal("99999999999"),
        max_digits=13,
        decimal_places=2,
        required=False,
    )


class AskForm(OnceForm):
    """What an aide asks."""

    words = text(_("Your question"), 500, help_text=_("Answered on this page within two working days."))


class ActForm(OnceForm):
    """What an office did."""

    kind = forms.ChoiceField(label=_("What was done?"), choices=AideAction.Kind.choices, widget=forms.RadioSelect)
    words = forms.CharField(label=_("More about it"), max_length=300, required=False)


class AnswerForm(forms.Form):
    """The answer to an aide's question."""

    words = text(_("Your answer"), 2000, 5, help_text=_("It stands on the office's page. Name no client and no case."))


class ConfirmForm(forms.Form):
    """What is told when an office's act is confirmed."""

    words = text(_("What everyone who raised it will hear"), 500)
    formal_id = forms.CharField(
        label=_("Formal number, if it has one"),
        max_length=80,
        required=False,
        help_text=_("With it the issue moves on: it lies before officials."),
    )
