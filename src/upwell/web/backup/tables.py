"""The database as of one moment, as bytes, and back: SQLite as a copy of its file, PostgreSQL as COPY of each table."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from upwell.web.backup.archive import PART, About, Writer
from upwell.web.backup.errors import BackupError

SQLITE = "upwell.sqlite3"
_MIGRATIONS = "django_migrations"


def migrations() -> tuple[tuple[str, str], ...]:
    """Every change of tables that was applied, as (app, name)."""
    return tuple(sorted(MigrationRecorder(connection).applied_migrations()))


def put_sqlite(writer: Writer, work: Path) -> int:
    """Copy the database into the archive while it is in use; how many tables. work: private folder for the copy."""
    copy = work / SQLITE
    source = sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True)
    target = sqlite3.connect(copy)
    try:
        source.backup(target)  # all pages in one step: one moment
        tables = target.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone()[0]
    except sqlite3.Error as error:
        raise BackupError(
            f"The database could not be copied into {work.parent} ({error}). Is the disk full? It needs as much room "
            "again as the database takes. Nothing was written."
        ) from None
    finally:
        source.close()
        target.close()
    with copy.open("rb") as file:
        writer.put_all(f"database/{SQLITE}", iter(lambda: file.read(PART), b""))
    copy.unlink()
    return int(tables)


def put_postgresql(writer: Writer) -> int:
    """Copy every table into the archive, all as of one moment; how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tables = sorted(connection.introspection.table_names(cursor))
        for table in tables:
            columns = _columns(table)
            writer.put(f"database/{table}/columns.json", json.dumps(columns).encode())
            writer.put_all(f"database/{table}", _copied_out(f"COPY {_named(table, columns)} TO STDOUT"))
    return len(tables)


def _columns(table: str) -> list[str]:
    query = (
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = '' ORDER BY attnum"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [connection.ops.quote_name(table)])
        return [name for (name,) in cursor.fetchall()]


def _named(table: str, columns: list[str]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(table)} ({', '.join(quote(column) for column in columns)})"


def _copied_out(statement: str) -> Iterator[bytes]:
    waiting = bytearray()
    with connection.cursor() as cursor, cursor.copy(statement) as rows:
        for row in rows:
            waiting += row
            if len(waiting) >= PART:
                yield bytes(waiting)
                waiting.clear()
    yield bytes(waiting)


def check_known(about: About) -> None:
    """Raises BackupError for a backup with tables that this version does not know yet."""
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)  # opens no database
    ours = {app.label for app in apps.get_app_configs()}
    if unknown := [f"{app}.{name}" for app, name in about.migrations if app in ours and (app, name) not in known]:
        raise BackupError(
            f"This backup was made by a newer Upwell ({about.version}; it knows {unknown[0]}). Install that version, "
            "or a newer one, to restore it. Nothing was written."
        )


def load_postgresql(about: About, parts: Path, before_commit: Callable[[], None]) -> None:
    """Fill an empty PostgreSQL database from spooled parts, all or nothing.

    before_commit: what must succeed together with it. Raises BackupError when the database holds something already.
    """
    _check_empty()
    executor = MigrationExecutor(connection)
    executor.migrate(_newest(about, executor.loader))
    tables = [path for path in sorted(parts.iterdir()) if path.name != _MIGRATIONS]
    with transaction.atomic():
        with connection.cursor() as cursor:
            held = [name for name in connection.introspection.table_names(cursor) if name != _MIGRATIONS]
            quoted = ", ".join(connection.ops.quote_name(name) for name in held)
            cursor.execute(f"TRUNCATE {quoted} CASCADE")
        for folder in tables:
            _copy_in(folder)
        _reset_sequences()
        before_commit()


def _newest(about: About, loader: MigrationLoader) -> list[tuple[str, str]]:
    """The last change of each app's tables that the backup knows: a restore makes its tables, not today's."""
    had = {each for each in about.migrations if each in loader.disk_migrations}
    return [
        each
        for each in sorted(had)
        if not {child.key for child in loader.graph.node_map[each].children} & _own(each, had)
    ]


def _own(one: tuple[str, str], had: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {each for each in had if each[0] == one[0]}


def _check_empty() -> None:
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name.startswith(("django_", "auth_")):
                continue
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(name)} LIMIT 1")
            if cursor.fetchone():
                raise BackupError(
                    "The database that DATABASE_URL names holds something already. Make an empty one and name that: "
                    "a restore never writes over anything."
                )


def _copy_in(folder: Path) -> None:
    columns = json.loads((folder / "columns.json").read_bytes())
    with connection.cursor() as cursor, cursor.copy(f"COPY {_named(folder.name, columns)} FROM STDIN") as rows:
        for part in sorted(folder.glob("0*")):
            rows.write(part.read_bytes())


def _reset_sequences() -> None:
    models = apps.get_models(include_auto_created=True)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)
