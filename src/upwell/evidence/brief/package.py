"""The numbers beside the brief: the signed release, a CSV a table, and what each column means (Frictionless)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import Any

from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.model import text_of
from upwell.evidence.disclosure.release import Table

WITHHELD = "withheld"
"""The one marker in every CSV, in every language: 0 to threshold - 1, or hidden to protect another."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def package(quoter: Quoter, signed: bytes) -> dict[str, bytes]:
    """Files by name under release/."""
    tables = {f"{table.id}.csv": table_csv(table) for table in quoter.release.tables}
    described = _datapackage(quoter, tables)
    readme = quoter.words.say(
        "package.readme",
        digest=_digest(signed),
        source=quoter.source,
        most=quoter.most_hidden,
        protection=quoter.said("release:protection_words", quoter.release.protection_words),
        **quoter.period,
    )
    files = {
        "release.json": signed,
        **tables,
        "datapackage.json": json.dumps(described, ensure_ascii=False, indent=1).encode() + b"\n",
        "README.txt": text_of(readme).lstrip().encode(),
    }
    return {f"release/{name}": content for name, content in files.items()}


def table_csv(table: Table) -> bytes:
    """A table as CSV: row, label, known, month, persons, and yes and no where it has them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    counts = ("persons", "yes", "no") if table.split else ("persons",)
    writer.writerow(("row", "label", "known", "month", *counts))
    for number, row in enumerate(table.rows):
        persons = [getattr(row, name) for name in counts]
        shown = [WITHHELD if each is None else each for each in persons]
        month = "" if row.month is None else row.month
        writer.writerow((number, _harmless(row.label), str(row.known).lower(), month, *shown))
    return text.getvalue().encode()


def _harmless(label: str) -> str:
    """A label that no spreadsheet takes for a formula: project names are typed by people."""
    return f"'{label}" if label.startswith(FORMULA_SIGNS) else label


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _datapackage(quoter: Quoter, tables: dict[str, bytes]) -> dict[str, Any]:
    release, words = quoter.release, quoter.words
    return {
        "profile": "tabular-data-package",
        "name": f"upwell-release-{release.id}".lower(),
        "id": release.id,
        "title": words.plain("package.title"),
        "description": text_of(words.say("package.description", most=quoter.most_hidden)),
        "sources": [{"title": release.source}],
        "created": release.made_on,
        "period": {"from": release.period[0], "to": release.period[1]},
        "protection": {
            "name": release.protection,
            "promise": release.protection_words,
            "source": release.protection_source,
            "smallest_shown": release.threshold,
            "withheld_marker": WITHHELD,
        },
        "software": release.software,
        "seed": release.seed,
        "ledger_head": release.ledger_head,
        "resources": [_resource(quoter, table, tables[f"{table.id}.csv"]) for table in release.tables],
    }


def _resource(quoter: Quoter, table: Table, content: bytes) -> dict[str, Any]:
    question = quoter.questions.get(table.question)
    return {
        "profile": "tabular-data-resource",
        "name": table.id,
        "path": f"{table.id}.csv",
        "title": table.title,
        "description": " ".join(filter(None, (question.words if question else "", table.column, table.warning))),
        "kind": table.kind,
        "question": table.question,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{_digest(content)}",
        "schema": {"fields": _fields(quoter, table), "missingValues": ["", WITHHELD], "primaryKey": "row"},
    }


def _fields(quoter: Quoter, table: Table) -> list[dict[str, str]]:
    words = quoter.words
    kinds = {"row": "integer", "label": "string", "known": "boolean", "month": "integer"}
    fields = [
        {"name": name, "type": kind, "description": words.plain(f"package.{name}")} for name, kind in kinds.items()
    ]
    counts = {"persons": "persons", "yes": "yes", "no": "no"} if table.split else {"persons": "served"}
    fields += [
        {"name": name, "type": "integer", "unit": "persons", "description": words.plain(f"package.{key}")}
        for name, key in counts.items()
    ]
    return fields
