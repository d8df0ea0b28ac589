"""A PostgreSQL role for the shared side: it reads and writes what is shared, and cannot reach anybody's case.

Import contracts keep the shared side's code from the case side; this keeps its SQL from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models, transaction

from upwell.practice.accounts.models import Agency, Worker

SHARED = ("environment", "bridge", "organizing", "macro")
"""Apps whose tables are shared, all of them."""

COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    Worker: ("id", "name", "agency_id"),
    Agency: ("id", "name", "slug", "client_word", "time_zone", "public_contact"),
}
"""What the shared side may read of others' tables: who a worker is and which agency, no address, no password."""

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class RoleNameError(ValueError):
    """Not a name for a database role."""


def statements(role: str) -> Iterator[str]:
    """The SQL that makes a role's rights exactly these. The role itself must be there. Raises RoleNameError."""
    if not _NAME.fullmatch(role):
        raise RoleNameError("A role is named with lower-case letters, digits and underscores, such as upwell_shared.")
    quote = connection.ops.quote_name
    to = quote(role)
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {to};"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {to};"
    yield f"GRANT USAGE ON SCHEMA public TO {to};"
    for model in _shared():
        table = quote(model._meta.db_table)
        yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {to};"
        if isinstance(model._meta.pk, models.AutoField):
            sequence = f"{model._meta.db_table}_{model._meta.pk.column}_seq"
            yield f"GRANT USAGE ON SEQUENCE {quote(sequence)} TO {to};"
    for model, columns in COLUMNS.items():
        listed = ", ".join(quote(column) for column in columns)
        yield f"GRANT SELECT ({listed}) ON {quote(model._meta.db_table)} TO {to};"


def apply(wanted: list[str]) -> None:
    """Run the statements, all or nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in wanted:
            cursor.execute(statement)


def _shared() -> Iterator[type[models.Model]]:
    yield from (each for each in apps.get_models(include_auto_created=True) if each._meta.app_label in SHARED)
