"""The addresses of accounts: our own pages, and those of allauth's views that a worker needs.

There is no open sign-up, and addresses are kept by administrators: allauth's pages for these are not routed.
"""

from __future__ import annotations

from allauth.account import views as sign_in
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path

from upwell.practice.accounts import views

urlpatterns = [
    path("login/", sign_in.login, name="account_login"),
    path("logout/", sign_in.logout, name="account_logout"),
    path("inactive/", sign_in.account_inactive, name="account_inactive"),
    path("reauthenticate/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("2fa/", second_step.index, name="mfa_index"),
    path("2fa/authenticate/", second_step.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("", views.own_account, name="own_account"),
    path("lock", views.lock_screen, name="lock"),
    path("rights", views.rights, name="rights"),
    path("agency", views.agency, name="agency"),
    path("workers/", views.workers, name="workers"),
    path("workers/invite", views.worker_invite, name="worker_invite"),
    path("workers/<int:worker_id>", views.worker, name="worker"),
    path("workers/<int:worker_id>/switch", views.worker_switch, name="worker_switch"),
    path("workers/<int:worker_id>/new-link", views.worker_new_link, name="worker_new_link"),
    path("workers/invitations/<int:invitation_id>/take-back", views.invitation_take_back, name="invitation_take_back"),
    path("invitation/<str:token>", views.invitation, name="invitation"),
    path("audit", views.audit_page, name="audit"),
    path("audit.csv", views.audit_export, name="audit_export"),
]
