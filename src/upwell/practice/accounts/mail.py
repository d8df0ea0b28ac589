"""The invitation's e-mail, where mail is set up. The link works once, so it may travel."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from upwell.practice.accounts.models import Invitation

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


def is_set_up() -> bool:
    """Whether this installation can send mail."""
    return bool(settings.EMAIL_BACKEND != NO_MAIL)


def invitation_send(*, invitation: Invitation, address: str) -> bool:
    """Mail the link. False when mail is not set up or did not go out: the link on the page must be handed over."""
    if not is_set_up():
        return False
    text = _(
        "You are invited to work with Upwell at %(agency)s.\n\n"
        "Open this link, choose a password, and you can begin. It works once, for seven days:\n%(address)s\n\n"
        "If you did not expect this, do nothing."
    ) % {"agency": invitation.agency.name, "address": address}
    return send_mail(_("Your invitation to Upwell"), text, None, [invitation.email], fail_silently=True) == 1
