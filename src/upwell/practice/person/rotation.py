"""Writing every encrypted field anew under the newest key, while people work.

Each batch is one transaction; a field already under the newest key is left alone, so a run that was killed is simply
begun again. A field that somebody changes meanwhile keeps their text: it is under the newest key already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import BinaryField, ExpressionWrapper, F

from upwell.practice.person.fields import EncryptedTextField, key_number, seal, unseal
from upwell.practice.person.ring import ring_now

BATCH = 500
"""Rows a transaction: other writers of SQLite wait some tens of milliseconds for it."""


@dataclass(frozen=True)
class Column:
    """An encrypted column. place: "table.column", what its texts are bound to."""

    model: type[models.Model]
    name: str
    place: str


def columns_of(every: Iterable[type[models.Model]]) -> list[Column]:
    """The encrypted columns among models."""
    return [
        Column(model, field.name, f"{model._meta.db_table}.{field.column}")
        for model in every
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField)
    ]


def rows_of(column: Column) -> int:
    """How many rows a column has."""
    return column.model._base_manager.count()


def reseal(column: Column, progress: Callable[[int], object] = lambda rows: None) -> int:
    """Write a column anew under the newest key. progress: told the rows of each batch. Returns the fields written."""
    written = 0
    for batch in _batches(column):
        newest = ring_now().newest[0]
        with transaction.atomic():
            written += sum(_reseal_one(column, pk, data) for pk, data in batch if key_number(data) not in {0, newest})
        progress(len(batch))
    return written


def fields_under_older_keys(column: Column) -> int:
    """How many fields of a column would be lost with the older keys."""
    newest = ring_now().newest[0]
    return sum(key_number(data) not in {0, newest} for batch in _batches(column) for _, data in batch)


def _reseal_one(column: Column, pk: Any, data: bytes) -> int:
    fresh = seal(unseal(data, column.place), column.place)
    # only if the bytes are still those that were read: a worker's newer text wins
    return column.model._base_manager.filter(pk=pk, **{column.name: data}).update(**{column.name: fresh})


def _batches(column: Column) -> Iterator[list[tuple[Any, bytes]]]:
    """(primary key, sealed bytes) of every row, some hundred at a time, by primary key."""
    rows = (
        column.model._base_manager.annotate(sealed=ExpressionWrapper(F(column.name), output_field=BinaryField()))
        .order_by("pk")
        .values_list("pk", "sealed")
    )
    last: Any = None
    while batch := list((rows if last is None else rows.filter(pk__gt=last))[:BATCH]):
        yield [(pk, bytes(sealed or b"")) for pk, sealed in batch]
        last = batch[-1][0]
