"""Changing persons, their households, consents, safe contacts and portal codes. One verb each, audited."""

from upwell.practice.person.actions.consent import (
    consent_decline,
    consent_expire,
    consent_give,
    consent_offer,
    consent_revoke,
)
from upwell.practice.person.actions.contact import contact_confirm, contact_keep
from upwell.practice.person.actions.people import household_set, person_add, person_change
from upwell.practice.person.actions.portal import portal_issue, portal_miss, portal_open, portal_shut

__all__ = [
    "consent_decline",
    "consent_expire",
    "consent_give",
    "consent_offer",
    "consent_revoke",
    "contact_confirm",
    "contact_keep",
    "household_set",
    "person_add",
    "person_change",
    "portal_issue",
    "portal_miss",
    "portal_open",
    "portal_shut",
]
