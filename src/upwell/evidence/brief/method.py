"""The end of the brief: what could not be answered, what was searched, how, what is promised, where it comes from."""

from __future__ import annotations

from datetime import date

from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.lost import cost, lost
from upwell.evidence.brief.model import (
    Answers,
    Block,
    Bullets,
    Grid,
    Line,
    Notice,
    Paragraph,
    Run,
    Section,
    Sentence,
    Subheading,
)
from upwell.evidence.brief.promised import not_covered, promised
from upwell.evidence.brief.words import begun, said


def unanswerable(quoter: Quoter) -> Section:
    """Questions that the records cannot answer, each with its reason."""
    words, items = quoter.words, quoter.release.unanswerable
    heading, kicker = words.say("unanswerable.heading"), words.plain("unanswerable.kicker")
    if not items:
        return Section("unanswerable", heading, (Paragraph(words.say("unanswerable.none")),), kicker)
    sentences = tuple(
        words.say(
            "unanswerable.item",
            question=quoter.said(f"release:unanswerable.{number}.0", question),
            why=quoter.said(f"release:unanswerable.{number}.1", why),
        )
        for number, (question, why) in enumerate(items)
    )
    return Section("unanswerable", heading, (Paragraph(words.say("unanswerable.intro")), Bullets(sentences)), kicker)


def searched(quoter: Quoter) -> Section:
    """How much was looked at, question by question, and how small an effect could have been seen."""
    words, release = quoter.words, quoter.release
    looks = quoter.field("release:earlier_looks", release.earlier_looks, "count")
    blocks: list[Block] = [
        Paragraph(words.say("searched.intro")),
        Paragraph(words.say("searched.looks", looks=looks)),
    ]
    if release.searched:
        head = tuple(words.plain(f"label.{name}") for name in ("question", "persons", "reach", "smallest"))
        lines = tuple(_searched(quoter, number) for number in range(len(release.searched)))
        ids = tuple(table.id for table in quoter.of("headline"))
        power = (words.say("searched.power"),)
        blocks.append(Grid(words.say("searched.caption"), head, lines, ids, power))
    blocks += _notes(quoter)
    return Section("searched", words.say("searched.heading"), tuple(blocks), words.plain("searched.kicker"))


def _searched(quoter: Quoter, number: int) -> Line:
    words, found = quoter.words, quoter.release.searched[number]
    question = quoter.asked(quoter.questions[found.question], "words")["words"]
    persons = Run(words.plain("label.withheld"), f"searched:{number}:persons", "words", withheld=True)
    if found.persons is not None:
        persons = quoter.searched(number, "persons", "count")
    if found.smallest is None or found.smallest_people is None:
        none = words.say("searched.none")
        return Line((question,), ((persons,), none, none))
    reach = words.say("searched.reach", subsets=quoter.searched(number, "subsets", "count"))
    smallest = words.say(
        "searched.smallest",
        points=quoter.searched(number, "smallest", "points"),
        people=quoter.searched(number, "smallest_people", "count"),
    )
    return Line((question,), ((persons,), reach, smallest))


def _notes(quoter: Quoter) -> list[Block]:
    """Why questions were not searched or not fully: one sentence a reason, with the questions it holds for."""
    asked: dict[str, list[tuple[int, Run]]] = {}
    for number, found in enumerate(quoter.release.searched):
        if found.note:
            question = quoter.asked(quoter.questions[found.question], "words")["words"]
            asked.setdefault(found.note, []).append((number, question))
    items = tuple(
        quoter.words.say(
            "searched.note",
            note=begun((quoter.said(f"searched:{held[0][0]}:note", note),)),
            questions=said(*(question for _, question in held)),
        )
        for note, held in asked.items()
    )
    return [Bullets(items)] if items else []


def method(quoter: Quoter) -> Section:
    """The method in five lines."""
    words = quoter.words
    baseline = words.choose("baseline", quoter.release.baseline)
    lines = tuple(words.fill(line, baseline=baseline) for line in words.lines("method.lines"))
    return Section(
        "method", words.say("method.heading"), (Bullets(lines, numbered=True),), words.plain("method.kicker")
    )


def promise(quoter: Quoter) -> Section:
    """What protection promises, what it does not cover, and what it cost."""
    words, release = quoter.words, quoter.release
    rule = words.say(
        "promise.rule",
        protection=quoter.said("release:protection", release.protection),
        source=quoter.said("release:protection_source", release.protection_source),
    )
    blocks: list[Block] = [
        Bullets(promised(quoter)),
        Paragraph((*rule, Run(" "), quoter.said("release:protection_words", release.protection_words))),
        Paragraph((*words.say("promise.attack"), Run(" "), quoter.said("loss:attacked", release.loss.attacked))),
        Paragraph(words.say("promise.no_advice"), "quiet"),
        Subheading(words.say("promise.limits_heading"), "promise-limits"),
        Bullets(not_covered(quoter)),
        Subheading(words.say("promise.cost_heading"), "promise-cost"),
        *cost(quoter),
        *lost(quoter),
    ]
    if release.new_ledger:
        reason = quoter.said("release:new_ledger", release.new_ledger)
        blocks.append(Paragraph(words.say("promise.new_ledger", reason=reason), "caution"))
    return Section("promise", words.say("promise.heading"), tuple(blocks), words.plain("promise.kicker"), page=True)


def basis(quoter: Quoter, today: date) -> Section:
    """Where the brief comes from and how to check it."""
    words, release = quoter.words, quoter.release
    permitted = (quoter.said("release:basis", release.basis),) if release.basis else words.say("basis.no_basis")
    items: list[tuple[str, tuple[Sentence, ...]]] = [
        ("basis", (permitted,)),
        ("release", ((quoter.said("release:id", release.id),),)),
        ("signature", (words.say("basis.signature_text"),)),
        ("ledger", ((quoter.said("release:ledger_head", release.ledger_head),),)),
        ("snapshot", ((quoter.said("release:snapshot", release.snapshot),),)),
        ("seed", ((quoter.said("release:seed", str(release.seed)),),)),
        ("software", ((quoter.said("release:software", release.software),),)),
        ("made_on", ((quoter.day("release:made_on", release.made_on),),)),
        ("printed_on", ((quoter.day("today", today.isoformat()),),)),
    ]
    answers = Answers(tuple((words.plain(f"basis.{key}"), sentences) for key, sentences in items))
    blocks: list[Block] = [Paragraph(words.say("basis.question")), answers]
    if release.planted:
        planted = tuple((quoter.said(f"release:planted.{i}", text),) for i, text in enumerate(release.planted))
        text = (words.say("front.invented_text"), *planted)
        blocks.append(Notice(words.plain("front.invented"), text))
    return Section("basis", words.say("basis.heading"), tuple(blocks), words.plain("basis.kicker"))


def warning(quoter: Quoter) -> Section | None:
    """A page before page one when nobody said what permits the analysis."""
    if quoter.release.basis:
        return None
    words = quoter.words
    items = tuple(words.fill(line) for line in words.lines("warning.items"))
    blocks = (Bullets(items),)
    return Section("warning", words.say("warning.heading"), blocks, words.plain("warning.kicker"), page=True)
