"""One form, one row: what holds for every act whose form carries a key."""

from __future__ import annotations

from django.utils.translation import gettext as _

from upwell.practice.accounts.models import Worker
from upwell.practice.errors import NotAllowedError
from upwell.practice.micro.models import Case, Entry, Goal, Referral


def check_own_form(row: Entry | Goal | Referral, case: Case, by: Worker) -> None:
    """Raise NotAllowedError when the key of a form belongs to something that another case or worker wrote."""
    if row.case_id != case.pk or row.by_id != by.pk:
        raise NotAllowedError(_("This form was used already. Open the page again and send it from there."))
