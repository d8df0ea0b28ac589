"""The words of levers.toml once more, so that they are translated: the table is data, the catalogues read Python.

A release holds the English words; pages translate them as they show them.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

LEVER_WORDS: tuple[str, ...] = (
    _("The service does not exist here."),
    _("Programme development, budget"),
    _("Assess needs and assets."),
    _("There is a waiting list, a cap, no beds."),
    _("Budget advocacy"),
    _("Collect figures on capacity."),
    _("The person falls outside a rule."),
    _("Statute, regulation or waiver"),
    _("Comment on the rule, or propose a bill."),
    _("The person is entitled but was refused."),
    _("Case advocacy, appeal, administrative advocacy"),
    _("Appeal first; look for the pattern second."),
    _("It takes longer than the due time."),
    _("Administrative standard, oversight"),
    _("Bring data on waiting times to the agency in charge."),
    _("Fees, rent, copay or travel cost too much."),
    _("Budget, fee rule, rent or price policy"),
    _("Collect data on costs."),
    _("Language, disability, distance, hours or the web stand in the way."),
    _("Access plan, civil-rights duty"),
    _("Ask the agency in charge."),
    _("Discrimination or stigma."),
    _("Civil-rights enforcement, training, duty to keep data"),
    _("File a complaint, with consent."),
    _("The service harms, or its quality is low."),
    _("Licensing, contract standards"),
    _("Report where a report is due."),
    _("Hand-offs fail, rules conflict."),
    _("Interagency agreement"),
    _("Bring the parties together."),
    _("Nobody told the person."),
    _("Education, outreach"),
    _("Hold a session; make materials."),
    _("The person chose otherwise."),
    _("None: self-determination"),
    _("Record it with respect; it is not counted as a need."),
    _("Our own rule, form or hours."),
    _("Internal policy change"),
    _("Fix it at home before asking others."),
)
"""Every text of the table; a test holds the two against each other."""
