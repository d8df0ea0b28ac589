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
    "public-health-scotland": _(
        "No count from 1 to 9, and no group in which nobody or everybody is "
        "affected, is shown or can be worked out from what is shown."
    ),
    "washington-doh": _(
        "No count from 1 to 9 is shown or can be worked out from what is "
        "shown; rates made from such counts are withheld as well."
    ),
}
"""Name of a protection -> its promise. A test holds it against the protections themselves."""
