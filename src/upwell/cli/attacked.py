"""What `upwell attack` reads: releases of ours, or anybody's CSV files, and what is found out of them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from upwell.cli.errors import DoorError
from upwell.evidence.disclosure import release as releases
from upwell.evidence.disclosure.attacking.contradiction import contradicting
from upwell.evidence.disclosure.attacking.examine import Examined, examine
from upwell.evidence.disclosure.attacking.facts import ContradictionError
from upwell.evidence.disclosure.attacking.grown import grown
from upwell.evidence.disclosure.attacking.outside import Outside, outside
from upwell.evidence.disclosure.attacking.released import populations
from upwell.evidence.disclosure.release import Release, SignatureError
from upwell.records.tables.published import Layout, Published, published

MOST_BYTES = 200_000_000
"""Bytes of one file inside a zip."""


@dataclass(frozen=True)
class Ask:
    """How the tables are to be read and attacked. zeros_shown, absent: see outside. over_time: each file is later."""

    layout: Layout
    zeros_shown: bool | None
    absent: str
    over_time: bool
    seed: int


def run(paths: Sequence[Path], ask: Ask) -> list[Examined]:
    """Everything found out, one account a population. Raises DoorError or the rooms' own sentences."""
    files = [(name, content) for path in paths for name, content in _files(path)]
    signed = [(name, content) for name, content in files if content.lstrip()[:1] == b"{"]
    if signed:
        return _of_releases([_release(name, content) for name, content in signed], ask)
    tables = [published(content, name, ask.layout) for name, content in files]
    _check_names(tables)
    moment = {table.name: at if ask.over_time else 0 for at, table in enumerate(tables)}
    return [_examined(tables, moment, ask, ask.absent)]


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """The releases in a file, folder or zip; where there is none, its CSV files."""
    if path.is_dir():
        found = sorted(path.rglob("release.json")) or sorted(path.glob("*.csv"))
        if not found:
            raise DoorError(f"{path} holds no release.json and no CSV file. Name the tables themselves.")
        yield from ((str(each.relative_to(path)), each.read_bytes()) for each in found)
        return
    content = path.read_bytes()
    if zipfile.is_zipfile(io.BytesIO(content)) and path.suffix.lower() == ".zip":
        yield from _zipped(path, content)
    else:
        yield path.name, content


def _zipped(path: Path, content: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        parts = [each for each in held.infolist() if each.file_size <= MOST_BYTES and not each.is_dir()]
        found = [each for each in parts if each.filename.endswith("release.json")]
        found = found or [each for each in parts if each.filename.lower().endswith(".csv")]
        if not found:
            raise DoorError(f"{path} holds no release.json and no CSV file.")
        for each in found:
            yield each.filename, held.read(each)


def _release(name: str, content: bytes) -> Release:
    try:
        key = bytes.fromhex(json.loads(content)["public_key"])
        return releases.read(content, key)
    except (ValueError, KeyError, TypeError) as error:
        raise DoorError(f"{name} is no release of Upwell, and no CSV.") from error
    except SignatureError as error:
        raise DoorError(f"{name}: {error}") from error


def _of_releases(found: Sequence[Release], ask: Ask) -> list[Examined]:
    """Releases of one source together, later ones over those who were counted before; each kind of people apart."""
    ordered = sorted({each.id: each for each in found}.values(), key=lambda each: (each.made_on, each.id))
    answers = []
    for source in dict.fromkeys(each.source_id for each in ordered):
        mine = [each for each in ordered if each.source_id == source]
        snapshots = list(dict.fromkeys(each.snapshot for each in mine))
        groups: dict[str, list[Published]] = {}
        moment: dict[str, int] = {}
        for each in mine:
            for key, tables in populations(each, f"{each.made_on} ({each.id[:6]})").items():
                groups.setdefault(key, []).extend(tables)
                moment |= {table.name: snapshots.index(each.snapshot) for table in tables}
        answers += [_examined(tables, moment, ask, ask.absent or "unknown") for tables in groups.values()]
    return answers


def _examined(tables: Sequence[Published], moment: Mapping[str, int], ask: Ask, absent: str) -> Examined:
    seen = outside(tables, zeros_shown=ask.zeros_shown, absent=absent)
    try:
        return examine(grown(seen, moment), seed=ask.seed)
    except ContradictionError:
        pass
    guesses = [(seen, ask.zeros_shown)] if len(set(moment.values())) == 1 else []
    if ask.zeros_shown is None and (seen.floor > 0).any():
        lower = outside(tables, zeros_shown=False, absent=absent)
        guesses.append((lower, False))
    for guess, _ in guesses:
        try:
            return examine(guess, seed=ask.seed)
        except ContradictionError:
            continue
    raise _contradiction(seen)


def _contradiction(seen: Outside) -> DoorError:
    rows = contradicting(seen)
    if not rows:
        return DoorError(
            "The printed counts contradict each other: no table of people has them all. Attack each file by itself, or "
            "say which rows are totals with --total."
        )
    named = "; ".join(f"{each.place or each.table} ({each.words})" for each in rows)
    return DoorError(
        f"These printed counts contradict each other: {named}. If a row is a total, say --total WORD; if tables count "
        "different people, attack them one by one; if each file counts those of the file before it and newcomers, say "
        "--over-time; if rows are left out of a list, --absent unknown. Rounded counts cannot be attacked as exact."
    )


def _check_names(tables: Sequence[Published]) -> None:
    names = [table.name for table in tables]
    if len(set(names)) < len(names):
        raise DoorError("Two of the files have the same name. Copy them into one folder under names of their own.")
    hidden = sum(line.printed.persons < 0 for table in tables for line in table.lines)
    if not hidden and not any(table.lines for table in tables):
        raise DoorError("Nothing is printed there.")
