"""The numbers beside the brief: the signed release, a CSV a table, and what each column means (Frictionless)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import Any

from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.model import text_of
from upwell.evidence.brief.promised import marker_of, not_covered, promised
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
        word=WITHHELD,
        marker=marker_of(quoter, WITHHELD),
        protection=quoter.said("release:protection_words", quoter.release.protection_words),
        promised="\n".join(f"- {text_of(sentence)}" for sentence in promised(quoter)),
        not_covered="\n".join(f"- {text_of(sentence)}" for sentence in not_covered(quoter)),
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
    """A table as CSV: row, label, known, month, an agency's own columns, and the counts (see `_counts`).

    Where a count is withheld and its share or its class may be told, they stand in `percent`, `least` and `most`.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    rounded = _rounded(table)
    writer.writerow(("row", "label", "known", "month", *map(_harmless, table.columns), *_counts(table), *rounded))
    for number, row in enumerate(table.rows):
        month = "" if row.month is None else row.month
        shown = [WITHHELD if each is None else each for each in (getattr(row, name) for name in _counts(table))]
        least, most = row.between or ("", "")
        told = {"percent": row.percent, "least": least, "most": "" if most == -1 else most}
        values = map(_harmless, row.values)
        extra = (told[name] for name in rounded)
        writer.writerow((number, _harmless(row.label), str(row.known).lower(), month, *values, *shown, *extra))
    return text.getvalue().encode()


def _counts(table: Table) -> tuple[str, ...]:
    return ("persons", "yes", "no") if table.split else ("persons",)


def _rounded(table: Table) -> tuple[str, ...]:
    """Columns of rounded shares and classes, where a row has one."""
    share = ("percent",) if any(row.percent for row in table.rows) else ()
    return (*share, "least", "most") if any(row.between for row in table.rows) else share


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
        "description": text_of(words.say("package.description", marker=marker_of(quoter, WITHHELD))),
        "sources": [{"title": release.source}],
        "created": release.made_on,
        "period": {"from": release.period[0], "to": release.period[1]},
        "protection": {
            "name": release.protection,
            "promise": release.protection_words,
            "source": release.protection_source,
            "smallest_shown": release.threshold,
            "withheld_marker": WITHHELD,
            "withheld_means": text_of(marker_of(quoter, WITHHELD)),
            "promised": [text_of(sentence) for sentence in promised(quoter)],
            "not_covered": [text_of(sentence) for sentence in not_covered(quoter)],
            "loss": _loss(quoter),
        },
        "notes": list(release.notes),
        "software": release.software,
        "seed": release.seed,
        "ledger_head": release.ledger_head,
        "resources": [_resource(quoter, table, tables[f"{table.id}.csv"]) for table in release.tables],
    }


def _loss(quoter: Quoter) -> dict[str, Any]:
    """What protection cost; what depends on hidden counts is a bound, as in the release."""
    loss = quoter.release.loss
    return {
        "cells": loss.cells,
        "shown": loss.shown,
        "share_of_large_shown_at_least": loss.share_large_shown,
        "by_size": [{"persons": size, "asked_at_most": asked, "shown": shown} for size, asked, shown in loss.by_size],
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
    fields += [{"name": name, "type": "string", "description": name} for name in map(_harmless, table.columns)]
    counts = {"persons": "persons", "yes": "yes", "no": "no"} if table.split else {"persons": "served"}
    fields += [
        {"name": name, "type": "integer", "unit": table.unit, "description": words.plain(f"package.{key}")}
        for name, key in counts.items()
    ]
    fields += [
        {"name": name, "type": "number", "description": words.plain(f"package.{name}")} for name in _rounded(table)
    ]
    return fields
