"""Forms of bringing a caseload in: the files, and into which team and whose hands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upwell.practice.accounts.models import Team, Worker
from upwell.practice.micro.queries import caseload as queries

MOST_FILES = 40
Upload: TypeAlias = "UploadedFile[Any]"


class ManyFilesInput(forms.ClearableFileInput):
    """A file box that takes several."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class ManyFilesField(forms.FileField):
    """Several files at once."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:  # Any: Django's own signature
        """Each as a file field would."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(each, initial) for each in given[: MOST_FILES + 1] or [None]]


class UploadForm(forms.Form):
    """The export: one zip, or its CSV files."""

    export = ManyFilesField(
        label=gettext_lazy("The export: one zip, or its CSV files"),
        help_text=gettext_lazy("What your HMIS calls a HUD CSV export, with names (not hashed)."),
        error_messages={"empty": gettext_lazy("This file is empty. Export it again.")},
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        # an upload that was stopped at the limit leaves no file at all
        self.fields["export"].error_messages["required"] = _(
            "Choose the file that your HMIS wrote, of at most %(megabytes)s megabytes."
        ) % {"megabytes": settings.UPWELL_UPLOAD_BYTES // 1_000_000}

    def clean_export(self) -> list[Upload]:
        """Not too many, not too much."""
        files: list[Upload] = self.cleaned_data["export"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("These are too many files. Choose the zip that your HMIS wrote."))
        if sum(file.size or 0 for file in files) > settings.UPWELL_UPLOAD_BYTES:
            megabytes = settings.UPWELL_UPLOAD_BYTES // 1_000_000
            raise forms.ValidationError(
                _("This is more than %(megabytes)s megabytes. Export a shorter period, or ask who runs this server.")
                % {"megabytes": megabytes}
            )
        return files


class ApplyForm(forms.Form):
    """Into which team, and who takes the cases of each programme."""

    def __init__(self, *args: Any, worker: Worker, programmes: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self._programmes = list(programmes)
        teams = queries.teams_for(worker)
        self.fields["team"] = forms.ModelChoiceField(
            teams, label=_("Which team gets these cases"), empty_label=None, initial=teams.first()
        )
        workers = queries.case_workers(worker)
        for number, programme in enumerate(self._programmes):
            self.fields[f"worker_{number}"] = forms.ModelChoiceField(
                workers,
                required=False,
                label=programme or _("Cases without a programme"),
                empty_label=_("Nobody yet: the supervisor gives them out"),
            )

    @property
    def by_programme(self) -> list[forms.BoundField]:
        """The fields that ask for a worker."""
        return [self[f"worker_{number}"] for number in range(len(self._programmes))]

    @property
    def team(self) -> Team:
        """The chosen team."""
        team: Team = self.cleaned_data["team"]
        return team

    @property
    def workers(self) -> dict[str, Worker]:
        """Programme -> who takes its cases."""
        chosen = {name: self.cleaned_data[f"worker_{number}"] for number, name in enumerate(self._programmes)}
        return {name: worker for name, worker in chosen.items() if worker}
