"""How allauth behaves here: accounts are made by invitation alone, and what goes wrong is said in plain words."""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts import audit, lock
from upwell.practice.accounts.models import Worker

MESSAGES = {
    "account/messages/password_changed.txt": _("Your password was changed."),
    "mfa/messages/totp_activated.txt": _("The second step is set up. Keep the recovery codes in a safe place."),
    "mfa/messages/totp_deactivated.txt": _("The second step is off."),
    "mfa/messages/recovery_codes_generated.txt": _("New recovery codes were made. The old ones no longer work."),
}
WRONG = _("The e-mail address or the password is not right. Check both and try again.")


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """No open sign-up; one sentence whether the address, the password or both were wrong."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": WRONG,
        "account_inactive": WRONG,
        "too_many_login_attempts": _("Too many tries. For safety, wait five minutes and try again."),
        "rate_limited": _("Too many tries. Wait a minute and try again."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator invites."""
        return False

    def post_login(self, request: HttpRequest, user: Worker, **about: Any) -> HttpResponse:
        """Open the screen and note who came in."""
        lock.begin(request)
        audit.record(user, "account.sign_in", user)
        response: HttpResponse = super().post_login(request, user, **about)
        return response

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """None: mail may not be set up, and what changed is in the audit."""

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, message: Any = None, **more: Any
    ) -> None:
        """In our words; what the page itself shows needs none."""
        if words := message or MESSAGES.get(message_template or ""):
            messages.add_message(request, level, words)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """The words of the second factor, and its secrets encrypted under the installation's secret key."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not the right code. It changes every half minute: look again."),
    }

    def encrypt(self, text: str) -> str:
        """The secret as it lies in the database."""
        nonce = secrets.token_bytes(12)
        return b64encode(nonce + AESGCM(_key()).encrypt(nonce, text.encode(), None)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        sealed = b64decode(encrypted_text)
        return AESGCM(_key()).decrypt(sealed[:12], sealed[12:], None).decode()


def _key() -> bytes:
    return salted_hmac("upwell.second-factor", "key", algorithm="sha256").digest()
