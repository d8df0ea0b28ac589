"""Reads an HMIS CSV export: from a zip or folder to typed tables, without identities, every row accounted for."""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import duckdb

from upwell.records.cases import store
from upwell.records.cases.hmis import checks, family, identity
from upwell.records.cases.hmis.cases import HmisCases, case_table
from upwell.records.cases.hmis.codes import Answers, check_codes
from upwell.records.cases.hmis.rows import RowPass, column_key, rewritten, row_pass
from upwell.records.cases.hmis.source import Source, find
from upwell.records.cases.hmis.spec_load import YEARS, Spec, spec
from upwell.records.cases.hmis.stage import PARENTS, Bench, Staged, account, sort_out, stage, take_out
from upwell.records.cases.hmis.typed import DateOrder
from upwell.records.cases.problems import Log, Quality
from upwell.records.errors import UnreadableError, VictimProviderError

Progress = Callable[[str, int, int], None]
"""What is being done, how many files are done, how many there are."""


@dataclass(frozen=True)
class Loaded:
    """An export as typed tables in a locked database, for the case side alone.

    engine: tables named as HUD's files, always all of them, codes INTEGER, dates DATE, keys VARCHAR, `person` BIGINT in
    place of PersonalID, `line` of the source. Enrollment has also age_at_entry, age_in_period (years, NULL unknown),
    dates_ok (False: leave out of durations) and household (never NULL).
    collected: (file, column) that this export holds at least one answer for. snapshot: digest of all bytes read.
    victim_services: the export is a victim service provider's own, and its rows were kept.
    """

    engine: duckdb.DuckDBPyConnection
    format: str
    period: tuple[date, date]
    source: str
    source_id: str
    snapshot: str
    collected: frozenset[tuple[str, str]]
    quality: Quality
    victim_services: bool = False

    @property
    def victim_provider_rows(self) -> int:
        """Rows set aside because they belong to a victim service provider."""
        return self.quality.victim_provider_rows


def load(
    path: Path,
    *,
    key: bytes,
    dates: DateOrder = "iso",
    work: Path,
    keep_own_victim_services: bool = False,
    progress: Progress | None = None,
) -> Loaded:
    """The export at path, a zip or a folder, as typed tables with its quality.

    key: secret of this deployment, 16 to 64 bytes; the same key gives the same numbers to the same persons.
    dates: the order a source uses where it does not write ISO dates; "iso" guesses nothing. work: private folder for
    spilling; files put there are removed. keep_own_victim_services: keep the rows of an export in which every
    organization is a victim service provider; without it, and among others, such rows are set aside.
    Raises UnreadableError, a sentence, only when nothing can be read.
    """
    source = find(Path(path), {name for year in YEARS for name in spec(year).files})
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = store.connect(work)
    engine.execute("CREATE TABLE _gone (file VARCHAR, key VARCHAR, why VARCHAR, person_id VARCHAR)")
    engine.execute("CREATE TABLE _test (line INTEGER)")
    run = _Run(source, work, Bench(engine, Log(engine), dates), progress or _silent, keep_own_victim_services)
    try:
        loaded = run.whole(key)
    except BaseException:
        engine.close()
        raise
    store.lock(engine, work)
    return loaded


@dataclass(frozen=True)
class Reading:
    """An export ready for counting: table for the straight line, quality and loaded for the case team."""

    table: HmisCases
    quality: Quality
    loaded: Loaded


def read(
    path: Path,
    *,
    key: bytes,
    dates: DateOrder = "iso",
    work: Path,
    leave_out_victim_providers: bool = False,
    victim_services: bool = False,
    progress: Progress | None = None,
) -> Reading:
    """The export as a CaseTable with its quality (see load).

    victim_services: what will be made of it fits a victim service provider's own records (see Protection).
    Raises VictimProviderError, which explains the lawful path, when it holds rows of a victim service provider that
    may not be counted so: among others' and nobody said to leave them out, or alone and under another protection.
    """
    loaded = load(path, key=key, dates=dates, work=work, keep_own_victim_services=True, progress=progress)
    if problem := _unlawful(loaded, left_out=leave_out_victim_providers, fitting=victim_services):
        loaded.engine.close()
        raise VictimProviderError(problem)
    return Reading(case_table(loaded), loaded.quality, loaded)


def _unlawful(loaded: Loaded, *, left_out: bool, fitting: bool) -> str:
    """Why this export may not be counted as asked, with what to do instead; "" when it may."""
    if loaded.victim_services and left_out:
        return (
            "Every record of this export is a victim service provider's own: without them nothing is left. On the "
            "provider's own computer, count them by themselves with --protection victim-services."
        )
    if loaded.victim_services and not fitting:
        return (
            "This is a victim service provider's own database. Federal law (34 USC 12291(b)(2)) lets only "
            "non-identifying totals leave it. On the provider's own computer make them with --protection "
            "victim-services: full protection, no names, no places, a ledger of its own. No other protection will do."
        )
    if loaded.victim_provider_rows and not left_out:
        return (
            "This export holds a victim service provider's records among others', which federal law (34 USC "
            "12291(b)(2)) keeps apart. Two ways are open: go on without them with --leave-out-victim-providers; or "
            "export theirs alone and, on the provider's own computer, make non-identifying totals of them with "
            "--protection victim-services."
        )
    return ""


def _silent(doing: str, done: int, files: int) -> None:
    pass


@dataclass
class _Run:
    """One run of load(): what is known so far, file after file."""

    source: Source
    work: Path
    bench: Bench
    progress: Progress
    keep_own_victim_services: bool = False
    victim_services: bool = False
    spec: Spec = field(default_factory=lambda: spec(2024))  # until Export.csv has named the version
    staged: dict[str, Staged] = field(default_factory=dict)
    answers: dict[str, Answers] = field(default_factory=dict)

    def whole(self, key: bytes) -> Loaded:
        self._stage("Export")
        stated = self._year_stated()
        year = stated or self._year_by_columns()
        if year != self.spec.year:
            self.spec = spec(year)
            self.bench.log.forget("Export.csv")
            self._stage("Export")
        if not stated:
            self.bench.log.add("version-unknown", "Export.csv", "CSVVersion")
        self._note_files()
        period = self._period_stated()
        self._stage("User")
        self._stage("Organization")
        self._check_codes("Export")
        self._victim_services_apart()
        family.look_up(self.bench, self.staged["Organization"])
        self._check_codes("Organization")
        self._stage("Project", below=True)
        self._stage("Client")
        self._stage("Enrollment")
        period = period or self._period_from_records()
        self._people(key, period)
        self._rest()
        return self._loaded(period)

    def _victim_services_apart(self) -> None:
        """Set victim service providers aside, unless nobody else is in the export and their rows are to be kept."""
        self.victim_services = self.keep_own_victim_services and family.is_victim_services_own(self.bench)
        if not self.victim_services:
            organization, column = self.staged["Organization"], "VictimServiceProvider"
            take_out(self.bench, organization, family.VICTIM, f'"{column}" = 1', column)

    def _people(self, key: bytes, period: tuple[date, date]) -> None:
        bench, client, enrollment = self.bench, self.staged["Client"], self.staged["Enrollment"]
        identity.number_persons(bench, key)
        family.look_up(bench, client)
        family.belong(bench, enrollment)
        family.describe_stays(bench, period)
        family.victims_clients_out(bench, client)
        family.look_up(bench, enrollment)
        self._check_codes("Client")
        self._check_codes("Enrollment")
        identity.drop(bench)

    def _rest(self) -> None:
        """Everything below projects and enrollments, parents before their rows."""
        for name in self.spec.files:
            if name not in self.staged:
                self._stage(name, below=True)

    def _check_codes(self, name: str) -> None:
        self.answers[name] = check_codes(self.bench, self.staged[name], self.spec)

    def _stage(self, name: str, *, below: bool = False) -> None:
        """One file into its table. below: its parents are known, so its rows can be joined to them at once."""
        self.progress(f"{name}.csv", len(self.staged), len(self.spec.files))
        copy, spare = self.work / f"{name}.csv", self.work / f"{name}.clean.csv"
        try:
            first = self._row_pass(name, copy, spare)
            staged, found = stage(self.bench, self.spec.files[name], first, partial(rewritten, spare=spare))
            if found and staged.places:
                self.bench.keyed.add(name)
                if name == "Client":
                    identity.look(self.bench, staged, found)
        finally:
            copy.unlink(missing_ok=True)
            spare.unlink(missing_ok=True)
        self.staged[name] = staged
        sort_out(self.bench, staged)
        if below:
            family.belong(self.bench, staged)
            if name in PARENTS:
                family.look_up(self.bench, staged)
            self._check_codes(name)

    def _row_pass(self, name: str, copy: Path, spare: Path) -> RowPass | None:
        """The row pass of one file; None when the export lacks it or it cannot be opened."""
        if name not in self.source.members:
            if self.spec.files[name].present:
                self.bench.log.add("file-missing", f"{name}.csv")
            return None
        folder = self.source.path.is_dir()
        path = self.source.path / self.source.members[name] if folder else copy
        try:
            with self.source.opened(name) as stream:
                found = row_pass(stream, path, copy=not folder, spare=spare)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, PermissionError, zlib.error):
            self.bench.log.add("file-unreadable", f"{name}.csv")
            return None
        self.source.digests[name] = found.digest
        if found.encoding == "cp1252":
            self.bench.log.add("decode-fallback", f"{name}.csv")
        if self.source.written(name) != f"{name}.csv":
            self.bench.log.add("file-name-case", f"{name}.csv")
        return found

    def _note_files(self) -> None:
        for written in self.source.unknown:
            if written.lower().endswith(".csv"):
                self.bench.log.add("file-unknown", written)
        for written in self.source.twice:
            self.bench.log.add("file-twice", written)

    def _year_stated(self) -> int | None:
        """The version of the standard that Export.csv names: its first four-digit year, or the newest before it."""
        rows = self.bench.engine.execute('SELECT "CSVVersion" FROM "Export" ORDER BY line').fetchall()
        years = [int(found[0]) for (text,) in rows if (found := re.search(r"20\d\d", text or ""))]
        return max(year for year in YEARS if year <= max(years[0], min(YEARS))) if years else None

    def _year_by_columns(self) -> int:
        columns = self._first_line("Client")
        if "sex" in columns:
            return 2026
        return 2022 if "female" in columns or "EnrollmentCoC" in self.source.members else 2024

    def _first_line(self, name: str) -> set[str]:
        if name not in self.source.members:
            return set()
        with self.source.opened(name) as stream:
            text = stream.readline(100_000).decode("utf-8-sig", "replace")
        return {column_key(each) for each in text.split(",")}

    def _period_stated(self) -> tuple[date, date] | None:
        query = 'SELECT min("ExportStartDate"), max("ExportEndDate"), count(*) FROM "Export"'
        start, end, rows = self.bench.engine.execute(query).fetchone() or (None, None, 0)
        if rows > 1:
            self.bench.log.add("export-rows", "Export.csv")
        return (start, end) if start and end and start <= end else None

    def _period_from_records(self) -> tuple[date, date]:
        """First and last entry; raises UnreadableError when there is not even one."""
        self.bench.log.add("period-unknown", "Export.csv")
        query = 'SELECT min("EntryDate"), max("EntryDate") FROM "Enrollment"'
        start, end = self.bench.engine.execute(query).fetchone() or (None, None)
        if start is None:
            raise UnreadableError(
                "Neither a period in Export.csv nor a dated enrollment could be read. If the source writes day or "
                "month first, say so with --dates; otherwise export it again."
            )
        return start, end

    def _loaded(self, period: tuple[date, date]) -> Loaded:
        bench = self.bench
        checks.across(bench, self.staged, self.spec, period)
        accounts = {f"{name}.csv": account(bench, self.staged[name]) for name in self.source.members}
        times = bench.log.times()
        quality = Quality(
            format=f"FY{self.spec.year}",
            period=period,
            files=dict(sorted(accounts.items())),
            times=times,
            completeness=tuple(each for name in self.answers for each in self.answers[name].completeness),
            located=bench.log.located(),
            victim_provider_rows=sum(count for (rule, _, _), count in times.items() if rule == family.VICTIM),
        )
        words, source_id = self._source()
        collected = frozenset().union(*(answers.collected for answers in self.answers.values()))
        identity.tidy(bench)
        return Loaded(
            engine=bench.engine,
            format=quality.format,
            period=period,
            source=words,
            source_id=source_id,
            snapshot=self.source.snapshot,
            collected=collected,
            quality=quality,
            victim_services=self.victim_services,
        )

    def _source(self) -> tuple[str, str]:
        """Who exported, in words, and a digest that stays the same over exports of the same implementation."""
        query = (
            'SELECT "SourceName", "SoftwareName", "ImplementationID", "SourceID" FROM "Export" ORDER BY line LIMIT 1'
        )
        cells = self.bench.engine.execute(query).fetchone() or (None,) * 4
        named, software, implementation, source_id = (cell or "" for cell in cells)
        digest = hashlib.blake2b("\x1f".join((implementation, source_id, named, software)).encode(), digest_size=16)
        return named or software or "a source without a name", digest.hexdigest()
