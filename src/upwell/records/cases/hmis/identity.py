"""Identity columns: looked at where they lie, kept nowhere; a person is a number that means nothing elsewhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from upwell.records.cases.hmis.rows import RowPass
from upwell.records.cases.hmis.scan import as_text
from upwell.records.cases.hmis.stage import Bench, Staged
from upwell.records.cases.store import name

_NAMES = ("FirstName", "LastName", "SSN")
_TEST_NAMES = ("test", "testclient", "test client", "testing", "fake", "demo", "dummy", "training")
_HASH_LENGTHS = {2: 40, 4: 64}  # HashStatus -> digits: SHA-1, SHA-256
_ENOUGH = 50  # filled cells; fewer say nothing about how many are alike


def look(bench: Bench, client: Staged, found: RowPass) -> None:
    """Flags hashes that do not hash, and remembers the lines of test clients in _test(line)."""
    cells = {column: f"c{client.places[column]}" for column in _NAMES if column in client.places}
    tests = ", ".join(f"'{each}'" for each in _TEST_NAMES)
    both = " AND ".join(f"lower(trim({cells[each]})) IN ({tests})" for each in _NAMES[:2] if each in cells) or "false"
    seen = ", ".join([f"count(*) FILTER (WHERE {both})", *(_shape(cell) for cell in cells.values())])
    tested, *shapes = bench.engine.execute(f"SELECT {seen} FROM ({as_text(found)})").fetchone() or (0,)
    for place, column in enumerate(cells):
        if _Shape(*shapes[4 * place : 4 * place + 4]).is_strange(_hash_status(bench), column):
            bench.log.add("identity-hash", client.csv, column)
    if tested:
        bench.engine.execute(f"INSERT INTO _test SELECT line FROM ({as_text(found)}) WHERE {both}")


@dataclass(frozen=True)
class _Shape:
    """What may be known of an identity column: how many cells are filled, how many differ, their lengths."""

    filled: int
    distinct: int
    shortest: int
    longest: int

    def is_strange(self, hash_status: int | None, column: str) -> bool:
        """Whether the cells contradict the declared hash, or are alike where people's are not."""
        length = _HASH_LENGTHS.get(hash_status or 1)
        if self.filled and length and (self.shortest, self.longest) != (length, length):
            return True
        few = self.distinct < self.filled / 20 if column == "SSN" else self.distinct == 1
        return self.filled >= _ENOUGH and few


def _shape(cell: str) -> str:
    """SQL of the four numbers of a _Shape."""
    lengths = f"coalesce(min(strlen({cell})), 0), coalesce(max(strlen({cell})), 0)"
    return f"count({cell}), approx_count_distinct({cell}), {lengths}"


def _hash_status(bench: Bench) -> int | None:
    row = bench.engine.execute('SELECT max("HashStatus") FROM "Export"').fetchone()
    return row[0] if row else None


def number_persons(bench: Bench, key: bytes) -> None:
    """Makes _person(key, person): a keyed HMAC of each PersonalID, then its place in the order of the HMACs.

    The number means nothing outside this database, and nobody without the key can tell whose it is.
    """
    engine = bench.engine
    query = 'SELECT "PersonalID" AS id FROM "Client" UNION SELECT "PersonalID" FROM "Enrollment"'
    ids = engine.execute(f"SELECT id FROM ({query}) WHERE id IS NOT NULL").fetchnumpy()["id"]
    engine.execute("CREATE TABLE _person (key VARCHAR, person BIGINT)")
    if not len(ids):
        return
    keyed = hashlib.blake2b(key=key, digest_size=8)
    digests = np.frombuffer(b"".join([_digest(keyed, each) for each in ids]), dtype=np.uint64)
    person = np.empty(len(ids), dtype=np.int64)
    person[np.argsort(digests)] = np.arange(len(ids))
    engine.register("_numbered", {"id": np.asarray(ids, dtype=object), "person": person})
    engine.execute("INSERT INTO _person SELECT CAST(id AS VARCHAR), person FROM _numbered")
    engine.unregister("_numbered")


def _digest(keyed: hashlib.blake2b, text: str) -> bytes:
    mine = keyed.copy()  # less time than keying anew
    mine.update(text.encode())
    return mine.digest()


def drop(bench: Bench) -> None:
    """Client keeps a number in place of PersonalID, and no birth date; Enrollment likewise."""
    engine = bench.engine
    engine.execute('ALTER TABLE "Client" ADD COLUMN person BIGINT')
    engine.execute('UPDATE "Client" SET person = k.person FROM _person AS k WHERE k.key = "Client"."PersonalID"')
    engine.execute('ALTER TABLE "Client" ADD COLUMN test_client BOOLEAN DEFAULT false')
    engine.execute('UPDATE "Client" SET test_client = true WHERE line IN (SELECT line FROM _test)')
    for table, column in (("Client", "PersonalID"), ("Client", "DOB"), ("Enrollment", "PersonalID")):
        engine.execute(f"ALTER TABLE {name(table)} DROP COLUMN {name(column)}")
    bench.log.lines("test-client", "Client.csv", "", 'SELECT line FROM "Client" WHERE test_client')


def tidy(bench: Bench) -> None:
    """Drops the tables that hold the source's own keys beside what became of them, and the staff's."""
    tables = "SELECT table_name FROM duckdb_tables() WHERE starts_with(table_name, '_') AND table_name <> '_problem'"
    for (table,) in bench.engine.execute(tables).fetchall():
        bench.engine.execute(f"DROP TABLE {name(table)}")
    bench.engine.execute('DROP TABLE IF EXISTS "User"')
