"""The page of a protected table as a document of the brief's own kind: every number names its cell of the release."""

from __future__ import annotations

from datetime import date

from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.method import basis, promise
from upwell.evidence.brief.model import (
    Block,
    Document,
    Figure,
    KeyNumbers,
    Marked,
    Notice,
    Paragraph,
    Run,
    Section,
    Sentence,
    text_of,
)
from upwell.evidence.brief.outline import LABELS
from upwell.evidence.brief.tabled.grids import grids
from upwell.evidence.brief.tabled.layout import Printed
from upwell.evidence.brief.tabled.picture import Share
from upwell.evidence.brief.words import Words, large
from upwell.evidence.disclosure.release import Release, Row, Table

PICTURE = "withheld"
MOST_BARS = 60


def outline(release: Release, words: Words, printed: Printed, *, today: date) -> Document:
    """The whole page. Pure: same release, same document."""
    quoter = Quoter(release, words)
    labels = {name: words.plain(f"label.{name}") for name in LABELS} | {"made_from": words.plain("note.made_from")}
    heading = _heading(quoter, printed)
    return Document(
        language=words.language,
        direction=words.direction,
        title=f"{text_of(heading)}: {release.source}",
        eyebrow=words.say("tabled.kicker", source=quoter.source, **quoter.period),
        front=Section("page-one", heading, _front(quoter, printed)),
        sections=(_picture(quoter), _tables(quoter, printed), promise(quoter), basis(quoter, today)),
        footer=words.say(
            "footer.text",
            source=quoter.source,
            id=quoter.said("release:id", release.id),
            software=quoter.said("release:software", release.software),
        ),
        labels=labels,
    )


def shares(release: Release) -> tuple[Share, ...]:
    """How much of each table is shown."""
    return tuple(_share(table) for table in release.tables[:MOST_BARS])


def _share(table: Table) -> Share:
    counts = [each for row in table.rows for each in _counts(table, row)]
    return Share(table.column or table.rows[0].label, sum(each is not None for each in counts), len(counts))


def _counts(table: Table, row: Row) -> tuple[int | None, ...]:
    return (row.persons, row.yes, row.no) if table.split else (row.persons,)


def _heading(quoter: Quoter, printed: Printed) -> Sentence:
    unit = large(printed.count)
    if not printed.columns:
        return quoter.words.say("tabled.heading_plain", unit=unit)
    return quoter.words.say("tabled.heading", unit=unit, columns=quoter.words.joined(printed.columns))


def _front(quoter: Quoter, printed: Printed) -> tuple[Block, ...]:
    words, release = quoter.words, quoter.release
    blocks: list[Block] = []
    said = [*(quoter.said(f"release:notes.{at}", note) for at, note in enumerate(release.notes))]
    said += [quoter.said(f"release:planted.{at}", note) for at, note in enumerate(release.planted)]
    if said:
        blocks.append(Notice(words.plain("front.read_first"), tuple((each,) for each in said)))
    blocks.append(_key_numbers(quoter, printed))
    blocks.append(Notice(words.plain("tabled.withheld_title"), (words.say("note.withheld", most=quoter.most_hidden),)))
    blocks.append(Paragraph(words.say("tabled.order"), "quiet"))
    return tuple(blocks)


def _key_numbers(quoter: Quoter, printed: Printed) -> KeyNumbers:
    words, loss = quoter.words, quoter.release.loss
    items: list[tuple[Sentence, Sentence, str]] = []
    everybody = next((table for table in quoter.release.tables if not table.columns), None)
    if everybody and everybody.rows[0].persons is not None:
        total = (quoter.count(everybody.id, 0, "persons"),)
        items.append((total, words.say("tabled.total", unit=large(printed.count)), "finding"))
    shown = (quoter.field("loss:shown", loss.shown, "count"),)
    cells = quoter.field("loss:cells", loss.cells, "count")
    items.append((shown, words.say("tabled.shown", cells=cells), "comparison"))
    share = (quoter.field("loss:share_large_shown", loss.share_large_shown, "percent"),)
    threshold = quoter.field("release:threshold", quoter.release.threshold, "count")
    items.append((share, words.say("tabled.large", threshold=threshold), "comparison"))
    return KeyNumbers(tuple(items))


def _picture(quoter: Quoter) -> Section:
    words, release = quoter.words, quoter.release
    parts = [
        words.say(
            "picture.alt_item",
            title=share.name,
            shown=_many(words, share.shown, f"shown({table.id})"),
            many=_many(words, share.many, f"many({table.id})"),
        )
        for share, table in zip(shares(release), release.tables, strict=False)
    ]
    tables = _many(words, len(release.tables), "many(release:tables)")
    alt = words.say("picture.alt", tables=tables, shown=words.joined(parts, "and_next"))
    figure = Figure(
        id=PICTURE, kind="bars", title=words.say("picture.title"), subtitle=words.say("picture.subtitle"), alt=alt,
        points=(), marked=Marked(), ids=tuple(table.id for table in release.tables),
    )  # fmt: skip
    blocks: list[Block] = [figure]
    rest = len(release.tables) - MOST_BARS
    if rest > 0:
        blocks.append(
            Paragraph(words.say("picture.left_out", many=_many(words, rest, "rest(release:tables)")), "quiet")
        )
    return Section(PICTURE, words.say("picture.heading"), tuple(blocks), words.plain("picture.kicker"))


def _many(words: Words, many: int, source: str) -> Run:
    return Run(words.printed(many, "count"), source, "count")


def _tables(quoter: Quoter, printed: Printed) -> Section:
    words = quoter.words
    blocks = tuple(block for table in quoter.release.tables for block in grids(quoter, table, printed))
    return Section("tables", words.say("tables.heading"), blocks, words.plain("tables.kicker"))
