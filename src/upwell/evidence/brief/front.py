"""Page one: what, how many and who, where and since when, compared with what, which lever, and what is not known."""

from __future__ import annotations

from upwell.evidence.brief import group
from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.intervals import wilson
from upwell.evidence.brief.model import Answers, Block, KeyNumbers, Notice, Run, Section, Sentence
from upwell.evidence.brief.words import begun
from upwell.evidence.disclosure.release import Gap, Pattern, QuestionText, Table

MOST_UNKNOWN = 4
MOST_RATES, MOST_KEY_RATES = 5, 3
MOST_TRENDS = 2
MOST_GAPS = 3
"""Page one is one page: of what is not known, of rates (the key ones large), trends and gaps, only so many."""


def front(quoter: Quoter) -> Section:
    """Page one, of the best pattern or of a search that found none."""
    patterns = sorted(quoter.release.patterns, key=lambda pattern: pattern.rank)
    if patterns:
        heading = begun(group.headline(quoter, patterns[0]))
        blocks = (*_notices(quoter), _key_numbers(quoter, patterns[0]), _answers(quoter, patterns[0]))
        return Section("page-one", heading, (*blocks, *_further(quoter, patterns[1:])))
    smallest = _smallest(quoter)
    if smallest is None:
        heading = quoter.words.say("front.headline_no_search")
        return Section("page-one", heading, (*_notices(quoter), _answers_nothing(quoter, None)))
    points = quoter.searched(smallest, "smallest", "points")
    heading = quoter.words.say("front.headline_nothing", points=points, people=_people(quoter, smallest))
    rates = _key_rates(quoter)
    blocks = (*_notices(quoter), *((rates,) if rates.items else ()), _answers_nothing(quoter, smallest))
    return Section("page-one", heading, blocks)


def _notices(quoter: Quoter) -> tuple[Block, ...]:
    release, words, notices = quoter.release, quoter.words, []
    if release.planted:
        notices.append(Notice(words.plain("front.invented_first"), (words.say("front.invented_short"),)))
    if not release.basis:
        notices.append(Notice(words.plain("front.read_first"), (words.say("front.no_basis_short"),), "warning"))
    if release.notes:
        items = tuple((quoter.said(f"release:notes.{i}", note),) for i, note in enumerate(release.notes))
        notices.append(Notice(words.plain("front.read_first"), items))
    return tuple(notices)


def _key_numbers(quoter: Quoter, pattern: Pattern) -> Block:
    words, question = quoter.words, quoter.questions[pattern.question]
    found = words.say(
        "front.key_share",
        yes=quoter.count(pattern.table, 0, "yes"),
        persons=quoter.count(pattern.table, 0, "persons"),
        **quoter.asked(question, "happened"),
    )
    expected = words.say("front.key_expected", baseline=words.choose("baseline_short", pattern.baseline))
    excess = words.say(
        "front.key_excess",
        low=quoter.pattern(pattern, "excess.low", "count"),
        high=quoter.pattern(pattern, "excess.high", "count"),
    )
    return KeyNumbers(
        (
            ((quoter.share(pattern.table, 0),), found, "finding"),
            ((quoter.pattern(pattern, "expected_share", "percent_whole"),), expected, "comparison"),
            ((quoter.pattern(pattern, "excess.value", "count"),), excess, "finding"),
        )
    )


def _answers(quoter: Quoter, pattern: Pattern) -> Block:
    words, question = quoter.words, quoter.questions[pattern.question]
    sized = (group.surety(quoter, pattern),)
    answers = (
        ("who", (group.who(quoter, pattern),)),
        ("where", (group.place(quoter, pattern), group.since(quoter, pattern))),
        ("compared", (*group.compared(quoter, pattern), *sized)),
        ("lever", group.lever(quoter, question)[:3]),
        ("unknown", group.unknown(quoter, pattern)[:MOST_UNKNOWN]),
    )
    return Answers(tuple((words.plain(f"front.{key}"), sentences) for key, sentences in answers))


def _further(quoter: Quoter, patterns: list[Pattern]) -> tuple[Block, ...]:
    if not patterns:
        return ()
    items = tuple(begun(group.headline(quoter, pattern)) for pattern in patterns)
    return (Answers(((quoter.words.plain("front.more"), items),)),)


def _smallest(quoter: Quoter) -> int | None:
    """The place among `searched` of the smallest effect that could have been seen; None when nothing was searched."""
    seen = [(found.smallest, i) for i, found in enumerate(quoter.release.searched) if found.smallest is not None]
    return min(seen)[1] if seen else None


def _key_rates(quoter: Quoter) -> KeyNumbers:
    """The rates that touch most people, to be read from a distance."""
    items = []
    for question in _telling(quoter)[:MOST_KEY_RATES]:
        table = quoter.of("headline", question.name)[0].id
        text = quoter.words.say(
            "front.key_rate",
            yes=quoter.count(table, 0, "yes"),
            persons=quoter.count(table, 0, "persons"),
            **quoter.asked(question, "people", "happened"),
        )
        items.append(((quoter.share(table, 0),), text, "comparison"))
    return KeyNumbers(tuple(items))


def _people(quoter: Quoter, number: int) -> Run:
    if quoter.release.searched[number].smallest_people is None:
        return Run(quoter.words.plain("label.withheld"), f"searched:{number}:smallest_people", "words", withheld=True)
    return quoter.searched(number, "smallest_people", "count")


def _answers_nothing(quoter: Quoter, smallest: int | None) -> Block:
    words, release = quoter.words, quoter.release
    place = quoter.said("release:place_words", release.place_words)
    unknown = [
        quoter.asked(question, "cannot_tell")["cannot_tell"] for question in _telling(quoter) if question.cannot_tell
    ]
    compared = (words.say("nothing.compared", baseline=words.choose("baseline", release.baseline)),)
    answers: tuple[tuple[str, tuple[Sentence, ...]], ...] = (
        ("seen", (_seen(quoter, smallest), *_not_searched(quoter))),
        ("shows", (*_rates(quoter), *_trends(quoter), *_gaps(quoter))),
        ("where", (words.say("nothing.place", place=place, **quoter.period),)),
        *((("compared", compared),) if smallest is not None else ()),
        ("lever", (words.say("nothing.lever"),)),
        ("unknown", (words.say("finding.place_limits", place=place), *((run,) for run in unknown[: MOST_UNKNOWN - 1]))),
    )
    return Answers(tuple((words.plain(f"front.{key}"), sentences) for key, sentences in answers))


def _seen(quoter: Quoter, smallest: int | None) -> Sentence:
    if smallest is None:
        return quoter.words.say("nothing.no_smallest")
    question = quoter.questions[quoter.release.searched[smallest].question]
    return quoter.words.say(
        "nothing.smallest",
        question=quoter.asked(question, "words")["words"],
        points=quoter.searched(smallest, "smallest", "points"),
        people=_people(quoter, smallest),
    )


def _not_searched(quoter: Quoter) -> tuple[Sentence, ...]:
    """That some questions stayed out of the search, where others were searched."""
    left = [found.smallest is None for found in quoter.release.searched]
    return (quoter.words.say("nothing.not_searched"),) if any(left) and not all(left) else ()


def _gaps(quoter: Quoter) -> tuple[Sentence, ...]:
    """The differences between groups that stand; or that none does, or that none could be worked out."""
    gaps = quoter.release.gaps
    standing = [gap for gap in gaps if gap.holds][:MOST_GAPS]
    if not standing:
        return (quoter.words.say("nothing.no_gaps" if gaps else "nothing.not_compared"),)
    return tuple(_gap(quoter, gap) for gap in standing)


def _gap(quoter: Quoter, gap: Gap) -> Sentence:
    table = quoter.tables[gap.table]
    return begun(
        quoter.words.say(
            "nothing.gap",
            column=quoter.said(f"table:{table.id}:column", table.column),
            group=quoter.label(table.id, gap.group),
            share=quoter.share(table.id, gap.group),
            yes=quoter.count(table.id, gap.group, "yes"),
            persons=quoter.count(table.id, gap.group, "persons"),
            reference=quoter.label(table.id, gap.reference),
            other_share=quoter.share(table.id, gap.reference),
            other_yes=quoter.count(table.id, gap.reference, "yes"),
            other_persons=quoter.count(table.id, gap.reference, "persons"),
            **quoter.asked(quoter.questions[table.question], "happened"),
        )
    )


def _trends(quoter: Quoter) -> tuple[Sentence, ...]:
    """Rates whose first and last step are apart by more than their intervals; or that there is none."""
    followed = [table for table in quoter.of("series") if len(_shown(quoter, table)) > 1]
    apart = [table for table in followed if _apart(table, *_ends(quoter, table))][:MOST_TRENDS]
    if not apart:
        return (quoter.words.say("nothing.no_trends" if followed else "nothing.not_followed"),)
    return tuple(_trend(quoter, table) for table in apart)


def _shown(quoter: Quoter, table: Table) -> list[int]:
    return [row for row in range(len(table.rows)) if quoter.value(table.id, row) is not None]


def _ends(quoter: Quoter, table: Table) -> tuple[int, int]:
    shown = _shown(quoter, table)
    return shown[0], shown[-1]


def _apart(table: Table, first: int, last: int) -> bool:
    """Whether the 95 % intervals of two rows have no share in common: stricter than a test of their difference."""
    (low, high), (other_low, other_high) = (
        wilson(table.rows[row].yes or 0, table.rows[row].persons or 0) for row in (first, last)
    )
    return high < other_low or other_high < low


def _trend(quoter: Quoter, table: Table) -> Sentence:
    first, last = _ends(quoter, table)
    return begun(
        quoter.words.say(
            "nothing.trend",
            first_label=quoter.label(table.id, first),
            first=quoter.share_and_count(table.id, first),
            last_label=quoter.label(table.id, last),
            last=quoter.share_and_count(table.id, last),
            **quoter.asked(quoter.questions[table.question], "happened"),
        )
    )


def _rates(quoter: Quoter) -> tuple[Sentence, ...]:
    """The telling rates that do not stand in large figures above."""
    return tuple(rate(quoter, question) for question in _telling(quoter)[MOST_KEY_RATES:])


def _telling(quoter: Quoter) -> list[QuestionText]:
    """The questions that most people were asked, with a rate that may be shown and is not none; most touched first."""
    told = [table for table in quoter.of("headline") if table.rows[0].yes and table.rows[0].persons]
    asked = sorted(told, key=lambda table: -(table.rows[0].persons or 0))[:MOST_RATES]
    return [quoter.questions[table.question] for table in sorted(asked, key=lambda table: -(table.rows[0].yes or 0))]


def rate(quoter: Quoter, question: QuestionText) -> Sentence:
    """The overall rate of a question in a sentence; empty where it is withheld."""
    for table in quoter.of("headline", question.name):
        if quoter.value(table.id, 0) is not None:
            return quoter.words.say(
                "rates.rate",
                share=quoter.share(table.id, 0),
                yes=quoter.count(table.id, 0, "yes"),
                persons=quoter.count(table.id, 0, "persons"),
                **quoter.asked(question, "people", "happened"),
            )
    return ()
