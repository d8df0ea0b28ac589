"""Reading persons: by name through the blind index, and what they have agreed to, asked at the moment of use."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from upwell.practice.accounts.models import Agency
from upwell.practice.person import index, rules
from upwell.practice.person.models import Consent, ContactSent, NameToken, Person, SafeContact

MOST_WORDS = 6
"""Words of a search that are looked at; nobody has more, and each costs a look into the index."""


def people_named(agency: Agency, words: str) -> QuerySet[Person]:
    """People of an agency whose names hold every word, or a word that begins so. Restricted files are hidden.

    One query, one look into the index a word; nobody when there is no word.
    """
    looked_for = index.words(words)[:MOST_WORDS]
    if not looked_for:
        return Person.objects.none()
    # no filter on the person's own agency: it would lead SQLite to walk through all of them. A token is the agency's.
    people = Person.objects.exclude(state=Person.State.RESTRICTED)
    for word in looked_for:
        held = NameToken.objects.filter(agency=agency, token=index.token(agency.pk, word))
        people = people.filter(pk__in=held.values("person_id"))
    return people.order_by("pk")


def consents_that_hold(purpose: str, on: date, recipient: str = "") -> QuerySet[Consent]:
    """Consents for a purpose that may be used on a day: given, cooled off, not ended; to a recipient if one is named.

    A purpose that must end, or cool off, holds only where the row says when.
    """
    held = Consent.objects.filter(purpose=purpose, state=Consent.State.GIVEN)
    cooled, lasting = Q(usable_from__lte=on), Q(expires_on__gte=on)
    if purpose not in rules.COOLING_DAYS:
        cooled |= Q(usable_from=None)
    if purpose not in rules.MOST_MONTHS:
        lasting |= Q(expires_on=None)
    held = held.filter(cooled, lasting)
    return held.filter(recipient__iexact=recipient.strip()) if recipient else held


def has_consent(person: Person, purpose: str, on: date, recipient: str = "") -> bool:
    """Whether a person agrees to a use now. Ask at the moment of use; never keep the answer."""
    return consents_that_hold(purpose, on, recipient).filter(person=person).exists()


def with_consent(people: QuerySet[Person], purpose: str, on: date) -> QuerySet[Person]:
    """Those of the people who agree to a purpose on a day."""
    return people.filter(Exists(consents_that_hold(purpose, on).filter(person=OuterRef("pk"))))


def consents_of(person: Person) -> QuerySet[Consent]:
    """Everything a person was asked, newest first."""
    return Consent.objects.filter(person=person)


def consents_over(on: date) -> QuerySet[Consent]:
    """Consents whose last day is over and that are not marked so yet."""
    return Consent.objects.filter(state=Consent.State.GIVEN, expires_on__lt=on).order_by("pk")


def contacts_of(person: Person) -> QuerySet[SafeContact]:
    """The ways to reach a person."""
    return SafeContact.objects.filter(person=person).order_by("channel")


def sent_to(person: Person) -> QuerySet[ContactSent]:
    """What was sent to a person or held back, newest first."""
    return ContactSent.objects.filter(person=person).order_by("-at", "-pk")
