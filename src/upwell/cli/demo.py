"""`upwell demo`: the whole line on an invented county, so that anybody can see what comes out before trusting it."""

from __future__ import annotations

import hashlib
import shutil
import textwrap
from datetime import date
from pathlib import Path

import click

from upwell.cli import options, planted, said, straight
from upwell.cli import story as the_story
from upwell.cli.narrate import narrator
from upwell.cli.output import Stage
from upwell.cli.record import Ask
from upwell.cli.scratch import work_folder
from upwell.evidence.disclosure.release import Release
from upwell.records.cases.synthetic.generate import generate
from upwell.records.cases.synthetic.plants import Plant, demo_plants
from upwell.records.cases.table import CaseTable
from upwell.state import folder, keys

YEARS = 3
FOUND = 0.5
"""A plant is said to be found when this share of the people in it or in the pattern are in both (Jaccard)."""

BASIS = "Invented data: nobody in it ever lived, so nobody's permission is needed."


@click.command()
@options.output("upwell-demo", "the brief and the invented export.")
@click.option("--people", default=6000, show_default=True, type=click.IntRange(100, 1_000_000), help="How many people.")
@options.seed("Same seed, same county.")
@click.option("--story/--no-story", default=True, show_default=True, help="End in the web application, to be lived.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port of its start page.")
def demo(*, output: Path, people: int, seed: int, story: bool, port: int) -> None:
    """Invent a county, plant a few public issues in it, run the whole line on it, and let you live the story.

    First the brief; then the same county is loaded into the web application, and its start page offers five people to
    be. Ctrl-C ends it. The demo has keys, a ledger and a database of its own: your agency's are not touched.

    \b
    Example:  ./upwell demo
              ./upwell demo --people 20000 --seed 7 -o demo-7
              ./upwell demo --no-story
    """
    if story:
        the_story.check(output, port)
    _brief(output, people, seed)
    if story:
        click.echo("")
        the_story.prepare(output, output / "export", seed=seed)
        the_story.live(output, port)


def _brief(output: Path, people: int, seed: int) -> None:
    """The county and its brief, in the output folder; what came out, on the terminal."""
    plants = demo_plants(seed)
    judged: list[tuple[Plant, float]] = []
    with narrator() as tell, work_folder() as work:
        export = work / "made" / "export"
        export.parent.mkdir()
        tell.step(f"Inventing a county of {people} people")
        generate(people=people, years=YEARS, seed=seed, plants=plants, out=export, progress=tell.part)

        def beside(stage: Stage, release: Release, table: CaseTable) -> None:
            judged.extend((plant, _best(plant, release, table)) for plant in plants)
            for path in export.parent.iterdir():
                shutil.move(path, stage.folder / path.name)

        home = folder.ready(work / "home")
        job = straight.Job(
            export=export,
            target=output,
            ask=Ask(seed=seed, basis=BASIS, planted=tuple(plant.words for plant in plants)),
            beside=beside,
        )
        desk = straight.Desk(home=home, keys=_keys(home, seed), work=work, tell=tell, today=date.today(), lasting=False)
        made = straight.run(job, desk)
    _tell(made.signed.release, judged, output, people)


def _keys(home: Path, seed: int) -> keys.Keys:
    """Keys that the seed gives, so that the same demo is the same to the byte. They prove nothing, and need not."""
    halves = [hashlib.sha256(f"upwell demo {half} {seed}".encode()).digest() for half in ("signing", "pseudonym")]
    return keys.put(home, signing=halves[0], pseudonym=halves[1])


def _best(plant: Plant, release: Release, table: CaseTable) -> float:
    return max((planted.overlap(plant, pattern, table) for pattern in release.patterns), default=0.0)


def _tell(release: Release, judged: list[tuple[Plant, float]], output: Path, people: int) -> None:
    today = date.fromisoformat(release.made_on)
    _say(f"An invented county of {people} people. Nobody in it ever lived.")
    _say("")
    _say(said.headline(release, today))
    for number, sentence in enumerate(said.findings(release, today), start=1):
        _say(f"{number}. {sentence}")
    _say("")
    _say("What had been planted, and whether it was found:")
    for plant, share in judged:
        found = "Found" if share >= FOUND else "Not found"
        _say(f"- {plant.words} {found} ({100 * share:.0f} % of the people are the same).")
    _say("")
    _say(f"Open first: {output / 'share' / 'brief.html'}")
    _say(f"For the case team alone: {output / 'inside'}. The invented export: {output / 'export'}")


def _say(words: str) -> None:
    click.echo(textwrap.fill(words, 100, subsequent_indent="   ", break_on_hyphens=False, break_long_words=False))
