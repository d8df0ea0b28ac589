"""Fill an empty database with a large invented agency, and print what the load needs: a session and a case a worker.

`python -m bench.site.fill PEOPLE NOTES WORKERS`
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from importlib import import_module
from itertools import islice
from random import Random
from typing import Any

import django

BATCH = 20_000
OPENED = date(2026, 1, 5)
TEXT = (
    "Met at the office. The certificate is still not there; called the records office, were told to write again. " * 4
)


def pour(model: Any, rows: Iterable[dict[str, Any]]) -> int:
    """Insert rows with executemany, every value prepared by its own field. Gives how many."""
    from django.db import connection  # noqa: PLC0415 - only after django.setup

    fields = [field for field in model._meta.concrete_fields if field.get_internal_type() != "BigAutoField"]
    quoted = connection.ops.quote_name
    names, marks = ", ".join(quoted(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quoted(model._meta.db_table)} ({names}) VALUES ({marks})"
    poured, source = 0, iter(rows)
    while batch := list(islice(source, BATCH)):
        values = [
            [field.get_db_prep_save(row.get(field.attname, field.get_default()), connection) for field in fields]
            for row in batch
        ]
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)
        poured += len(batch)
    return poured


def main(people: int, notes: int, workers: int) -> None:
    """Everything in one transaction."""
    from django.db import transaction  # noqa: PLC0415 - only after django.setup

    with transaction.atomic():
        print(json.dumps(_world(people, notes, workers)))


def _world(people: int, notes: int, workers: int) -> dict[str, Any]:
    from django.utils import timezone  # noqa: PLC0415 - only after django.setup

    from upwell.practice.accounts.models import Agency, Role, RoleHeld, Team  # noqa: PLC0415
    from upwell.practice.micro.models import Assignment, Case, Note  # noqa: PLC0415
    from upwell.practice.person.models import Consent, Person  # noqa: PLC0415

    chance, now = Random(7), timezone.now()
    agency = Agency.objects.create(name="Large Agency", slug="large", lock_minutes=600)
    team = Team.objects.create(agency=agency, name="All")
    staff = [_worker(number, agency, team) for number in range(workers)]
    for worker in staff:
        RoleHeld.objects.create(worker=worker, role=Role.CASE_WORKER)
    persons, cases = [[_key(chance) for _ in range(people)] for _ in range(2)]
    own = {"agency_id": agency.pk}
    named = (
        {"id": key, "first_name": f"First{n}", "last_name": f"Last{n}", "created": now} for n, key in enumerate(persons)
    )
    pour(Person, (own | row for row in named))
    pour(Case, (own | {"team_id": team.pk} | _case(n, key, persons[n], chance) for n, key in enumerate(cases)))
    held = ({"case_id": key, "worker_id": staff[n % workers].pk, "since": OPENED} for n, key in enumerate(cases))
    pour(Assignment, held)
    given = {"purpose": "count", "state": "given", "how": "spoken", "offered_at": now, "given_at": now}
    pour(Consent, (given | {"id": _key(chance), "person_id": key} for key in persons))
    pour(Note, (_note(number, cases, staff, chance) | {"signed_at": now} for number in range(notes)))
    shares = [[str(key) for key in cases[n::workers][:50]] for n in range(workers)]
    return {"sessions": [_session(worker) for worker in staff], "cases": shares}


def _key(chance: Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def _worker(number: int, agency: Any, team: Any) -> Any:
    from upwell.practice.accounts.models import Worker  # noqa: PLC0415 - only after django.setup

    named = {"email": f"w{number}@example.org", "name": f"Worker {number}"}
    return Worker.objects.create(username=uuid.uuid4().hex, agency=agency, team=team, **named)


def _case(number: int, key: uuid.UUID, person: uuid.UUID, chance: Random) -> dict[str, Any]:
    return {
        "id": key,
        "person_id": person,
        "state": "in_service",
        "programme": f"Programme {number % 12}",
        "opened_on": OPENED + timedelta(days=number % 200),
        "next_contact_on": date.today() + timedelta(days=number % 90 - 2),
    }


def _note(number: int, cases: list[Any], staff: list[Any], chance: Random) -> dict[str, Any]:
    case = number % len(cases)
    return {
        "id": _key(chance),
        "case_id": cases[case],
        "by_id": staff[case % len(staff)].pk,
        "kind": "meeting",
        "on": OPENED + timedelta(days=number % 300),
        "text": TEXT,
        "form_key": _key(chance),
    }


def _session(worker: Any) -> str:
    from django.conf import settings  # noqa: PLC0415 - only after django.setup
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(worker.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = worker.get_session_auth_hash()
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.site.settings")
    django.setup()
    main(*(int(word) for word in sys.argv[1:4]))
