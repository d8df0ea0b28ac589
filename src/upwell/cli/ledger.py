"""`upwell ledger`: what has been released, whether the list of it is whole, and how a release is taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from upwell.cli import software, state
from upwell.cli.errors import DoorError
from upwell.evidence.disclosure.history import exported
from upwell.evidence.disclosure.history import ledger as chain
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.errors import EvidenceError
from upwell.state import durable, ledgers, populations


@click.group()
def ledger() -> None:
    """Show, verify or export what has been released, or take a release back.

    \b
    Example:  ./upwell ledger show
              ./upwell ledger verify
    """


@ledger.command()
@click.option("--json", "as_json", is_flag=True, help="For a program: one list of entries, with how much they hold.")
def show(as_json: bool) -> None:
    """List every release: day, id, source, protection, period of the records.

    \b
    Example:  ./upwell ledger show
              ./upwell ledger show --json
    """
    home = state.home()
    found: list[dict[str, object]] = []
    for source, lines in _each(home, quiet=as_json):
        entries = _read(home, source, lines)
        if as_json:
            found += [_plain(entry, source, entries) for entry in entries]
        else:
            # late: rich costs a fifth of a second, and only here something is listed
            from upwell.cli.listed import released  # noqa: PLC0415

            click.echo(released(_title(home, source), entries), nl=False)
        _check_whole(home, source)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))


@ledger.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--head", default="", help="A head noted elsewhere (ledger_head of a run.json): a ledger must hold it.")
def verify(file: Path | None, head: str) -> None:
    """Check that no line of any ledger was changed, moved or lost; with FILE, that an export tells the truth.

    \b
    Example:  ./upwell ledger verify
              ./upwell ledger verify --head 3f0c...
              ./upwell ledger verify ledger-2026.json
    """
    home = state.home()
    if file is not None:
        _verify_file(home, file)
        return
    holds = not head
    for source, lines in _each(home):
        entries = _read(home, source, lines)
        _check_whole(home, source)
        holds = holds or _had(lines, head)
        click.echo(f"{source[:12]}  whole: {_many(entries)}, head {chain.head(lines)[:16]}")
    if not holds:
        raise DoorError("No ledger here ever had that head: releases that were made later are missing. Restore them.")


@ledger.command()
@click.argument("release", required=False, default="")
@click.option("-o", "--output", "target", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option("--public", is_flag=True, help="Only what everybody may see: no name of a hidden count.")
def export(release: str, target: Path, public: bool) -> None:
    """Write what was released to a file, up to RELEASE or all of it, for whoever audits it.

    Without --public it names what is hidden (never a hidden count) and stays inside the agency.

    \b
    Example:  ./upwell ledger export -o ledger-2026.json
              ./upwell ledger export --public -o public-ledger.json
    """
    home = state.home()
    source, lines = _holding(home, release)
    _check_whole(home, source)
    if target.exists():
        raise DoorError(f"{target} is there already. Name another file.")
    try:
        durable.write_file(target, exported.export(lines, public=public, release_id=release))
    except OSError as error:
        raise DoorError(f"{target} cannot be written ({error.strerror}).") from error
    click.echo(f"Wrote {target}.")
    if not public:
        click.echo("It names what is hidden. Keep it inside the agency; --public makes one for everybody.")


@ledger.command()
@click.argument("release")
@click.option(
    "--because", required=True, help="Why it is taken back. Later briefs print it: name no person and no count."
)
def withdraw(release: str, because: str) -> None:
    """Say that a release is taken back, and why.

    What it showed stays public: every later release goes on reckoning with it.

    \b
    Example:  ./upwell ledger withdraw 0f3a9c5e7b21d846 --because "Counted one shelter twice"
    """
    home = state.home()
    source, _ = _holding(home, release)
    with ledgers.held(home, source) as held:
        lines = held.lines()
        made_by = f"upwell {software.version()}"
        on = date.today().isoformat()
        entry = chain.withdrawal(lines, release, because=because, made_on=on, software=made_by)
        held.append(chain.append(lines, entry))
    click.echo(f"Withdrawn: {release}. What it showed stays public, and later releases reckon with it.")


def _each(home: Path, *, quiet: bool = False) -> Iterator[tuple[str, bytes]]:
    sources = ledgers.sources(home)
    for source in sources:
        yield source, ledgers.peek(home, source)
    if not sources and not quiet:
        click.echo("Nothing has been released yet.")


def _read(home: Path, source: str, lines: bytes) -> tuple[LedgerEntry, ...]:
    try:
        return tuple(chain.verify(lines))
    except EvidenceError as error:
        raise DoorError(f"{error} It lies in {home / 'sources' / source}.") from error


def _check_whole(home: Path, source: str) -> None:
    """Raises DoorError when lines that once were there are gone: what is left of the list looks whole by itself."""
    if not ledgers.is_whole(home, source):
        raise DoorError(
            f"The ledger of source {source[:12]} is shorter or other than it was. Put the newest copy of "
            f"{home / 'sources' / source} back."
        )


def _holding(home: Path, release: str) -> tuple[str, bytes]:
    """The ledger that lists a release; without one, the only ledger there is."""
    found = []
    for source, lines in _each(home, quiet=True):
        entries = _read(home, source, lines)
        if not release or any(entry.release_id == release for entry in entries):
            found.append((source, lines))
    if len(found) == 1:
        return found[0]
    if not found:
        raise DoorError(
            f"No ledger here lists the release {release}. `./upwell ledger show` lists those that there are."
            if release
            else "Nothing has been released yet: there is no ledger to export."
        )
    raise DoorError("There are several ledgers here. Name a release: everything up to it is exported.")


def _verify_file(home: Path, file: Path) -> None:
    """Check an export by itself, and against the ledger here that had its head, where there is one."""
    content = file.read_bytes()
    many = exported.verify(content)
    own = [lines for _, lines in _each(home, quiet=True) if _had(lines, json.loads(content)["head"])]
    if own:
        exported.verify(content, own[0])
    beside = "as the ledger here tells them" if own else "no ledger here tells of them"
    click.echo(f"{file}  whole: {many} {'release' if many == 1 else 'releases'}, {beside}")


def _many(entries: tuple[LedgerEntry, ...]) -> str:
    """ "2 releases, 1 of them withdrawn"."""
    releases = sum(entry.kind != chain.WITHDRAWAL for entry in entries)
    back = len(chain.withdrawn(entries))
    return f"{releases} {'release' if releases == 1 else 'releases'}" + (f", {back} of them withdrawn" if back else "")


def _had(lines: bytes, head: str) -> bool:
    """Whether a ledger ever ended with this head; its beginning may be named, all 64 digits or the first of them."""
    heads = [chain.head(line) for line in lines.splitlines(keepends=True)]
    return any(each.startswith(head) for each in (*heads, chain.BEGINNING))


def _title(home: Path, source: str) -> str:
    """Whose releases, in words where a name was given: "Hope House (source 98a27f59a65b)"."""
    name = populations.name_of(home, source)
    return f"{name} (source {source[:12]})" if name else f"Source {source[:12]}"


def _corrected(entries: tuple[LedgerEntry, ...]) -> dict[str, tuple[str, ...]]:
    """Releases that later ones correct, and those later ones."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        if entry.kind == chain.RELEASE and entry.about:
            found[entry.about] = (*found.get(entry.about, ()), entry.release_id)
    return found


def _plain(entry: LedgerEntry, source: str, entries: tuple[LedgerEntry, ...]) -> dict[str, object]:
    """An entry for a program: how much it shows and hides, no name of a hidden count."""
    names = ("release_id", "kind", "about", "because", "made_on", "period", "protection", "method", "snapshot")
    return {name: getattr(entry, name) for name in names} | {
        "source": source,
        "shown": len(entry.shown),
        "hidden": len(entry.hidden),
        "new_ledger": entry.new_ledger,
        "previous": entry.previous,
        "withdrawn": chain.withdrawn(entries).get(entry.release_id, ""),
        "corrected_by": list(_corrected(entries).get(entry.release_id, ())),
    }
