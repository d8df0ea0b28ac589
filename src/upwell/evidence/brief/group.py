"""Words for a pattern: who is in it, where, how many as expected, since when. Page one and the findings use them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.model import Run, Sentence
from upwell.evidence.brief.words import begun, said
from upwell.evidence.disclosure.release import Pattern, QuestionText

LETTERS_SAID = 60
"""Who was asked is left out of a headline when it takes more letters than this: nobody could say it aloud."""


def named(quoter: Quoter, pattern: Pattern, *, aloud: bool = False) -> Sentence:
    """The people of a pattern: "adults in Marlow Bend since Apr 2024 who left a shelter".

    aloud: for a headline, which leaves out who was asked where that is long and the group itself says something.
    """
    question = quoter.questions[pattern.question]
    people, asked = _parted(question.people, quoter.words.lines("finding.clauses"))
    runs = [quoter.said(f"question:{question.name}:people", people)]
    if pattern.group:
        runs.append(quoter.said(f"pattern:{pattern.rank}:group", pattern.group))
    if asked and not (aloud and pattern.group and len(asked) > LETTERS_SAID):
        runs.append(quoter.said(f"question:{question.name}:people", asked))
    return said(*runs)


def _parted(people: str, clauses: Sequence[str]) -> tuple[str, str]:
    """ "adults" and "who left a shelter", so that a group can stand between; clauses: words that begin the second."""
    begins = re.search(rf" (?=(?:{'|'.join(map(re.escape, clauses))}) )", people)
    return (people[: begins.start()], people[begins.end() :]) if begins else (people, "")


def headline(quoter: Quoter, pattern: Pattern) -> Sentence:
    """What was found, in one sentence that can be said aloud."""
    more = Run(quoter.words.more_than(pattern.ratio), f"pattern:{pattern.rank}:ratio", "words")
    fields = quoter.asked(quoter.questions[pattern.question], "happened")
    return quoter.words.say("front.headline", group=named(quoter, pattern, aloud=True), ratio=more, **fields)


def who(quoter: Quoter, pattern: Pattern) -> Sentence:
    """How many of whom, with the group and who was asked spelled out."""
    return quoter.words.say(
        "finding.who",
        group=named(quoter, pattern),
        persons=quoter.count(pattern.table, 0, "persons"),
        yes=quoter.count(pattern.table, 0, "yes"),
        share=quoter.share(pattern.table, 0),
        **quoter.asked(quoter.questions[pattern.question], "happened"),
    )


def place(quoter: Quoter, pattern: Pattern) -> Sentence:
    """Where the people of the group sought help."""
    for position, (column, values) in enumerate(pattern.where):
        if column == quoter.release.place_words:
            source = f"pattern:{pattern.rank}:where.{position}.1"
            names = [quoter.said(f"{source}.{number}", value) for number, value in enumerate(values)]
            return quoter.words.say("finding.place_named", values=quoter.words.joined(names, "and"))
    rows = places(quoter, pattern)
    if len(rows) == 1:
        return quoter.words.say("finding.place_named", values=quoter.label(pattern.place, rows[0]))
    return quoter.words.say("finding.place_all")


def places(quoter: Quoter, pattern: Pattern) -> tuple[int, ...]:
    """Rows of the pattern's table of places in which there may be somebody; none where it has no such table."""
    if pattern.place not in quoter.tables:
        return ()
    return tuple(number for number, row in enumerate(quoter.tables[pattern.place].rows) if row.persons != 0)


def since(quoter: Quoter, pattern: Pattern) -> Sentence:
    """Since when, and whether it lasts; or that it cannot be told."""
    words, source = quoter.words, f"pattern:{pattern.rank}"
    if pattern.when:
        began = words.say("finding.limited_in_time", when=quoter.said(f"{source}:when", pattern.when))
    elif not pattern.onset:
        began = words.say("finding.onset_always" if pattern.always else "finding.onset_unknown")
    else:
        names = ("onset", *(("onset_low", "onset_high") if pattern.onset_low and pattern.onset_high else ()))
        key = "finding.onset" if len(names) > 1 else "finding.onset_point"
        parts = {name.removeprefix("onset_"): quoter.said(f"{source}:{name}", getattr(pattern, name)) for name in names}
        began = words.say(key, **parts)
    lasts = {True: "persists", False: "faded", None: "persists_unknown"}[pattern.persists]
    return said(began, words.say(f"finding.{lasts}"))


def compared(quoter: Quoter, pattern: Pattern) -> tuple[Sentence, ...]:
    """The expected share with its baseline, and everyone else."""
    words = quoter.words
    expected = words.say(
        "finding.expected",
        expected_share=quoter.pattern(pattern, "expected_share", "percent_whole"),
        expected=quoter.pattern(pattern, "expected", "count"),
        baseline=words.choose("baseline", pattern.baseline),
    )
    other = words.say(
        "finding.everyone_else",
        share=quoter.share(pattern.table, 1),
        yes=quoter.count(pattern.table, 1, "yes"),
        persons=quoter.count(pattern.table, 1, "persons"),
    )
    return expected, other


def surety(quoter: Quoter, pattern: Pattern) -> Sentence:
    """The p with what it means, or the word exploratory and no p; and whether the size is overstated."""
    words = quoter.words
    if pattern.p is None or pattern.p_from == "exploratory":
        sure = words.say("finding.p_exploratory")
    else:
        sure = words.say(f"finding.p_{pattern.p_from}", p=quoter.pattern(pattern, "p", "p"))
    return said(sure, words.say("finding.overstated")) if pattern.overstated else sure


def surety_short(quoter: Quoter, pattern: Pattern) -> Sentence:
    """The p alone, or the word exploratory: the rest of `surety` stands further down."""
    if pattern.p is None or pattern.p_from == "exploratory":
        return quoter.words.say("finding.exploratory")
    return quoter.words.say("finding.p", p=quoter.pattern(pattern, "p", "p"))


def lever(quoter: Quoter, question: QuestionText) -> tuple[Sentence, ...]:
    """Kind of barrier, levers that fit, who decides, and a proper first move."""
    words, source = quoter.words, f"question:{question.name}"
    barrier, sentences = words.barrier(question.barrier), []
    if barrier:
        sentences.append(words.say("finding.barrier", barrier=barrier["name"], meaning=barrier["meaning"]))
    for field in ("levers", "deciders"):
        values = [quoter.said(f"{source}:{field}.{i}", value) for i, value in enumerate(getattr(question, field))]
        if values:
            sentences.append(words.say(f"finding.{field}", **{field: words.joined(values, "or")}))
    if barrier:
        sentences.append(words.say("finding.first_move", move=barrier["move"]))
    return tuple(sentences)


def unknown(quoter: Quoter, pattern: Pattern) -> tuple[Sentence, ...]:
    """What is not known about a pattern, most important first."""
    words, question = quoter.words, quoter.questions[pattern.question]
    keys = ["association"]
    keys += ["exploratory_short"] if pattern.p_from == "exploratory" else []
    keys += ["size_short"] if pattern.overstated else []
    keys += ["one_agency"] if pattern.leave_one_out is False else []
    keys += {None: ["within_unknown_short"], False: ["within_disagrees_short"], True: []}[pattern.agrees]
    keys += [] if pattern.onset or pattern.when or pattern.always else ["onset_unknown_short"]
    sentences = [words.say(f"finding.{key}") for key in keys]
    if question.cannot_tell:
        sentences.append((quoter.asked(question, "cannot_tell")["cannot_tell"],))
    where = quoter.said("release:place_words", quoter.release.place_words)
    sentences.append(words.say("finding.place_limits", place=where))
    return tuple(begun(sentence) for sentence in sentences)
