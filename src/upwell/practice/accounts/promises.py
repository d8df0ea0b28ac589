"""What each protection promises, in words that are translated; its numbers stand beside the gate."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROMISES: dict[str, str | Promise] = {
    "cms": _(
        "No count from 1 to 10 is shown or can be worked out from what is "
        "shown, by percentages, formulas or excluded cases."
    ),
    "ferpa": _(
        "No count from 1 to 9 is shown or can be worked out from what is shown, as is usual for education records."
    ),
    "full": _(
        "Counts from 0 to 10 are hidden, and each hidden count may be anything "
        "from 0 to 10, as far as what is shown can tell."
    ),
    "hmis-agency": _("No count from 1 to 10 is shown or can be worked out from what is shown."),
    "magnitudes": _(
        "No count from 1 to 10, and no sum that 1 to 10 people make up or that one of them dominates, is shown or can "
        "be worked out from what is shown."
    ),
    "public-health-scotland": _(
        "No count from 1 to 9, and no group in which nobody or everybody is "
        "affected, is shown or can be worked out from what is shown."
    ),
    "sud": _(
        "Counts from 0 to 10, and groups in which nobody or everybody is affected, are hidden, and each hidden count "
        "from 0 to 10 may be anything from 0 to 10, as far as what is shown can tell."
    ),
    "victim-services": _(
        "Counts from 0 to 10 are hidden, and each of them may be anything from 0 to 10, as far as what is shown can "
        "tell. No provider, programme or place finer than a county is named."
    ),
    "washington-doh": _(
        "No count from 1 to 9 is shown or can be worked out from what is "
        "shown; rates made from such counts are withheld as well."
    ),
}
"""Name of a protection -> its promise. A test holds it against the protections themselves."""
