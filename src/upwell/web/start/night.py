"""The demo's nights: each press of the button is one, whatever the clock says."""

from __future__ import annotations

from django.utils import timezone

from upwell.practice.micro.crossing import pending
from upwell.practice.micro.crossing.gather import today_of
from upwell.web.start import scene


def pass_now() -> None:
    """Gather in the agency of the story; the job worker does it, and delivers what waits, within seconds."""
    agency = scene.worker("ana").agency
    if agency is not None:
        pending.again(kind="gather", agency=agency, target="", on=today_of(agency))
    pending.sweep(timezone.now())
