"""Words for a pattern: who is in it, where, how many as expected, since when. Page one and the findings use them."""

from __future__ import annotations

from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.model import Run, Sentence, text_of
from upwell.evidence.brief.words import begun, said
from upwell.evidence.disclosure.release import Pattern, QuestionText

MOST_LETTERS_ALOUD = 120
"""A group described in more letters than this is named below the headline, not in it: nobody could say it aloud."""


SHORT_WORD = 5


def described(quoter: Quoter, pattern: Pattern) -> Sentence:
    """Who the group is, as "aged 25 to 34 in Marlow Bend since Apr 2024"; empty for everyone.

    A release that does not say it in one phrase is told column by column.
    """
    if pattern.group:
        return (quoter.said(f"pattern:{pattern.rank}:group", pattern.group),)
    runs: list[Run] = []
    for position, (column, values) in enumerate(pattern.where):
        source = f"pattern:{pattern.rank}:where.{position}"
        named = [quoter.said(f"{source}.1.{number}", value) for number, value in enumerate(values)]
        runs.extend([Run("; ")] if runs else [])
        if column == quoter.release.place_words or not all(map(_speaks_for_itself, values)):
            runs.extend([quoter.said(f"{source}.0", column), Run(": ")])
        runs.extend(quoter.words.joined(named, "or"))
    return tuple(runs)


def _speaks_for_itself(value: str) -> bool:
    """Whether a value means something without its column: "aged 25 to 34" does, "yes", "other" and "2" do not."""
    return len(value) > SHORT_WORD and not value[0].isdigit()


def headline(quoter: Quoter, pattern: Pattern) -> Sentence:
    """What was found, in one sentence that can be said aloud."""
    question = quoter.questions[pattern.question]
    group = described(quoter, pattern)
    more = Run(quoter.words.more_than(pattern.ratio), f"pattern:{pattern.rank}:ratio", "words")
    key = "headline_all" if not group else "headline_group"
    if len(text_of(group)) > MOST_LETTERS_ALOUD:
        key = "headline_long"
    elif pattern.group:
        key = "headline_said"
    fields = quoter.asked(question, "people", "happened")
    return quoter.words.say(f"front.{key}", group=group, ratio=more, **fields)


def who(quoter: Quoter, pattern: Pattern) -> Sentence:
    """How many of whom, with the group spelled out."""
    question, group, words = quoter.questions[pattern.question], described(quoter, pattern), quoter.words
    counted = words.say(
        "finding.who",
        yes=quoter.count(pattern.table, 0, "yes"),
        persons=quoter.count(pattern.table, 0, "persons"),
        share=quoter.share(pattern.table, 0),
        **quoter.asked(question, "happened"),
    )
    key = "finding.group" if group else "finding.group_all"
    return said(counted, words.say(key, group=group, **quoter.asked(question, "people")))


def place(quoter: Quoter, pattern: Pattern) -> Sentence:
    """Where the people of the group sought help."""
    for position, (column, values) in enumerate(pattern.where):
        if column == quoter.release.place_words:
            source = f"pattern:{pattern.rank}:where.{position}.1"
            named = [quoter.said(f"{source}.{number}", value) for number, value in enumerate(values)]
            return quoter.words.say("finding.place_named", values=quoter.words.joined(named, "and"))
    return quoter.words.say("finding.place_all")


def since(quoter: Quoter, pattern: Pattern) -> Sentence:
    """Since when, and whether it lasts; or that it cannot be told."""
    words, source = quoter.words, f"pattern:{pattern.rank}"
    limited = _limited_in_time(quoter, pattern)
    if limited:
        began = limited
    elif not pattern.onset:
        began = words.say("finding.onset_unknown")
    else:
        names = ("onset", *(("onset_low", "onset_high") if pattern.onset_low and pattern.onset_high else ()))
        key = "finding.onset" if len(names) > 1 else "finding.onset_point"
        parts = {name.removeprefix("onset_"): quoter.said(f"{source}:{name}", getattr(pattern, name)) for name in names}
        began = words.say(key, **parts)
    lasts = {True: "persists", False: "faded", None: "persists_unknown"}[pattern.persists]
    return said(began, words.say(f"finding.{lasts}"))


def _limited_in_time(quoter: Quoter, pattern: Pattern) -> Sentence:
    """The times to which the group itself is restricted, named as the tables over time name them; empty for none."""
    time = {table.column for table in quoter.release.tables if table.steps}
    for position, (column, values) in enumerate(pattern.where):
        if column in time:
            source = f"pattern:{pattern.rank}:where.{position}.1"
            named = [quoter.said(f"{source}.{number}", value) for number, value in enumerate(values)]
            return quoter.words.say("finding.limited_in_time", values=quoter.words.joined(named, "or"))
    return ()


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
    keys += [] if pattern.onset or _limited_in_time(quoter, pattern) else ["onset_unknown_short"]
    sentences = [words.say(f"finding.{key}") for key in keys]
    if question.cannot_tell:
        sentences.append((quoter.asked(question, "cannot_tell")["cannot_tell"],))
    where = quoter.said("release:place_words", quoter.release.place_words)
    sentences.append(words.say("finding.place_limits", place=where))
    return tuple(begun(sentence) for sentence in sentences)
